/** Accounts whose pods run on batch nodes: properties of all shipped sites. */
import { beforeAll, describe, expect, test } from "vitest";
import { batchAccounts, changes, type BatchAccount } from "../../../docs/batchNodeMatrix";
import { runProgram } from "../../support/program";
import { shippedStacks } from "../../support/sites";

let accounts: readonly BatchAccount[];

beforeAll(async () => {
  const recordings = [];
  // One after the other: a program that runs registers its resources with the run that is recorded.
  for (const stack of shippedStacks()) recordings.push((await runProgram(stack)).recording);
  accounts = batchAccounts(recordings);
}, 300_000);

/** Names of the accounts of which something is so. */
function those(are: (account: BatchAccount) => boolean): string[] {
  return accounts.filter(are).map(({ namespace, name }) => `${namespace}/${name}`);
}

describe("accounts whose pods run on batch nodes", () => {
  test("are found by their DaemonSets, whatever the site's network, CVMFS and storage", () => {
    const names = those(() => true);
    for (const one of ["kube-flannel/flannel", "atlas-site-cvmfs/cvmfs-probe", "kube-system/kube-router"]) {
      expect(names).toContain(one);
    }
    expect(accounts.length).toBeGreaterThan(5);
  });

  test("read no Secret, make no token, and change no pod, job, rule or right", () => {
    const readsSecrets = ({ rules }: BatchAccount) =>
      rules.some(({ resources = [] }) => resources.includes("*") || resources.includes("secrets"));
    expect(those(readsSecrets)).toEqual([]);
    expect(those((account) => changes(account, /^(?!nodes|events)/).length > 0)).toEqual([]);
  });

  test("change nodes only under an admission policy of their own", () => {
    const writers = those((account) => changes(account, /^nodes(\/.*)?$/).length > 0);
    expect(writers).toEqual(["atlas-site-cvmfs/cvmfs-probe", "kube-flannel/flannel"]);
    expect(those(({ policies }) => policies.length > 0)).toEqual(writers);
  });

  test("have a token where they have rights, and nowhere else", () => {
    expect(those(({ hasToken }) => hasToken)).toEqual(those(({ rules }) => rules.length > 0));
  });
});

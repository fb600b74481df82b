/**
 * The cluster's keys in the real engine: drawn anew by every run of the program, they must stay as they were first kept,
 * until a generation asks for new ones; and nobody who reads the state may read them.
 */
import { X509Certificate } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClusterKeys, type ClusterKeysArgs } from "../../components/cluster/ClusterKeys";
import type { ClusterCas, KeyPair } from "../../components/cluster/pki";
import { Engine } from "../support/engine";

const MINUTE = 60_000;

/** What the program gives out. */
interface Kept {
  cas: ClusterCas;
  administrator: KeyPair;
  harvester: KeyPair;
  batch: string;
  services: string;
}

const first: ClusterKeysArgs = {
  siteName: "uvic",
  clients: {
    administrator: { user: "atlas-site:administrator", groups: ["kubeadm:cluster-admins"] },
    harvester: { user: "atlas-site:harvester", groups: [] },
  },
  pools: ["batch", "services"],
  credentialsGeneration: 1,
  tokensGeneration: 1,
};

let engine: Engine;
let workDir: string;
let stack: Stack;
let args = first;
let kept: Kept;

function program() {
  const keys = new ClusterKeys("cluster", args);
  return {
    cas: keys.cas,
    administrator: keys.client("administrator"),
    harvester: keys.client("harvester"),
    batch: keys.token("batch"),
    services: keys.token("services"),
  };
}

/** Runs `up`; tells what is kept after it and how many resources it changed. */
async function up(changes: Partial<ClusterKeysArgs> = {}): Promise<{ now: Kept; changed: number }> {
  args = { ...args, ...changes };
  const { outputs, summary } = await stack.up();
  const values = Object.entries(outputs).map(([name, { value, secret }]) => {
    expect([name, secret]).toEqual([name, true]);
    return [name, value as unknown];
  });
  const { same, ...others } = summary.resourceChanges ?? {};
  expect(same ?? 0).toBeGreaterThanOrEqual(0);
  return {
    now: Object.fromEntries(values) as unknown as Kept,
    changed: Object.values(others).reduce((sum, number) => sum + (number ?? 0), 0),
  };
}

beforeAll(async () => {
  engine = await Engine.open();
  workDir = join(engine.folder, "inline");
  mkdirSync(workDir);
  process.env.PATH = engine.environment.PATH;
  stack = await LocalWorkspace.createStack(
    { stackName: "keys", projectName: "atlas-site", program: () => Promise.resolve(program()) },
    { workDir, envVars: { ...engine.environment }, secretsProvider: "passphrase" },
  );
  ({ now: kept } = await up());
}, 30 * MINUTE);

afterAll(() => engine.close());

describe.sequential("the cluster's keys", () => {
  test("are real: the client's certificate is the CA's", () => {
    const ca = new X509Certificate(kept.cas.cluster.certPem);
    expect(new X509Certificate(kept.administrator.certPem).verify(ca.publicKey)).toBe(true);
    expect(kept.batch).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
  });

  test(
    "stay through the next up, which changes nothing",
    async () => {
      const { now, changed } = await up();
      expect(now).toEqual(kept);
      expect(changed).toBe(0);
    },
    MINUTE,
  );

  test(
    "a new credentialsGeneration renews every client's certificate, by the same CA; nothing else",
    async () => {
      const { now } = await up({ credentialsGeneration: 2 });
      for (const client of ["administrator", "harvester"] as const) {
        expect(now[client].keyPem).not.toBe(kept[client].keyPem);
        const ca = new X509Certificate(kept.cas.cluster.certPem);
        expect(new X509Certificate(now[client].certPem).verify(ca.publicKey)).toBe(true);
      }
      expect([now.cas, now.batch, now.services]).toEqual([kept.cas, kept.batch, kept.services]);
      kept = now;
    },
    MINUTE,
  );

  test(
    "a new tokensGeneration renews every token; nothing else",
    async () => {
      const { now } = await up({ tokensGeneration: 2 });
      expect([now.batch === kept.batch, now.services === kept.services]).toEqual([false, false]);
      expect({ ...now, batch: "", services: "" }).toEqual({ ...kept, batch: "", services: "" });
      kept = now;
    },
    MINUTE,
  );

  test(
    "another pool gets a token of its own and leaves the others theirs",
    async () => {
      const { now, changed } = await up({ pools: ["gpu", ...first.pools] });
      expect(now).toEqual(kept);
      expect(changed).toBe(1);
    },
    MINUTE,
  );

  test("are encrypted wherever the backend keeps them, now and in its history", () => {
    const { cluster, etcd, frontProxy, serviceAccount, encryptionKey } = kept.cas;
    const pems = [cluster.keyPem, etcd.keyPem, frontProxy.keyPem, serviceAccount.privatePem, kept.harvester.keyPem];
    const secrets = [...pems.map((pem) => pem.split("\n")[1]), encryptionKey, kept.batch.split(".")[1]];
    const files = engine.stateFiles();
    expect(files.some(({ text }) => text.includes("cluster-cas"))).toBe(true);
    const telling = files.filter(
      ({ text }) => /PRIVATE KEY/.test(text) || secrets.some((secret) => text.includes(secret)),
    );
    expect(telling.map(({ path }) => path)).toEqual([]);
  });

  test(
    "are encrypted in what pulumi stack export writes",
    async () => {
      // The Automation API's own export asks for the secrets in clear; an administrator's does not.
      const { output: text } = await engine.pulumi(["stack", "export", "--stack", "keys"], workDir);
      expect(text).toContain("cluster-cas");
      expect(text).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/);
      [kept.batch, kept.services].forEach((token) => expect(text).not.toContain(token.split(".")[1]));
    },
    MINUTE,
  );
});

/**
 * The pack's Pod Security policies against Kubernetes itself: the same pods to the pack and to a real API server, in a
 * namespace for each level. Both must judge every pod alike, whatever its author says.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chosenPolicies, chosenRun } from "../../policies/commands/choice";
import { manifestsBelow } from "../../policies/commands/files";
import { Field } from "../../policies/model/field";
import { isViolated, judgeObject, type SingleObjectPolicy } from "../../policies/model/judge";
import { objectsIn } from "../../policies/model/objects";
import { readYaml } from "../../policies/model/yaml";
import { MISSING_CORPUS } from "../stages/tally";
import { KubeApi } from "../support/kubeApi";
import { ROOT } from "../support/sites";

const FOLDER = join(process.env.ATLAS_SITE_CORPORA ?? join(ROOT, "../shared/corpora"), "pod-security-standards");
const VERSION = "v1.36";
const LEVELS = ["baseline", "restricted"] as const;
const present = existsSync(FOLDER);

/** The server asks for users of the pod's own with an unmasked /proc, before it asks the standards. */
const NEVER_POSSIBLE = LEVELS.flatMap((level) =>
  [0, 1].map((number) => `${level}/${VERSION}/fail/procmount${number}.yaml`),
);

let api: KubeApi;

beforeAll(async () => {
  if (!present) {
    return;
  }
  api = await KubeApi.start();
  for (const level of LEVELS) {
    const enforce = "pod-security.kubernetes.io/enforce";
    const metadata = { name: level, labels: { [enforce]: level, [`${enforce}-version`]: VERSION } };
    await api.admin.must("POST", "/api/v1/namespaces", { metadata });
    const account = `/api/v1/namespaces/${level}/serviceaccounts/default`;
    await api.until(
      `the account of namespace ${level}`,
      async () => (await api.admin.call("GET", account)).status === 200,
    );
  }
}, 3_600_000);

afterAll(() => api?.close());

type Answer = "taken" | "refused" | "refused as invalid";

/** What the server does with a pod. */
async function asked(level: string, pod: object): Promise<Answer> {
  const answer = await api.admin.call("POST", `/api/v1/namespaces/${level}/pods?dryRun=All`, pod);
  if (answer.status === 201) {
    return "taken";
  }
  if (answer.status === 403 && answer.text.includes("violates PodSecurity")) {
    return "refused";
  }
  expect([answer.status, answer.text]).toEqual([422, expect.stringContaining("is invalid")]);
  return "refused as invalid";
}

describe.each(LEVELS)("level %s", (level) => {
  test("pack and API server judge every pod alike", async (context) => {
    if (!present) {
      context.skip(`${MISSING_CORPUS}/pod-security-standards`);
    }
    const policies = chosenPolicies({ profile: level, policies: [], set: [] }) as SingleObjectPolicy[];
    const run = chosenRun({ profile: level, policies: [], set: ['podSecurityVersion="1.36"'] });
    // Pods of the other level too: for this one their folder's name says nothing, and the two must agree all the same.
    const files = LEVELS.flatMap((one) =>
      manifestsBelow(join(FOLDER, one, VERSION)).map(({ path }) => `${one}/${VERSION}/${path}`),
    );
    expect(files.length).toBe(148);
    const differing: string[] = [];
    const invalid: string[] = [];
    for (const file of files) {
      const [document] = readYaml(readFileSync(join(FOLDER, file), "utf8")).documents as { metadata: object }[];
      const [object] = objectsIn(new Field(document));
      const violated = policies.flatMap((policy) => judgeObject(policy, object, run)).filter(isViolated);
      // Some are named after their check, with an underscore, which no pod can have in its name.
      const server = await asked(level, { ...document, metadata: { ...document.metadata, name: "case" } });
      if (server === "refused as invalid") {
        invalid.push(file);
      }
      if ((server === "taken") !== (violated.length === 0)) {
        const names = violated.map(({ policy }) => policy.name);
        differing.push(`${file}: ${server} by the server, violates [${names.join(", ")}] of the pack`);
      }
    }
    console.log(`${level}: ${files.length - differing.length} of ${files.length} judged alike`);
    expect(differing).toEqual([]);
    expect(invalid).toEqual(NEVER_POSSIBLE);
  }, 120_000);
});

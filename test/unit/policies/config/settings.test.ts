/** Settings of the pack: what a file may hold, what follows from a stack file, and which of them counts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { harvesterIdentity } from "../../../../components/harvester/remoteAccess";
import * as names from "../../../../components/security/names";
import { runByUrn, settingsFrom, settingsOf } from "../../../../policies/config/load";
import { configSchema } from "../../../../policies/config/schema";
import { siteFacts } from "../../../../policies/config/siteFacts";
import { defaultSettings } from "../../../../policies/model/settings";
import { QUEUE_LABEL } from "../../../../policies/namespaces/batchNamespaces";
import { siteSchema, type Cloud } from "../../../../stacks/site/site";
import { versions } from "../../../../versions";
import { ROOT, shippedStacks } from "../../../support/sites";

const TODAY = "2026-11-25";
const EXEMPTION = {
  policies: ["no-privileged"],
  kind: "DaemonSet",
  namespace: "n",
  name: "d",
  reason: "it writes the node's packet filter",
  expires: "2027-05-31",
};

function settings(everySite?: object, stackFile?: string, thisSite?: object) {
  const text = (value?: object) => (value === undefined ? undefined : JSON.stringify(value));
  return settingsFrom({ everySite: text(everySite), stackFile, thisSite: text(thisSite) }, TODAY);
}

const QUEUE = "pool: batch, largestJob: { cores: 8, memoryMb: 14000 }";
const STACK_FILE = `
config:
  atlas-site:site: { name: s, registryPrefix: mirror.example/k8s }
  atlas-site:cluster: { provisioner: kubeadm, kubernetes: 1.36.3 }
  atlas-site:security: { imageRegistries: [registry.example/atlas] }
  atlas-site:cvmfs: { mode: host }
  atlas-site:queues:
    A-K8S: { namespace: queue-a, ${QUEUE}, image: "images.example/grid/job:1" }
    B-K8S: { namespace: queue-b, ${QUEUE}, image: "images.example/grid/job:1", seccomp: Unconfined, keepFinishedHours: 240 }
`;
const SHIPPED = "uvic-test";
const shipped = readFileSync(join(ROOT, "stacks", `Pulumi.${SHIPPED}.yaml`), "utf8");

/** The stack file with a section changed, as text of JSON, which is YAML. */
function changed(section: string, change: (value: Record<string, unknown>) => object): string {
  const file = parse(shipped, { merge: true }) as { config: Record<string, Record<string, unknown>> };
  const key = `atlas-site:${section}`;
  return JSON.stringify({ config: { ...file.config, [key]: change(file.config[key] ?? {}) } });
}

describe("a stack file", () => {
  test("gives every setting that follows from it, so that no settings file repeats it", () => {
    expect(siteFacts(STACK_FILE)).toEqual({
      addedRegistries: ["mirror.example/k8s", "registry.example/atlas", "images.example/grid", "images.example/grid"],
      batchNamespaces: ["queue-a", "queue-b"],
      unconfinedNamespaces: ["queue-b"],
      longestTtlSeconds: 240 * 3600,
      longestJobSeconds: 14 * 86_400,
      hostPaths: defaultSettings.hostPaths,
    });
  });

  test("gives what its schema has as default where a key is absent", () => {
    const facts = siteFacts(
      'config: { "atlas-site:site": { name: s }, "atlas-site:cluster": { provisioner: kubeadm }, "atlas-site:logs": { mode: otlp, endpoint: "https://a.b" }, "atlas-site:harvester": { mode: inCluster, harvesterId: h, pool: p } }',
    );
    const site = (section: keyof typeof siteSchema.shape, value: object) =>
      siteSchema.shape[section].parse(value) as Record<string, unknown>;
    expect(facts.logArchiveDays).toBe(site("logs", { mode: "otlp", endpoint: "https://a.b" }).retentionDays);
    const { namespace } = site("harvester", { mode: "inCluster", harvesterId: "h", pool: "p" });
    expect(facts.harvesters).toContainEqual({ kind: "ServiceAccount", name: "harvester", namespace });
    expect(facts.hostPaths).toEqual([]);
    expect(facts.longestTtlSeconds).toBe(defaultSettings.longestTtlSeconds);
    expect(facts.batchCores).toBeUndefined();
  });

  test("gives sizes, quota and roles of its machines; a quota of -1 is none", () => {
    const facts = siteFacts(shipped);
    const { pools, quota } = (parse(shipped, { merge: true }) as { config: { "atlas-site:cloud": Cloud } }).config[
      "atlas-site:cloud"
    ];
    const batch = Object.values(pools).filter(({ role }) => role === "batch");
    expect(facts.batchCores).toBe(batch.reduce((sum, { count, flavor }) => sum + count * flavor.vcpus, 0));
    // The rest are OpenStack's own defaults.
    expect(facts.quota).toMatchObject(quota);
    expect([...(facts.controlPlanePools ?? []), ...(facts.workerPools ?? [])].sort()).toEqual(
      Object.keys(pools).sort(),
    );
    const [{ flavor }] = batch;
    expect(facts.flavors?.[flavor.name]).toEqual({ vcpus: flavor.vcpus, ramMb: flavor.ramMb });
  });

  test.each([
    ["docker.io/library/almalinux:9", "docker.io/library"],
    ["registry.example/job:1", "registry.example/job"],
    ["docker.io/almalinux:9", "docker.io/almalinux"],
    [`registry.example:5000/a/b/c@sha256:${"0".repeat(64)}`, "registry.example:5000/a/b"],
  ])("with queue image %s allows images of %s, never of a whole registry", (image, folder) => {
    const facts = siteFacts(STACK_FILE.replaceAll("images.example/grid/job:1", image));
    expect(facts.addedRegistries.slice(2)).toEqual([folder, folder]);
  });

  test("whose accounting is on is pledged", () => {
    const accounting = { mode: "kuantifier", siteName: "S", hs06PerCore: 10 };
    expect(siteFacts(changed("accounting", () => accounting)).pledged).toBe(true);
    expect(siteFacts(changed("accounting", () => ({ mode: "none" }))).pledged).toBeUndefined();
  });

  test("that is not there, or of another program, gives nothing", () => {
    expect(siteFacts(undefined)).toEqual({ addedRegistries: [] });
    expect(siteFacts("config: { other:cvmfs: { mode: none } }")).toEqual({ addedRegistries: [] });
  });

  test("never breaks the pack, whatever it is: the program reports what is wrong with it", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `config:\n  atlas-site:cloud: ${json}`),
          fc.json().map((json) => changed("queues", () => JSON.parse(json) as object)),
        ),
        (text) => {
          expect(siteFacts(text).addedRegistries).toEqual(expect.any(Array));
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("what the pack knows of the program is what the program has: names, labels, the version of the standards", () => {
  expect(defaultSettings.harvesters).toEqual([{ kind: "User", name: harvesterIdentity.user }]);
  expect(defaultSettings.proxySecrets).toEqual([names.PROXY_SECRET]);
  expect(QUEUE_LABEL).toBe(names.QUEUE_LABEL);
  expect(`v${defaultSettings.podSecurityVersion}`).toBe(versions.podSecurity);
});

describe("settings", () => {
  test("are the pack's own where nobody says anything", () => {
    const { batchNamespaces, quota, ...rest } = settings();
    expect([batchNamespaces, quota]).toEqual([[], {}]);
    expect(rest).toMatchObject({
      podSecurityVersion: defaultSettings.podSecurityVersion,
      today: TODAY,
      exemptions: [],
    });
  });

  test("come from every site's file, then the stack file, then the site's own file", () => {
    const from = settings({ auditDays: 100, batchCores: 1, hostPaths: [], pledged: true }, STACK_FILE, {
      batchCores: 7,
    });
    expect([from.auditDays, from.batchCores, from.pledged, from.hostPaths]).toEqual([
      100,
      7,
      true,
      defaultSettings.hostPaths,
    ]);
  });

  test("add the site's registries to a list, and none to a list that lets all pass", () => {
    expect(settings({ registries: ["registry.k8s.io"] }, STACK_FILE).registries).toEqual([
      "registry.k8s.io",
      "mirror.example/k8s",
      "registry.example/atlas",
      "images.example/grid",
    ]);
    expect(settings({}, STACK_FILE).registries).toEqual([]);
  });

  test("add up exemptions and support dates", () => {
    const other = { ...EXEMPTION, name: "other" };
    const from = settings({ exemptions: [EXEMPTION], endOfLife: { "1.40": "2028-12-31" } }, undefined, {
      exemptions: [other],
    });
    expect(from.exemptions.map(({ name }) => name)).toEqual(["d", "other"]);
    expect(from.endOfLife).toMatchObject({ "1.36": "2027-06-28", "1.40": "2028-12-31" });
  });

  test.each([
    ["an unknown key", { auditDay: 90 }, 'Unrecognized key: "auditDay"'],
    [
      "a wrong value",
      { auditDays: "long" },
      'auditDays: Invalid input: expected number, received string; it is "long"',
    ],
    ["a day that is none", { exemptions: [{ ...EXEMPTION, expires: "2027-02-31x" }] }, "exemptions.0.expires: a day"],
    ["a word for a reason", { exemptions: [{ ...EXEMPTION, reason: "needed" }] }, "exemptions.0.reason: at least 20"],
    ["an exemption from nothing", { exemptions: [{ ...EXEMPTION, policies: [] }] }, "exemptions.0.policies"],
    ["an exemption without an end", { exemptions: [{ ...EXEMPTION, expires: undefined }] }, "it is absent"],
  ])("refuse %s, and say where and what was seen", (_, file, message) => {
    expect(() => settings(file)).toThrow(/^policy-config\.json cannot be used:/);
    expect(() => settings(file)).toThrow(message);
    expect(() => settings({}, "", file)).toThrow("the stack's own settings file cannot be used");
  });

  test("refuse what is no JSON", () => {
    expect(() => settingsFrom({ everySite: "{" }, TODAY)).toThrow("policy-config.json is no JSON");
  });

  test.each(shippedStacks())("of %s are read from its files", (stack) => {
    const { batchNamespaces, batchCores, registries, exemptions } = settingsOf(stack, ROOT, TODAY);
    expect(batchNamespaces.length).toBeGreaterThan(0);
    expect(batchCores).toBeGreaterThan(0);
    expect(registries).toContain("registry.k8s.io");
    expect(exemptions.length).toBeGreaterThan(0);
  });

  test("are found by the stack's name in any URN, and read once", () => {
    const run = runByUrn(ROOT, TODAY);
    const lab = run("urn:pulumi:lab::atlas-site::pulumi:pulumi:Stack::atlas-site-lab");
    expect(lab.settings.batchCores).toBe(settingsOf("lab", ROOT, TODAY).batchCores);
    expect(run("urn:pulumi:lab::atlas-site::kubernetes:core/v1:Namespace::a")).toBe(lab);
    expect(run("urn:pulumi:nobody::atlas-site::a:b:C::d").settings.batchCores).toBeUndefined();
  });
});

describe("the schema for editors", () => {
  test("describes every key, and knows every setting", () => {
    const keys = Object.entries(configSchema.shape);
    expect(keys.filter(([, key]) => (key.description ?? key.unwrap().description ?? "") === "")).toEqual([]);
    const known = keys.map(([key]) => key).filter((key) => key !== "$schema");
    const settable = Object.keys(defaultSettings).filter((key) => key !== "today");
    expect(known).toEqual(expect.arrayContaining(settable));
  });
});

test("the end of support is known of every Kubernetes minor version that the program can configure", () => {
  expect(versions.kubernetesMinors.filter((minor) => !(minor in defaultSettings.endOfLife))).toEqual([]);
});

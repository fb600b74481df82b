/** Settings of the pack: what a file may hold, what follows from a stack file, and which of them counts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runByUrn, settingsFrom, settingsOf } from "../../../../policies/config/load";
import { configSchema, configSchemaText } from "../../../../policies/config/schema";
import { siteFacts } from "../../../../policies/config/siteFacts";
import { defaultSettings } from "../../../../policies/model/settings";
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

const STACK_FILE = `
config:
  atlas-site:site: { name: s, registryPrefix: mirror.example/k8s }
  atlas-site:cluster: { provisioner: kubeadm, kubernetes: 1.36.3 }
  atlas-site:security: { imageRegistries: [registry.example/atlas] }
  atlas-site:queues:
    A-K8S: { namespace: queue-a, image: "images.example/grid/job:1" }
    B-K8S: { namespace: queue-b }
  atlas-site:cloud:
    quota: { instances: 10, cores: 80, floatingIps: 0 }
    bastion: { flavor: { name: tiny, vcpus: 1, ramMb: 1024 } }
    pools:
      control: { role: control-plane, count: 3, flavor: { name: small, vcpus: 2, ramMb: 4096 } }
      batch: { role: batch, count: 63, flavor: { name: big, vcpus: 8, ramMb: 16384 } }
      squids: { role: services, count: 2, flavor: { name: small, vcpus: 2, ramMb: 4096 } }
`;

describe("a stack file", () => {
  test("says what nobody has to say again", () => {
    expect(siteFacts(STACK_FILE)).toEqual({
      addedRegistries: ["mirror.example/k8s", "registry.example/atlas", "images.example/grid"],
      batchNamespaces: ["queue-a", "queue-b"],
      kubernetesVersion: "1.36.3",
      batchCores: 504,
      quota: { instances: 10, cores: 80, floatingIps: 0 },
      flavors: {
        small: { vcpus: 2, ramMb: 4096 },
        big: { vcpus: 8, ramMb: 16_384 },
        tiny: { vcpus: 1, ramMb: 1024 },
      },
      controlPlanePools: ["control"],
      workerPools: ["batch", "squids"],
    });
  });

  test("names Harvester's account when it runs inside", () => {
    const facts = siteFacts("config: { atlas-site:harvester: { mode: inCluster, namespace: service } }");
    expect(facts.harvesters).toContainEqual({ kind: "ServiceAccount", name: "harvester", namespace: "service" });
    // As the stack file's schema has it when nothing is said; the central one may come as a user all the while.
    expect(siteFacts("config: { atlas-site:harvester: { mode: inCluster } }").harvesters).toEqual([
      { kind: "User", name: "atlas-site:harvester" },
      { kind: "ServiceAccount", name: "harvester", namespace: "harvester-service" },
    ]);
    expect(siteFacts("config: { atlas-site:harvester: { mode: remote } }").harvesters).toBeUndefined();
  });

  test("never breaks the pack, whatever it is: that it is wrong the program says", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `config:\n  atlas-site:cloud: ${json}`),
        ),
        (text) => {
          expect(siteFacts(text).addedRegistries).toEqual(expect.any(Array));
        },
      ),
      { numRuns: 200 },
    );
  });
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
    const from = settings({ auditDays: 100, batchCores: 1, pledged: true }, STACK_FILE, { batchCores: 7 });
    expect([from.auditDays, from.batchCores, from.pledged, from.quota.cores]).toEqual([100, 7, true, 80]);
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
    expect(() => settings(file)).toThrow(/^policy-config\.json can not be used:/);
    expect(() => settings(file)).toThrow(message);
    expect(() => settings({}, "", file)).toThrow("the stack's own settings file can not be used");
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
  test("is the one the code reads by", () => {
    const file = join(ROOT, "policies", "config", "policy-config.schema.json");
    expect(readFileSync(file, "utf8"), "npm run policy:schema writes it").toBe(configSchemaText());
  });

  test("describes every key, and knows every setting", () => {
    const keys = Object.entries(configSchema.shape);
    expect(keys.filter(([, key]) => (key.description ?? key.unwrap().description ?? "") === "")).toEqual([]);
    const known = keys.map(([key]) => key).filter((key) => key !== "$schema");
    const settable = Object.keys(defaultSettings).filter((key) => key !== "today");
    expect(known).toEqual(expect.arrayContaining(settable));
  });
});

/**
 * The policy pack in the real engine, which starts it as Pulumi starts any pack: a violation of each group fails a preview
 * and is told with its remedy, a clean program passes, and a state file is judged without its program. The kubernetes
 * plugin writes its objects to a folder instead of a cluster; the openstack plugin has no cloud, and a preview asks it none.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as openstack from "@pulumi/openstack";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allPolicies } from "../../policies/all";
import { Engine } from "../support/engine";
import { ROOT } from "../support/sites";
import { CLEAN_POD, SEEDS, WITHOUT_TTL } from "./policySeeds";

const MINUTE = 60_000;
const PACK = join(ROOT, "policies");

let engine: Engine;
let stack: Stack;
let program: () => void;

/** A provider as the site has it. */
function cluster(clusterIdentifier?: string): k8s.Provider {
  return new k8s.Provider("cluster", { renderYamlToDirectory: join(engine.folder, "manifests"), clusterIdentifier });
}

function namespaced(provider: k8s.Provider): void {
  const labels = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.36",
  };
  new k8s.core.v1.Namespace("squids", { metadata: { name: "squids", labels } }, { provider });
}

function cleanProgram(): void {
  const provider = cluster("clean-1");
  namespaced(provider);
  new k8s.core.v1.Pod("clean", CLEAN_POD, { provider });
}

function seededProgram(): void {
  // Without an identifier, a new address of the API would replace every object: the seed of the group stack.
  const provider = cluster();
  const cloud = new openstack.Provider("cloud", { authUrl: "http://127.0.0.1:9/v3" });
  for (const seed of SEEDS) {
    seed.make?.({ provider, cloud });
  }
}

/** The preview's exit and all it printed. */
async function preview(): Promise<{ readonly ok: boolean; readonly output: string }> {
  let output = "";
  const onOutput = (text: string) => (output += text);
  try {
    await stack.preview({ policyPacks: [PACK], onOutput, onError: onOutput });
    return { ok: true, output };
  } catch (error) {
    return { ok: false, output: output + String(error) };
  }
}

beforeAll(async () => {
  engine = await Engine.open(["kubernetes", "openstack"]);
  const workDir = join(engine.folder, "inline");
  mkdirSync(workDir);
  process.env.PATH = engine.environment.PATH;
  stack = await LocalWorkspace.createStack(
    { stackName: "judged", projectName: "atlas-site", program: () => Promise.resolve(program()) },
    { workDir, envVars: { ...engine.environment }, secretsProvider: "passphrase" },
  );
}, 60 * MINUTE);

afterAll(() => engine.close());

describe.sequential("a preview with the pack", () => {
  test(
    "passes a clean program",
    async () => {
      program = cleanProgram;
      const { ok, output } = await preview();
      expect([ok, output]).toEqual([true, expect.stringContaining("atlas-site-policies@v")]);
      expect(output).not.toContain("[mandatory]");
    },
    5 * MINUTE,
  );

  let seeded: { readonly ok: boolean; readonly output: string };

  test(
    "fails a program with one violation of each group",
    async () => {
      program = seededProgram;
      seeded = await preview();
      expect([seeded.ok, seeded.output]).toEqual([false, expect.stringContaining("[mandatory]")]);
    },
    5 * MINUTE,
  );

  test.each(SEEDS)("tells the violation of $group, and its remedy", ({ policy, resource }) => {
    const { remediation = "" } = allPolicies.find(({ name }) => name === policy) ?? {};
    // Long lines are the engine's own business; what it breaks them at is not ours.
    const output = seeded.output.replace(/\s+/g, " ");
    expect(output).toMatch(new RegExp(`\\[mandatory\\] \\[severity: \\w+\\] ${policy} \\([^)]*: ${resource}\\)`));
    expect(output).toContain(`Remedy: ${remediation}`.replace(/\s+/g, " "));
  });
});

describe("a state file", () => {
  test(
    "is judged without its program, in a folder that is no project",
    async () => {
      const folder = join(engine.folder, "state");
      mkdirSync(folder);
      const resource = (type: string, name: string, inputs: object, custom = true) => ({
        urn: `urn:pulumi:judged::atlas-site::${type}::${name}`,
        type,
        custom,
        ...(custom ? { id: name, inputs, outputs: inputs } : {}),
      });
      const resources = [
        resource("pulumi:pulumi:Stack", "atlas-site-judged", {}, false),
        resource("kubernetes:core/v1:ConfigMap", "template", WITHOUT_TTL),
      ];
      const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
      writeFileSync(join(folder, "state.json"), JSON.stringify({ version: 3, deployment: { manifest, resources } }));
      const args = ["policy", "analyze", "--file", "state.json", "--policy-pack", PACK];
      const { code, output } = await engine.pulumi(args, folder);
      expect([code === 0, output]).toEqual([false, expect.stringContaining("ttl-after-finished")]);
      expect(output).toContain('data["job.yaml"].spec.ttlSecondsAfterFinished: the job stays for ever');
    },
    5 * MINUTE,
  );
});

/**
 * The program on the lab's cloud, from empty to empty: what a site admin does with it, through the real engine, providers,
 * OpenStack and kubeadm. One test stands on the one before, so they run in this order and the first failure ends them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenUrns } from "../support/goldenUrns";
import { ROOT } from "../support/sites";
import { inventory, labDown, type Lab } from "./lab";
import { TEST_MS } from "./patience";
import { killedDuringUp } from "./site/interruption";
import { testsInside } from "./site/insideTests";
import { KubeView } from "./site/kubeView";
import { deletesBy, etcdContains, inMachine } from "./site/machineFiles";
import { LabStack } from "./site/labStack";
import { openSite, pilotFor, raiseGenerations, runSite, submitJob } from "./site/mainJob";
import { testsLife } from "./site/lifeTests";
import { testsMonitoring } from "./site/monitoringTests";

const begun = Date.now();
/** With the time since the start, so that a run tells where its time went. */
const log = (line: string) => {
  process.stderr.write(`[${((Date.now() - begun) / 1000).toFixed(0).padStart(5)} s] ${line}\n`);
};

let lab: Lab;
let stack: LabStack;
let cluster: KubeView;
let administrator: string;
let harvester: string;
let operator: string;

/** Machines of the lab's stack file. */
const MACHINES = ["lab-control-0", "lab-services-0", "lab-batch-0", "lab-batch-1"] as const;

/** The one image in the lab's Glance. */
const IMAGE = "debian-12-kubernetes";

/** What is left in the project, kinds with nothing left out. */
async function left(): Promise<Record<string, string[]>> {
  return Object.fromEntries(Object.entries(await inventory(lab)).filter(([, names]) => names.length > 0));
}

describe.sequential("a site in the lab", { timeout: TEST_MS }, () => {
  beforeAll(async () => {
    await labDown(log);
    ({ lab, stack } = await openSite(log));
  }, 2 * TEST_MS);

  afterAll(async () => {
    await labDown(log);
  }, TEST_MS);

  it("starts from a project with nothing in it", async () => {
    expect(await left()).toEqual({});
  });

  it("comes up from an empty cloud and finishes a pilot Job sent with Harvester's kubeconfig", async () => {
    const report = await runSite(lab, stack, log);
    log(["timeline:", ...report.timeline].join("\n"));
    expect(report.job.reason).toBeUndefined();
    const files = await stack.writeKubeconfigs();
    ({ administrator, operator } = files);
    harvester = files.harvester["LAB-K8S"];
    cluster = new KubeView(lab, stack.toolchain, administrator);
    const nodes = await cluster.waitForNodes(MACHINES);
    expect(nodes.filter((node) => node.name.includes("batch")).map((node) => node.cpu)).toEqual([16, 16]);
  });

  it("is what the policies let pass, judged by the engine as it stands", async () => {
    const { stdout } = await stack.pulumi(["preview", "--policy-pack", join(ROOT, "policies")]);
    // Advice there always is, e.g. on digests of images: its absence would mean that nothing was judged.
    expect(stdout).toContain("[advisory]");
    expect(stdout).not.toContain("[mandatory]");
  });

  it("boots from user data that cloud-init's own schema accepts", async () => {
    for (const machine of ["lab-control-0", "lab-batch-0"]) {
      expect(await inMachine(lab, machine, "cloud-init", "schema", "--system")).toContain("Valid");
    }
  });

  it("keeps pods from the metadata address", async () => {
    const rules = await inMachine(lab, "lab-batch-0", "nft", "list", "table", "inet", "atlas_site_metadata");
    expect(rules).toMatch(/ip daddr 169\.254\.169\.254 .*drop/);
  });

  it("changes nothing in a second up, nor in a refresh", async () => {
    await stack.upUnchanged();
    await stack.refreshUnchanged();
    await stack.upUnchanged();
  });

  testsInside(() => ({ lab, stack, cluster, harvester, operator }), log);

  testsMonitoring(() => ({ lab, stack, cluster, harvester, operator }), log);

  it("keeps Secrets encrypted in etcd's files", () => {
    const stored = etcdContains(lab, "lab-control-0", ["k8s:enc:secretbox", "a proxy of the lab"]);
    expect(stored).toEqual({ "k8s:enc:secretbox": true, "a proxy of the lab": false });
  });

  it.each([
    ["cern", "example"],
    ["uvic", "example"],
    ["uvic-test", "example"],
  ])(
    "previews %s to the last resource, and the policies let it pass",

    async (name, passphrase) => {
      const other = new LabStack(lab, stack.toolchain, name, passphrase);
      await other.prepare();
      // The lab has one region and one image; nothing else of the shipped file is changed.
      other.edit(["atlas-site:cloud", "region"], "RegionOne");
      other.edit(["atlas-site:cloud", "image", "name"], IMAGE);
      if (other.read(["atlas-site:cloud", "bastion"]) !== undefined) {
        other.edit(["atlas-site:cloud", "bastion", "image", "name"], IMAGE);
      }
      const previewed = (await other.previewedUrns()).filter((urn) => !urn.includes("::pulumi:pulumi:Stack::"));
      log(`preview of ${name}: ${previewed.length} resources`);
      expect(previewed.sort()).toEqual(goldenUrns(name).sort());
    },
  );

  it("scales a pool 2 to 3 and back, the highest index first, and touches no other machine", async () => {
    const before = await cluster.nodes();
    stack.edit(["atlas-site:cloud", "pools", "batch", "count"], 3);
    await stack.up();
    await cluster.waitForNodes([...before.map((node) => node.name), "lab-batch-2"]);
    stack.edit(["atlas-site:cloud", "pools", "batch", "count"], 2);
    await stack.up();
    expect((await inventory(lab)).servers.map((server) => server.split(" ")[0]).sort()).toEqual(
      before.map((node) => node.name).sort(),
    );
    await cluster.kubectl("delete", "node", "lab-batch-2");
    const after = await cluster.nodes();
    expect(after.map((node) => node.uid).sort()).toEqual(before.map((node) => node.uid).sort());
  });

  testsLife(() => ({ lab, stack, cluster, harvester, operator }), log);

  it("rebuilds every machine, keeps the keys, puts every object back, and the old kubeconfigs still work", async () => {
    const old = { harvester: readFileSync(harvester, "utf8"), nodes: await cluster.nodes() };
    const urns = await stack.urns();
    raiseGenerations(stack);
    const report = await runSite(lab, stack, log);
    log(["timeline of the rebuild:", ...report.timeline].join("\n"));
    expect(report.job.reason).toBeUndefined();
    expect((await stack.outputs()).harvesterKubeconfigs["LAB-K8S"]).toBe(old.harvester);
    const nodes = await cluster.waitForNodes(old.nodes.map((node) => node.name));
    expect(nodes.map((node) => node.uid).filter((uid) => old.nodes.some((node) => node.uid === uid))).toEqual([]);
    expect((await stack.urns()).sort()).toEqual(urns.sort());
    expect(deletesBy(lab, "lab-control-0", "atlas-site:administrator")).toEqual([]);
    // Every object of the state is in the new cluster: a refresh would otherwise want to take it out of the state.
    await stack.refreshUnchanged();
    await stack.upUnchanged();
  });

  it("leaves nothing behind when it is destroyed", async () => {
    await stack.destroy();
    stack.resetFile();
    expect(await left()).toEqual({});
  });

  it("converges after a kill -9 in the middle of up, without an orphan", async () => {
    await killedDuringUp(lab, stack, log);
    await stack.pulumi(["cancel", "--yes"]);
    log(await stack.recover());
    await stack.up();
    log("up again; a pilot Job");
    const kubeconfigs = await stack.writeKubeconfigs();
    expect(await submitJob(lab, kubeconfigs.harvester["LAB-K8S"], pilotFor(stack))).toMatchObject({ succeeded: true });
    log("job done; destroying");
    const resources = await inventory(lab);
    expect(resources.servers).toHaveLength(MACHINES.length);
    expect(resources.ports.filter((port) => port.startsWith("lab-"))).toHaveLength(MACHINES.length);
    await stack.destroy();
    stack.resetFile();
    expect(await left()).toEqual({});
  });
});

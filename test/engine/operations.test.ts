/** What an operation on a machine does to a real API: its Lease, its cordon, evictions against budgets, the node's end. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { act, type Deed } from "../../stacks/site/life/act";
import { Kubectl } from "../../stacks/site/life/client";
import type { Intent } from "../../stacks/site/life/decide";
import { nodeFact, podFacts, type MachineFacts, type NodeObject, type PodObject } from "../../stacks/site/life/facts";
import {
  endOperation,
  OPERATION_LEASE,
  pauseOperation,
  underLease,
  unfinishedOperation,
} from "../../stacks/site/life/lease";
import { KubeApi } from "../support/kubeApi";
import { removeFolder } from "../support/removeFolder";
import { ensureToolchain } from "../toolchain";

const MINUTE = 60_000;
const NODE = "site-batch-0";
const folder = mkdtempSync(join(tmpdir(), "atlas-site-operations-"));
let api: KubeApi;
let kubectl: Kubectl;

const intent = (machine: string, more: Partial<Intent> = {}): Intent => ({
  kind: "replace",
  machine,
  by: "admin@desk",
  since: 0,
  urn: "urn",
  oldServer: "server-1",
  dead: false,
  evictJobs: false,
  loseVolumes: false,
  ...more,
});

beforeAll(async () => {
  const toolchain = await ensureToolchain({ only: ["kubectl"] });
  api = await KubeApi.start();
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, api.kubeconfig, { mode: 0o600 });
  kubectl = new Kubectl(kubeconfig, toolchain.binary("kubectl"));
}, 60 * MINUTE);

afterAll(async () => {
  await api?.close();
  removeFolder(folder);
}, MINUTE);

describe("the Lease of operations", () => {
  test("lets one of two operations begin that start together, and the other says who is at work", async () => {
    let finish: () => void = () => undefined;
    const working = new Promise<void>((resolve) => (finish = resolve));
    const both = [NODE, "site-batch-1"].map((machine) => underLease(kubectl, intent(machine), () => working));
    const refused = await Promise.race(
      both.map((one) =>
        one.then(
          () => "",
          (error: Error) => error.message,
        ),
      ),
    );
    expect(refused).toMatch(/is at work on this site|somebody else began an operation/);
    finish();
    const ended = await Promise.allSettled(both);
    expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await endOperation(kubectl);
  });

  test("of a killed command is taken up by the same one, which keeps what was noted, and refused to any other", async () => {
    await underLease(kubectl, intent(NODE), () => Promise.resolve());
    const held = await kubectl.run(["get", "lease", OPERATION_LEASE, "-n", "kube-system", "-o", "json"]);
    const again = intent(NODE, { oldServer: "server-2", evictJobs: true });
    // Its last renewal is a moment old: whoever renewed it may still be there.
    await expect(underLease(kubectl, again, () => Promise.resolve())).rejects.toThrow("is at work on this site");
    const stale = held.replace(/"renewTime": "[^"]*"/, '"renewTime": "2026-01-01T00:00:00.000000Z"');
    await kubectl.run(["replace", "-f", "-"], { input: stale });
    const other = underLease(kubectl, intent("site-batch-1"), () => Promise.resolve());
    await expect(other).rejects.toThrow(`an operation is unfinished: replace of ${NODE}`);
    const goal = await underLease(kubectl, again, (noted) => Promise.resolve(noted));
    expect(goal).toMatchObject({ oldServer: "server-1", evictJobs: true });
    await endOperation(kubectl);
    expect(await unfinishedOperation(kubectl)).toBeUndefined();
  });

  test("that a command lets go is taken up at once", async () => {
    await underLease(kubectl, intent(NODE), () => pauseOperation(kubectl));
    expect(await unfinishedOperation(kubectl)).toMatchObject({ machine: NODE });
    expect(await underLease(kubectl, intent(NODE), () => Promise.resolve("at once"))).toBe("at once");
    await endOperation(kubectl);
  });
});

describe("steps on a node", () => {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);

  async function facts(): Promise<MachineFacts> {
    const node = await kubectl.object<NodeObject>("node", NODE);
    const pods = await kubectl.list<PodObject>("pods", "-A", `--field-selector=spec.nodeName=${NODE}`);
    return {
      name: NODE,
      node: node === undefined ? undefined : nodeFact(node),
      pods: podFacts(pods),
      localClaims: [],
    };
  }

  const carryOut = async (step: Deed) => act(step, await facts(), intent(NODE), { stack: "site", kubectl, say });

  async function pod(name: string, labels: Record<string, string>): Promise<void> {
    await api.admin.must("POST", "/api/v1/namespaces/default/pods", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, labels },
      spec: { nodeName: NODE, containers: [{ name: "main", image: "none.example/none:1" }] },
    });
  }

  test("cordon it and note who did, so that its facts say so", async () => {
    await api.admin.must("POST", "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: NODE } });
    await carryOut({ kind: "cordon" });
    expect((await facts()).node).toMatchObject({
      cordoned: true,
      operation: "replace by admin@desk since 1970-01-01T00:00:00.000Z",
    });
  });

  test("evict what may go, and say what a disruption budget keeps", async () => {
    await pod("free", { app: "free" });
    await pod("kept", { app: "kept" });
    // Kubernetes asks no budget for a pod that does not run yet.
    const running = { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } };
    await kubectl.run(["patch", "pod", "kept", "--subresource=status", "--type=merge", "-p", JSON.stringify(running)]);
    await api.admin.must("POST", "/apis/policy/v1/namespaces/default/poddisruptionbudgets", {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "kept" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "kept" } } },
    });
    await carryOut({ kind: "evict", pods: (await facts()).pods });
    expect(said.find((line) => line.startsWith("default/kept stays for now"))).toBeDefined();
    const ending = await kubectl.list<{ metadata: { name: string; deletionTimestamp?: string } }>("pods");
    const going = ending.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    expect(going.map(({ metadata }) => metadata.name)).not.toContain("kept");
    expect(ending.length - going.length).toBe(1);
    // A pod that is gone by then is no error: the command may have been interrupted after its last eviction.
    await carryOut({ kind: "evict", pods: [{ namespace: "default", name: "gone", kind: "service" }] });
  });

  test("forget the node and every pod on it, and do no harm when repeated", async () => {
    const before = await facts();
    const step: Deed = { kind: "forget", pods: before.pods, node: true };
    await carryOut(step);
    expect(await facts()).toMatchObject({ node: undefined, pods: [] });
    await carryOut(step);
  });
});

/** The figures by which the lab judges Prometheus: they must be right by themselves, on cases small enough for a head. */
import { describe, expect, it } from "vitest";
import {
  coreHours,
  coresOf,
  deviation,
  packingEfficiency,
  spanOf,
  strandedCores,
  wallclockSuccess,
  type NodeObject,
  type PodObject,
} from "../../lab/site/siteByHand";

const time = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000).toISOString();

function pod(phase: string, cpu: string, node?: string, seconds?: number): PodObject {
  const terminated = { startedAt: time(2), finishedAt: time(seconds ?? 0) };
  return {
    metadata: { name: "a-pod", namespace: "harvester" },
    spec: { nodeName: node, containers: [{ resources: { requests: { cpu } } }] },
    status: {
      phase,
      startTime: node === undefined ? undefined : time(0),
      containerStatuses: [{ state: seconds === undefined ? {} : { terminated } }],
    },
  };
}

function node(name: string, change: { pool?: string; closed?: boolean; ready?: string } = {}): NodeObject {
  return {
    metadata: { name, labels: { "atlas-site/pool": change.pool ?? "batch" } },
    spec: { unschedulable: change.closed },
    status: { allocatable: { cpu: "16" }, conditions: [{ type: "Ready", status: change.ready ?? "True" }] },
  };
}

describe("figures by hand", () => {
  it("read cores as the API writes them", () => {
    expect(["7200m", "7.2", "16"].map(coresOf)).toEqual([7.2, 7.2, 16]);
  });

  it("take a pod's time from its start on the node to the end of its container, and only once it has ended", () => {
    expect(spanOf(pod("Succeeded", "1", "a", 62))).toEqual({ podSeconds: 62, containerSeconds: 60 });
    expect(spanOf(pod("Running", "1", "a"))).toBeUndefined();
    expect(spanOf(pod("Failed", "1"))).toBeUndefined();
  });

  it("weigh wallclock success by cores and time", () => {
    const pods = [pod("Succeeded", "8", "a", 30), pod("Failed", "1", "a", 60), pod("Running", "8", "a")];
    expect(wallclockSuccess(pods)).toBeCloseTo(240 / 300);
  });

  it("divide running cores by those of the pool's open nodes alone", () => {
    const nodes = [
      node("a"),
      node("b"),
      node("c", { closed: true }),
      node("d", { ready: "Unknown" }),
      node("s", { pool: "services" }),
    ];
    const pods = [pod("Running", "7200m", "a"), pod("Running", "800m", "b"), pod("Succeeded", "8", "b", 9)];
    expect(packingEfficiency(pods, nodes, "batch")).toBeCloseTo(8 / 32);
  });

  it("call cores stranded where a small job fits and a large one does not, and only while a large one waits", () => {
    const nodes = [node("a"), node("b"), node("crumbs"), node("empty")];
    const daemon = { ...pod("Running", "1", "b"), metadata: { name: "a-daemon", namespace: "kube-flannel" } };
    const running = [
      pod("Running", "10", "a"),
      pod("Pending", "9", "b"),
      daemon,
      pod("Running", "15.5", "crumbs"),
      pod("Succeeded", "16", "empty", 5),
    ];
    const sizes = { namespace: "harvester", small: 0.9, large: 7.2 };
    expect(strandedCores(running, nodes, sizes)).toBe(0);
    expect(strandedCores([...running, pod("Pending", "0.9")], nodes, sizes)).toBe(0);
    const elsewhere = { ...pod("Pending", "8"), metadata: { name: "large", namespace: "another" } };
    expect(strandedCores([...running, elsewhere], nodes, sizes)).toBe(0);
    expect(strandedCores([...running, pod("Pending", "7200m")], nodes, sizes)).toBeCloseTo(6 + 6);
  });

  it("count core hours in whole cores", () => {
    const pods = [pod("Succeeded", "7200m", "a", 1800), pod("Failed", "900m", "a", 3600), pod("Running", "8", "a")];
    expect(coreHours(pods, 0.9, "podSeconds")).toBeCloseTo(4 + 1);
    expect(coreHours(pods.slice(0, 1), 0.9, "containerSeconds")).toBeCloseTo((8 * 1798) / 3600);
  });

  it("measure how far off a figure is", () => {
    expect(deviation(98, 100)).toBeCloseTo(0.02);
    expect(deviation(0, 0)).toBe(0);
    expect(deviation(1, 0)).toBe(Infinity);
  });
});

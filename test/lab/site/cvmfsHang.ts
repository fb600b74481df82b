/** A node whose CVMFS hangs, from its last good answer to its return: what the probe is there for. */
import { UNREADY_TAINT } from "../../../components/cvmfs/names";
import { FRESHNESS_FILES } from "../../../components/cvmfs/probeProgram";
import type { Cvmfs } from "../../../stacks/site/site";
import type { Lab } from "../lab";
import { hangRepository, releaseRepository } from "./cvmfsStandIn";
import type { KubeView } from "./kubeView";
import { pinnedPod } from "./pinnedPod";

/** How long the pod is seen to wait after the scheduler's first word on it, in milliseconds: its node has room for it. */
const HELD_BACK_MS = 5_000;

/** What was seen. */
export interface HangReport {
  /** From the hang to the taint, in seconds. */
  readonly taintedAfter: number;
  /** Why the scheduler kept a one-core pod from the node meanwhile; undefined: it did not. */
  readonly keptAway?: string;
  /** From the end of the hang until the taint was gone, in seconds. */
  readonly freedAfter: number;
  /** From the end of the hang until that pod had run and read its file, in seconds. */
  readonly podDoneAfter: number;
}

async function tainted(cluster: KubeView, node: string): Promise<boolean> {
  const keys = await cluster.kubectl("get", "node", node, "-o", "jsonpath={.spec.taints[*].key}");
  return keys.split(" ").includes(UNREADY_TAINT.key);
}

/** Seconds until a node has, or has no more, the taint; whether that was quick enough is the caller's judgement. */
async function secondsUntil(cluster: KubeView, node: string, wanted: boolean, since: number): Promise<number> {
  await cluster.waitFor(
    `node ${node} to be ${wanted ? "tainted" : "free of the taint"}`,
    async () => ((await tainted(cluster, node)) === wanted ? true : undefined),
    () => cluster.kubectl("logs", "-n", "atlas-site-cvmfs", "-l", "app.kubernetes.io/name=cvmfs-probe", "--prefix"),
  );
  return (Date.now() - since) / 1000;
}

interface PodView {
  status: { phase: string; conditions?: { type: string; status: string; message?: string }[] };
}

/**
 * Makes one repository of a node hang and releases it. The repository is released in any case.
 * @param namespace of a queue
 */
export async function watchHang(
  lab: Lab,
  cluster: KubeView,
  node: string,
  repository: string,
  namespace: string,
  cvmfs: Cvmfs,
): Promise<HangReport> {
  const name = `one-core-${Date.now() % 1_000_000}`;
  const path = `/cvmfs/${repository}/${FRESHNESS_FILES[repository] ?? ""}`;
  const pod = async () =>
    JSON.parse(await cluster.kubectl("get", "pod", name, "-n", namespace, "-o", "json")) as PodView;
  const described = () => cluster.kubectl("describe", "pod", name, "-n", namespace);
  let released = false;
  try {
    await hangRepository(lab, node, repository);
    const taintedAfter = await secondsUntil(cluster, node, true, Date.now());
    const on = { "kubernetes.io/hostname": node };
    await cluster.apply(pinnedPod({ name, namespace, on, cvmfs, program: `print(open("${path}").read())` }));
    const judged = async () => (await pod()).status.conditions?.find(({ type }) => type === "PodScheduled");
    await cluster.waitFor(`the scheduler to say a word on pod ${namespace}/${name}`, judged, described);
    await new Promise((resolve) => setTimeout(resolve, HELD_BACK_MS));
    const scheduled = await judged();
    const keptAway = scheduled?.status === "False" ? scheduled.message : undefined;
    await releaseRepository(lab, node, repository);
    released = true;
    const since = Date.now();
    const freedAfter = await secondsUntil(cluster, node, false, since);
    await cluster.waitFor(
      `pod ${namespace}/${name} to have read ${path}`,
      async () => {
        const { phase } = (await pod()).status;
        if (phase === "Failed") throw new Error(await cluster.kubectl("logs", name, "-n", namespace));
        return phase === "Succeeded" ? true : undefined;
      },
      described,
    );
    return { taintedAfter, keptAway, freedAfter, podDoneAfter: (Date.now() - since) / 1000 };
  } finally {
    if (!released) await releaseRepository(lab, node, repository);
    await cluster.kubectl("delete", "pod", name, "-n", namespace, "--wait=false", "--ignore-not-found");
  }
}

/** The report in a line, for whoever reads the test's output. */
export function hangLine(node: string, repository: string, report: HangReport): string {
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  return (
    `CVMFS: ${repository} hung on ${node}: tainted after ${seconds(report.taintedAfter)}; ` +
    `free ${seconds(report.freedAfter)} after the hang ended, a held-back pod done after ${seconds(report.podDoneAfter)}`
  );
}

/** Packing seen at work: ten small jobs on two half-empty nodes, and whether a large one still finds a place. */
import type { Lab } from "../lab";
import { endJobs, holding } from "./heldCores";
import type { KubeView } from "./kubeView";
import type { LabStack } from "./labStack";
import { pilotFor, submitPilots } from "./mainJob";

/**
 * What each node is half filled with. Of the 15.45 cores of a batch node it requests 5.4; ten 1-core jobs request 9, an
 * 8-core job 7.2: both fit only if the ten share a node. Spread five and five they would leave no room for it.
 */
const HOLDER_CORES = 6;

/** Where the jobs went. */
export interface Placement {
  /** Nodes of the ten 1-core jobs, and how many each has. */
  readonly small: Readonly<Record<string, number>>;
  /** Node of the 8-core job. */
  readonly large: string;
  readonly nodes: readonly string[];
}

interface PodList {
  items: { metadata: { labels: Record<string, string> }; spec: { nodeName?: string } }[];
}

/**
 * Half fills two nodes, then submits ten 1-core jobs and an 8-core job by Harvester's kubeconfig. Everything is gone
 * afterwards.
 * @param nodes the two batch nodes, with no job on them
 */
export async function packJobs(
  lab: Lab,
  cluster: KubeView,
  stack: LabStack,
  harvester: string,
  nodes: readonly [string, string],
): Promise<Placement> {
  const { namespace } = pilotFor(stack);
  const submit = async (count: number, cores: number) => {
    const { jobs } = await submitPilots(lab, harvester, holding(stack, count, cores));
    return placed(
      cluster,
      namespace,
      jobs.map(({ name }) => name),
    );
  };
  try {
    for (const closed of nodes) {
      // Packing would put both on one node; the test needs one on each.
      await cluster.kubectl("cordon", closed);
      await submit(1, HOLDER_CORES);
      await cluster.kubectl("uncordon", closed);
    }
    const small: Record<string, number> = {};
    (await submit(10, 1)).forEach((node) => (small[node] = (small[node] ?? 0) + 1));
    const [large] = await submit(1, 8);
    return { small, large, nodes };
  } finally {
    await Promise.all(nodes.map((node) => cluster.kubectl("uncordon", node)));
    await endJobs(cluster, namespace);
    await cluster.waitFor(
      `no pod to be left in ${namespace}`,
      async () => {
        const left = await cluster.kubectl("get", "pods", "-n", namespace, "-o", "name");
        return left.trim() === "" ? true : undefined;
      },
      () => cluster.kubectl("get", "pods", "-n", namespace, "-o", "wide"),
    );
  }
}

/** Nodes of these jobs' pods, once every one has its node. */
function placed(cluster: KubeView, namespace: string, jobs: readonly string[]): Promise<string[]> {
  return cluster.waitFor(
    `every pod of ${jobs.join(", ")} to have a node`,
    async () => {
      const text = await cluster.kubectl("get", "pods", "-n", namespace, "-o", "json");
      const own = (JSON.parse(text) as PodList).items.filter(({ metadata }) =>
        jobs.includes(metadata.labels["job-name"]),
      );
      const nodes = own.flatMap(({ spec }) => spec.nodeName ?? []);
      return nodes.length === jobs.length ? nodes : undefined;
    },
    () => cluster.kubectl("describe", "pods", "-n", namespace),
  );
}

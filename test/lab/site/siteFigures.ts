/** Prometheus' figures of the batch system beside those worked out by hand, at a moment when nothing changes. */
import type { PrometheusClient } from "../../../stacks/site/commands/prometheusClient";
import { aligned } from "./alertLog";
import type { KubeView } from "./kubeView";
import { podsOf } from "./jobRun";
import {
  deviation,
  openNodes,
  packingEfficiency,
  strandedCores,
  wallclockSuccess,
  type NodeObject,
  type PodObject,
} from "./siteByHand";

/** A figure from both sides. */
export interface Figure {
  readonly name: string;
  readonly prometheus: number;
  readonly byHand: number;
}

/** What decides on the figures of the lab. */
export interface FigureSettings {
  /** Namespace of the queue. */
  readonly namespace: string;
  /** Pool of the queue. */
  readonly pool: string;
  /** Cores requested by a job of one core, and by one of the largest. */
  readonly small: number;
  readonly large: number;
  /** How long nothing may have changed, in seconds: two scrapes and an evaluation. */
  readonly quietSeconds: number;
}

/** Pods and nodes once they have been the same for a while. @throws Error when they never are */
async function quietObjects(
  cluster: KubeView,
  quietSeconds: number,
): Promise<{ pods: PodObject[]; nodes: NodeObject[] }> {
  let before = "";
  let since = 0;
  return cluster.waitFor(
    `${quietSeconds} s in which no pod changes`,
    async () => {
      const pods = await podsOf(cluster);
      const nodes = (JSON.parse(await cluster.kubectl("get", "nodes", "-o", "json")) as { items: NodeObject[] }).items;
      const now = pods
        .map(({ metadata, spec, status }) => [metadata.name, spec.nodeName, status.phase].join())
        .join("\n");
      if (now !== before) {
        [before, since] = [now, Date.now()];
      }
      return Date.now() - since > quietSeconds * 1000 ? { pods, nodes } : undefined;
    },
    () => Promise.resolve(`${before}\nthe same for ${((Date.now() - since) / 1000).toFixed(0)} s`),
  );
}

/** The figures. */
export async function siteFigures(
  prometheus: PrometheusClient,
  cluster: KubeView,
  { namespace, pool, small, large, quietSeconds }: FigureSettings,
): Promise<Figure[]> {
  const { pods, nodes } = await quietObjects(cluster, quietSeconds);
  const jobs = pods.filter(({ metadata }) => metadata.namespace === namespace);
  const value = async (expression: string) => {
    const samples = await prometheus.query(expression);
    return samples.length === 1 ? samples[0].value : NaN;
  };
  const figure = async (name: string, byHand: number) => ({ name, prometheus: await value(name), byHand });
  return [
    await figure("batch:wallclock_success:ratio", wallclockSuccess(jobs)),
    await figure("batch:packing_efficiency:ratio", packingEfficiency(jobs, nodes, pool)),
    await figure("batch:cores_stranded:sum", strandedCores(pods, openNodes(nodes, pool), { namespace, small, large })),
  ];
}

/** The figures as a table. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, prometheus, byHand }) => [
    name,
    prometheus.toFixed(4),
    byHand.toFixed(4),
    `${(100 * deviation(prometheus, byHand)).toFixed(2)} %`,
  ]);
  return aligned([["figure", "Prometheus", "by hand", "off by"], ...rows]);
}

/** What watching costs: memory and processor time of every container of the monitoring, by cAdvisor. */
import { SQUID_NAMESPACE } from "../../../components/cvmfs/names";
import { MONITORING_NAMESPACE, NODE_METRICS_NAMESPACE } from "../../../components/monitoring/names";
import { LOGS_NAMESPACE } from "../../../components/traceability/names";
import type { Labels, PrometheusClient, Sample } from "../../../stacks/site/commands/prometheusClient";
import { aligned } from "./alertLog";

/** One container on all nodes together. */
export interface Cost {
  readonly namespace: string;
  readonly container: string;
  /** Most working set at any moment of the time looked at, added up over its pods, in MiB. */
  readonly memoryMb: number;
  /** Mean over that time, added up over its pods. */
  readonly cores: number;
}

/** Containers by what they are for. */
export interface CostReport {
  /** Prometheus, Alertmanager, exporters. */
  readonly monitoring: readonly Cost[];
  /** What ships logs. */
  readonly logs: readonly Cost[];
}

/** Containers of the site's own that only monitoring wants, in the namespace of the squids. */
const SQUID_SIDECAR = "exporter";

/**
 * Looks back over some time.
 * @param seconds as long as every container has been there
 */
export async function costOfMonitoring(prometheus: PrometheusClient, seconds: number): Promise<CostReport> {
  const spaces = [MONITORING_NAMESPACE, NODE_METRICS_NAMESPACE, LOGS_NAMESPACE, SQUID_NAMESPACE];
  // The pause containers have no name.
  const of = (metric: string) => `${metric}{namespace=~"${spaces.join("|")}",container!=""}`;
  const by = "sum by (namespace, container)";
  const memory = await prometheus.query(
    `max_over_time((${by} (${of("container_memory_working_set_bytes")}))[${seconds}s:15s]) / 2^20`,
  );
  const cores = await prometheus.query(`${by} (rate(${of("container_cpu_usage_seconds_total")}[${seconds}s]))`);
  const all = memory
    .map(({ labels, value }) => ({ ...place(labels), memoryMb: value, cores: valueOf(cores, labels) }))
    .filter(({ namespace, container }) => namespace !== SQUID_NAMESPACE || container.includes(SQUID_SIDECAR));
  return {
    monitoring: all.filter(({ namespace }) => namespace !== LOGS_NAMESPACE),
    logs: all.filter(({ namespace }) => namespace === LOGS_NAMESPACE),
  };
}

/** Both sums of some containers. */
export function totalCost(costs: readonly Cost[]): { memoryMb: number; cores: number } {
  return {
    memoryMb: costs.reduce((sum, { memoryMb }) => sum + memoryMb, 0),
    cores: costs.reduce((sum, { cores }) => sum + cores, 0),
  };
}

/** The report as a table with its sums. */
export function costTable({ monitoring, logs }: CostReport): string {
  const row = (name: string, { memoryMb, cores }: { memoryMb: number; cores: number }) => [
    name,
    `${memoryMb.toFixed(0)} MiB`,
    `${cores.toFixed(3)} cores`,
  ];
  const lines = (costs: readonly Cost[]) => costs.map((cost) => row(`${cost.namespace} ${cost.container}`, cost));
  return aligned([
    ["container, on all nodes", "memory", "processor"],
    ...lines(monitoring),
    row("monitoring together", totalCost(monitoring)),
    ...lines(logs),
    row("log shippers together", totalCost(logs)),
  ]);
}

function place({ namespace, container }: Labels): { namespace: string; container: string } {
  return { namespace, container };
}

function valueOf(samples: readonly Sample[], { namespace, container }: Labels): number {
  const found = samples.find(({ labels }) => labels.namespace === namespace && labels.container === container);
  return found?.value ?? NaN;
}

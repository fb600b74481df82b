/** Decisions on Prometheus: what it keeps, how long a query may take, how much memory it has. */
import type { Monitoring } from "../../stacks/site/site";
import type { Resources } from "../kubernetes/resources";
import type { MonitoredSite } from "./monitoredSite";

/** Where things are in Prometheus' container. */
export const PROMETHEUS_PATHS = {
  configuration: "/etc/prometheus/configuration",
  rules: "/etc/prometheus/rules",
  data: "/prometheus",
} as const;

/** Name of the configuration among the files of its ConfigMap. */
export const PROMETHEUS_FILE = "prometheus.yaml";

/**
 * Share of the volume that stored blocks may fill, in percent. The log of the newest hours and a compaction need room
 * besides, and a full volume ends all scraping: better the oldest day goes early.
 */
const BLOCKS_PERCENT = 80;

/** Share of the memory limit at which Go collects garbage harder, in percent. */
const SOFT_LIMIT_PERCENT = 90;

/** Minutes a query may take; accounting asks for a month of every pod of a site at once. */
const QUERY_MINUTES = 2;
const ACCOUNTING_QUERY_MINUTES = 30;

/** The program's flags. Neither administration nor reload by HTTP is on: whoever reaches the port may read, no more. */
export function prometheusFlags(site: Pick<MonitoredSite, "monitoring" | "accounting">): string[] {
  const { retentionDays, volumeGb } = site.monitoring;
  const minutes = site.accounting.mode === "none" ? QUERY_MINUTES : ACCOUNTING_QUERY_MINUTES;
  return [
    `--config.file=${PROMETHEUS_PATHS.configuration}/${PROMETHEUS_FILE}`,
    `--storage.tsdb.path=${PROMETHEUS_PATHS.data}`,
    `--storage.tsdb.retention.time=${retentionDays}d`,
    `--storage.tsdb.retention.size=${Math.floor((volumeGb * 1024 * BLOCKS_PERCENT) / 100)}MB`,
    `--query.timeout=${minutes}m`,
  ];
}

/** What Prometheus asks of its node: all the memory it may have, so that it is never the one that is evicted. */
export function prometheusRequests({ memoryMb }: Pick<Monitoring, "memoryMb">): Resources {
  return { cpuMilli: 200, memoryMb };
}

/** Memory in MiB at which Go collects garbage harder, before the kernel ends the process at the limit. */
export function softMemoryLimitMb({ memoryMb }: Pick<Monitoring, "memoryMb">): number {
  return Math.floor((memoryMb * SOFT_LIMIT_PERCENT) / 100);
}

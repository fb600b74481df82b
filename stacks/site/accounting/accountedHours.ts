/** What a site's jobs used in a month, by the site's own Prometheus and independent of Kuantifier. */
import type { PrometheusClient } from "../commands/prometheusClient";
import type { Site } from "../site";
import { monthOf, inSyncAt, windowsOf, type Window } from "./month";
import { coreHours, mergedPods, total, usageOf, wallHours, type Sighting, type Usage } from "./usage";

/** A queue's month, or the whole site's. */
export interface AccountedUsage {
  /** Pods that ended well, and those that failed. */
  readonly finished: number;
  readonly failed: number;
  /** Hours from start to end, times the pod's whole cores. */
  readonly coreHours: number;
  /** Hours from start to end. */
  readonly wallHours: number;
  /** Pods that ended and could not be counted, since Prometheus saw too little of them. */
  readonly unknown: number;
}

/** A site's month. */
export interface AccountedMonth {
  /** As it is written: `2026-11`. */
  readonly month: string;
  /** Pods that ended in the month and before this time are counted; RFC 3339. */
  readonly until: string;
  /** Whether no later question can get another answer. */
  readonly settled: boolean;
  /** Since when Prometheus has data, where that is after the month's begin: what ended before is not counted; RFC 3339. */
  readonly dataSince?: string;
  /** By PanDA queue. */
  readonly queues: Readonly<Record<string, AccountedUsage & { readonly namespace: string }>>;
  readonly total: AccountedUsage;
}

/**
 * Adds up what the jobs used that ended in a month.
 * @param site its queues say whose namespaces, and what share of a core their pods request where Prometheus does not know
 * @param month such as `2026-11`, in UTC
 * @param now default: this moment; only a test says another
 * @throws Error for a site without queues, a month that is none, and whatever Prometheus refuses
 */
export async function accountedHours(
  client: Pick<PrometheusClient, "query">,
  site: Pick<Site, "queues">,
  month: string,
  now: Date = new Date(),
): Promise<AccountedMonth> {
  const queues = Object.entries(site.queues);
  if (queues.length === 0) {
    throw new Error("the site has no queue to account for; write atlas-site:queues");
  }
  const asked = monthOf(month, now);
  const namespaces = queues.map(([, { namespace }]) => namespace);
  const sightings: Sighting[] = [];
  for (const window of windowsOf(asked, now)) {
    sightings.push(await look(client, namespaces, window));
  }
  const pods = [...mergedPods(sightings).values()];
  const usages = queues.map(([name, queue]) => ({ name, queue, usage: usageOf(pods, queue, asked) }));
  const until = new Date(Math.min(now.getTime(), asked.end.getTime()));
  return {
    month,
    until: until.toISOString(),
    settled: now >= inSyncAt(asked),
    ...(await missingBefore(client, asked.start, now)),
    queues: Object.fromEntries(
      usages.map(({ name, queue, usage }) => [name, { namespace: queue.namespace, ...inHours(usage) }]),
    ),
    total: inHours(total(usages.map(({ usage }) => usage))),
  };
}

/**
 * What Prometheus saw within a window. A series of a pod ends when the pod is deleted, and a single scrape must do: so
 * every sample of the window counts, not only those that are fresh at its end. Labels of the exporter are dropped, which
 * change when its pod does.
 */
async function look(
  client: Pick<PrometheusClient, "query">,
  namespaces: readonly string[],
  { end, seconds }: Window,
): Promise<Sighting> {
  const among = `namespace=~"${namespaces.join("|")}"`;
  const seen = (series: string, labels: string, by = "") =>
    `max by (namespace, pod, uid${by}) (max_over_time(${series}{${among}${labels}}[${seconds}s]))`;
  const percent = `accounting:cpu_request:percent{${among}}`;
  const request = seen("kube_pod_container_resource_requests", ', resource="cpu", node!=""', ", container");
  return {
    starts: await client.query(seen("kube_pod_start_time", ""), end),
    ends: await client.query(seen("kube_pod_completion_time", ""), end),
    requests: await client.query(`sum by (namespace, pod, uid) (${request})`, end),
    phases: await client.query(`${seen("kube_pod_status_phase", ', phase=~"Succeeded|Failed"', ", phase")} == 1`, end),
    percents: await client.query(`min by (namespace) (min_over_time(${percent}[${seconds}s]))`, end),
  };
}

/** Since when there are data, where that is after a moment; Prometheus tells it of itself. */
async function missingBefore(
  client: Pick<PrometheusClient, "query">,
  start: Date,
  now: Date,
): Promise<{ dataSince?: string }> {
  const [oldest] = await client.query("min(prometheus_tsdb_lowest_timestamp_seconds)", now);
  if (oldest === undefined || oldest.value * 1000 <= start.getTime()) {
    return {};
  }
  // One that has just been started and has nothing yet says a time that no date can be.
  return { dataSince: new Date(Math.min(oldest.value * 1000, now.getTime())).toISOString() };
}

function inHours(usage: Usage): AccountedUsage {
  const { finished, failed, unknown } = usage;
  return { finished, failed, coreHours: coreHours(usage), wallHours: wallHours(usage), unknown };
}

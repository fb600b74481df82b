/** A month of pods as kube-state-metrics would have shown them, written as a file that promtool makes Prometheus' data of. */

/** Seconds between two scrapes, and the second of the minute in which they are. */
export const SCRAPE_SECONDS = 60;
const SCRAPE_AT = 30;

/** A pod's life. Times as RFC 3339. */
export interface PastPod {
  readonly namespace: string;
  readonly pod: string;
  readonly start: string;
  /** Absent: it still runs when the file ends. */
  readonly end?: string;
  /** Cores that it requests. */
  readonly request: number;
  readonly failed?: true;
  /** Hours that it is kept after its end. */
  readonly keptHours?: number;
  /** When kube-state-metrics itself comes anew, under another address. */
  readonly newExporterAt?: string;
}

interface Point {
  readonly labels: Readonly<Record<string, string | undefined>>;
  readonly value: number;
  readonly at: number;
}

const PHASES = ["Pending", "Running", "Succeeded", "Failed", "Unknown"];
const KEPT_HOURS = 24;

/**
 * Text of the file, in the format OpenMetrics.
 * @param until when the last scrape may be
 */
export function openMetrics(pods: readonly PastPod[], until: string): string {
  const last = seconds(until);
  const lives = pods.map((pod) => ({ pod, scrapes: scrapesOf(pod, last) }));
  const family = (name: string, points: (pod: PastPod, at: number) => Omit<Point, "at">[]) => [
    `# TYPE ${name} gauge`,
    ...lives.flatMap(({ pod, scrapes }) =>
      // Every sample of a series stands together, and in the order of time.
      transposed(scrapes.map((at) => points(pod, at).map((point) => line(name, pod, { ...point, at })))),
    ),
  ];
  return [
    ...family("kube_pod_start_time", (pod) => [{ labels: {}, value: seconds(pod.start) }]),
    ...family("kube_pod_completion_time", (pod, at) =>
      ended(pod, at) ? [{ labels: {}, value: seconds(pod.end!) }] : [],
    ),
    ...family("kube_pod_container_resource_requests", ({ request }) => [
      { labels: { container: "job-container", node: "batch-1", resource: "cpu", unit: "core" }, value: request },
      { labels: { container: "job-container", node: "batch-1", resource: "memory", unit: "byte" }, value: 2e9 },
    ]),
    ...family("kube_pod_status_phase", (pod, at) => {
      const now = !ended(pod, at) ? "Running" : pod.failed ? "Failed" : "Succeeded";
      return PHASES.map((phase) => ({ labels: { phase }, value: phase === now ? 1 : 0 }));
    }),
    "# EOF",
    "",
  ].join("\n");
}

function scrapesOf({ start, end, keptHours = KEPT_HOURS }: PastPod, last: number): number[] {
  const gone = end === undefined ? last : Math.min(last, seconds(end) + keptHours * 3600);
  const first = Math.ceil((seconds(start) - SCRAPE_AT) / SCRAPE_SECONDS) * SCRAPE_SECONDS + SCRAPE_AT;
  const count = Math.max(0, Math.floor((gone - first) / SCRAPE_SECONDS) + 1);
  return Array.from({ length: count }, (_, i) => first + i * SCRAPE_SECONDS);
}

function ended({ end }: PastPod, at: number): boolean {
  return end !== undefined && at >= seconds(end);
}

function line(name: string, { namespace, pod, newExporterAt }: PastPod, { labels, value, at }: Point): string {
  const another = newExporterAt !== undefined && at >= seconds(newExporterAt);
  const instance = another ? "10.244.0.9:8080" : "10.244.0.7:8080";
  const all = { job: "kube-state-metrics", instance, namespace, pod, uid: `uid-of-${pod}`, ...labels };
  const text = Object.entries(all).map(([label, content]) => `${label}="${content}"`);
  return `${name}{${text.join(",")}} ${value} ${at}`;
}

/** Rows to columns, and these one after another. */
function transposed(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, i) => rows.flatMap((row) => row.slice(i, i + 1))).flat();
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}

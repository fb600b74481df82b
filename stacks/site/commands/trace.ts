/**
 * `npm run site -- trace <stack> <job> [--logs FILE…]`: who made a Job, where it ran, what image, how it ended, and who else
 * had a hand in it; from the site's Prometheus and from audit logs, each as far as it still knows.
 */
import { parseArgs } from "node:util";
import { assembleTrace, knownNamespaces } from "../trace/assemble";
import { jobNamed } from "../trace/jobName";
import { jobQuery, podQuery, podsQuery, type LastValue } from "../trace/seriesAccount";
import type { Trace } from "../trace/trace";
import { traceText } from "../trace/traceText";
import { withOperatorKubeconfig } from "./stackKubeconfig";
import { PrometheusClient, withPrometheus } from "./prometheusClient";
import { readLogs, type ReadLogs } from "./traceLogs";

/** What may stand behind the stack. */
export const TRACE_OPTIONS = [
  "JOB",
  "[--logs FILE...]",
  "[--days N]",
  "[--namespace NAME]",
  "[--json]",
  "[--prometheus URL | none]",
  "[--kubeconfig FILE]",
];

/** Days that Prometheus is asked for when nobody says how many. */
const DAYS = 7;

/** What a trace is asked of. */
export interface TraceSources {
  /** The site's Prometheus; absent: it is not asked. */
  readonly prometheus?: Pick<PrometheusClient, "query">;
  /** Audit logs: files and folders; absent: none. */
  readonly logs?: readonly string[];
}

/** What narrows a trace. */
export interface TraceOptions {
  /** Namespace of the Job; needed only when several have one of its name. */
  readonly namespace?: string;
  /** Days that Prometheus is asked for; default 7. */
  readonly days?: number;
}

/**
 * Traces a Job.
 * @param job name of the Job, or number of a Harvester worker
 * @throws Error when no source knows it, or when several namespaces have one
 */
export async function traceJob(job: string, from: TraceSources, options: TraceOptions = {}): Promise<Trace> {
  const name = jobNamed(job);
  const { days = DAYS } = options;
  const logs = from.logs === undefined ? undefined : await readLogs(from.logs, name);
  const series = from.prometheus === undefined ? [] : await seriesOf(from.prometheus, name, days);
  const found = {
    events: logs?.events ?? [],
    series,
    sources: {
      ...(from.prometheus === undefined ? {} : { prometheus: { days, series: series.length } }),
      ...(logs === undefined ? {} : { audit: logs.reach }),
    },
  };
  const namespaces = knownNamespaces(found, name).filter((one) => (options.namespace ?? one) === one);
  const [namespace, ...others] = namespaces;
  if (others.length > 0) {
    throw new Error(`there are Jobs ${name} in namespaces ${namespaces.join(", ")}: say which by --namespace`);
  }
  if (namespace === undefined) {
    throw new Error(unknownJob(name, options, from, logs));
  }
  return assembleTrace(name, namespace, found);
}

/** The series of a Job, and of its pods. */
async function seriesOf(prometheus: Pick<PrometheusClient, "query">, job: string, days: number): Promise<LastValue[]> {
  const ofJob = await prometheus.query(jobQuery(job, days));
  const pods = await prometheus.query(podsQuery(job, days));
  const namespaces = [...new Set(pods.map(({ labels }) => labels.namespace ?? ""))];
  const ofPods = await Promise.all(
    namespaces.map((namespace) => {
      const names = pods
        .filter(({ labels }) => (labels.namespace ?? "") === namespace)
        .map(({ labels }) => labels.pod ?? "");
      return prometheus.query(podQuery(namespace, [...new Set(names)], days));
    }),
  );
  return [...ofJob, ...ofPods.flat()];
}

function unknownJob(
  job: string,
  { namespace, days = DAYS }: TraceOptions,
  from: TraceSources,
  logs?: ReadLogs,
): string {
  const where = namespace === undefined ? "" : ` in namespace ${namespace}`;
  const prometheus =
    from.prometheus === undefined
      ? "Prometheus was not asked"
      : `Prometheus has none in the last ${days} days (--days N)`;
  const read = logs?.reach;
  const audit =
    read === undefined
      ? "no audit log was given (--logs FILE)"
      : `the audit logs have none; they tell of ${read.from ?? "no time"} to ${read.to ?? "no time"}`;
  return `nobody knows a Job ${job}${where}: ${prometheus}, and ${audit}. docs/traceability.md says where the logs are`;
}

/**
 * Says what is known of a Job of a stack.
 * @param options as `TRACE_OPTIONS` has them
 * @throws Error that says what to fix
 */
export async function trace(stack: string, say: (line: string) => void, ...options: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: options,
    allowPositionals: true,
    options: {
      logs: { type: "string", multiple: true },
      days: { type: "string", default: String(DAYS) },
      namespace: { type: "string" },
      json: { type: "boolean", default: false },
      prometheus: { type: "string" },
      kubeconfig: { type: "string" },
    },
  });
  const [job, ...more] = positionals;
  const days = Number(values.days);
  if (job === undefined || (more.length > 0 && values.logs === undefined)) {
    throw new Error(`usage: npm run site -- trace STACK ${TRACE_OPTIONS.join(" ")}`);
  }
  if (!Number.isInteger(days) || days < 1) {
    throw new Error(`--days ${values.days}: it is a whole number from 1; write --days ${DAYS}`);
  }
  // A shell makes many names of one pattern: all that stands behind the first is a log as well.
  const logs = values.logs === undefined ? undefined : [...values.logs, ...more];
  const ask = (prometheus?: PrometheusClient) =>
    traceJob(job, { prometheus, logs }, { namespace: values.namespace, days });
  const found = await asked(stack, values, ask);
  say(values.json ? JSON.stringify({ stack, ...found }, null, 2) : traceText(found).trimEnd());
}

/** Asks the Prometheus that is named, or the site's own; `none`: no Prometheus. */
function asked<T>(
  stack: string,
  { prometheus, kubeconfig }: { prometheus?: string; kubeconfig?: string },
  ask: (prometheus?: PrometheusClient) => Promise<T>,
): Promise<T> {
  if (prometheus === "none") {
    return ask();
  }
  if (prometheus !== undefined) {
    return ask(new PrometheusClient(prometheus));
  }
  const other = "say --kubeconfig FILE, or --prometheus none to read audit logs alone";
  return kubeconfig === undefined
    ? withOperatorKubeconfig(stack, other, (path) => withPrometheus(path, ask))
    : withPrometheus(kubeconfig, ask);
}

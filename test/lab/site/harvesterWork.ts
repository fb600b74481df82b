/** What the Harvester double does, round by round; as a process of its own it is harvesterDouble.ts. */
import { parse } from "yaml";
import { PROXY_FILE, PROXY_PATH } from "../../../components/harvester/names";
import { HarvesterCalls, type Caller } from "./harvesterCalls";
import { changedJob } from "./harvesterChanges";
import type { HarvesterView } from "./harvesterJob";
import { verdictOf, type Listed, type Verdict, type WorkerState } from "./harvesterVerdict";
import { pilotsStarter, type PilotOrder } from "./pilotJob";

/** What became of a worker's Job. */
export interface JobReport {
  readonly name: string;
  readonly cores: number;
  /** Harvester's verdict. */
  readonly state: WorkerState;
  readonly succeeded: boolean;
  /** Node the pod ran on. */
  readonly node?: string;
  /** Times as the cluster wrote them down, ISO 8601. */
  readonly created?: string;
  readonly podStarted?: string;
  readonly completed?: string;
  /** Why it did not succeed, as far as the API tells. */
  readonly reason?: string;
}

/** What the double saw and did. */
export interface HarvesterReport {
  readonly jobs: readonly JobReport[];
  /** Calls by kind, e.g. `create jobs`, and how often each was made; none was refused. */
  readonly calls: Readonly<Record<string, number>>;
}

/**
 * How long a Job may be without a pod, in milliseconds, before that counts: Harvester looks every few minutes only, so it
 * does not see the moment between a Job and its pod.
 */
const PATIENCE_MS = 60_000;

/** A worker under observation. */
interface Watched {
  readonly id: number;
  readonly cores: number;
  readonly name: string;
  readonly since: number;
  /** Whether the double has already put its hand on it. */
  touched: boolean;
  pod?: Listed;
  job?: Listed;
  verdict: Verdict;
}

/**
 * Works an order off.
 * @param end milliseconds since the epoch at which it gives up on workers that have not ended
 * @throws Error when the API refuses any call
 */
export async function workOff(client: Caller, order: PilotOrder, end: number): Promise<HarvesterReport> {
  const calls = new HarvesterCalls(client, order.namespace);
  await calls.renewProxy({ [PROXY_FILE]: newProxy() });
  await calls.renewStarter(pilotsStarter(order.seconds, order.work));
  const workers = await submit(calls, order);
  const open = () => workers.filter(({ verdict }) => ["submitted", "running"].includes(verdict.state));
  while (open().length > 0 && Date.now() < end) {
    await look(calls, open());
    for (const worker of open().filter(({ verdict }) => verdict.state === "running")) {
      await touch(calls, order, worker);
    }
    if (order.leave === true) {
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  if (order.sweep === true) {
    await sweep(calls, order, workers);
  }
  return { jobs: workers.map(report), calls: calls.made };
}

/** Each renewal brings another proxy, as from a real CA: the same text again would be no change to the API. */
export function newProxy(): string {
  return `a proxy of the lab, renewed at ${new Date().toISOString()}\n`;
}

async function submit(calls: HarvesterCalls, order: PilotOrder): Promise<Watched[]> {
  const { queue, cric, mode } = order;
  const view: HarvesterView = {
    queue,
    cric,
    mode,
    harvesterId: "lab-harvester",
    proxySecretPath: `${PROXY_PATH}/${PROXY_FILE}`,
  };
  const submitted: Watched[] = [];
  for (const worker of order.workers) {
    const { workerId, cores } = worker;
    if (mode === "PUSH") {
      const files = { "pandaJobData.out": `PandaID=${workerId}\n`, "PoolFileCatalog_H.xml": "<POOLFILECATALOG/>\n" };
      await calls.createJobConfiguration(workerId, files);
    }
    // Read anew for each worker, as Harvester does: nothing of one worker gets into the next.
    const job = await calls.createJob(changedJob(parse(order.template) as object, worker, view));
    const { name } = job.metadata;
    submitted.push({
      id: workerId,
      cores,
      name,
      since: Date.now(),
      touched: false,
      job,
      verdict: { state: "submitted" },
    });
  }
  return submitted;
}

/** One round of the monitor. */
async function look(calls: HarvesterCalls, workers: readonly Watched[]): Promise<void> {
  const names = workers.map(({ name }) => name);
  const pods = await calls.listPods(names);
  const jobs = await calls.listJobs(names);
  for (const worker of workers) {
    const job = jobs.find(({ metadata }) => metadata.name === worker.name);
    const pod = pods.find(({ metadata }) => metadata.name.startsWith(`${worker.name}-`));
    const verdict = verdictOf(pod, job);
    const early = !worker.touched && Date.now() - worker.since < PATIENCE_MS;
    worker.verdict = verdict.state === "cancelled" && early ? { state: "submitted", reason: verdict.reason } : verdict;
    worker.pod = pod ?? worker.pod;
    worker.job = job ?? worker.job;
  }
}

/** Kills what is to be killed, and what is to pass for stuck. */
async function touch(calls: HarvesterCalls, order: PilotOrder, worker: Watched): Promise<void> {
  if (worker.touched) {
    return;
  }
  if (order.kill?.includes(worker.id)) {
    worker.touched = true;
    await clear(calls, order, worker);
  } else if (order.stuck?.includes(worker.id) && worker.pod !== undefined) {
    worker.touched = true;
    await calls.deletePod(worker.pod.metadata.name);
  }
}

async function sweep(calls: HarvesterCalls, order: PilotOrder, workers: readonly Watched[]): Promise<void> {
  for (const worker of workers) {
    await clear(calls, order, worker);
  }
}

/** The sweeper's way with one worker. */
async function clear(calls: HarvesterCalls, order: PilotOrder, worker: Watched): Promise<void> {
  if (order.mode === "PUSH") {
    await calls.deleteJobConfiguration(worker.id);
  }
  await calls.deleteJob(worker.name);
}

function report({ name, cores, pod, job, verdict }: Watched): JobReport {
  const ended = ["finished", "failed", "cancelled"].includes(verdict.state);
  const reason = [
    ...(ended ? [] : [`still ${verdict.state} at the deadline`]),
    ...(verdict.reason ? [verdict.reason] : []),
  ];
  return {
    name,
    cores,
    state: verdict.state,
    succeeded: verdict.state === "finished",
    node: pod?.spec?.nodeName,
    created: job?.metadata.creationTimestamp,
    podStarted: pod?.status?.startTime,
    completed: job?.status?.completionTime,
    ...(verdict.state === "finished" ? {} : { reason: reason.join("; ") }),
  };
}

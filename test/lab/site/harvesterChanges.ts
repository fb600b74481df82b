/**
 * What Harvester 0.7.5 makes of a job template before it submits it, rule by rule as its sources have it
 * (`create_job_from_yaml` of its Kubernetes plugins). Written anew for the tests: no code of Harvester is here.
 */

import type { Container, CricQueue, HarvesterView, Job, Named, PodSpec, Worker } from "./harvesterJob";

const DEFAULT_IMAGE = "atlasadc/atlas-grid-centos7";
/** What Harvester runs where the template names no command. */
const DEFAULT_COMMAND = { command: ["/usr/bin/bash"], args: ["-c", "cd; python3 $EXEC_DIR/pilots_starter.py"] };
const EXECUTABLES = "/scratch/executables";
const JOB_CONFIGURATION = "/scratch/jobconfig";
/** Four days, had the source not said 23600 for 3600. */
const DEFAULT_DEADLINE = 4 * 24 * 23_600;

/** PanDA's type of resource by cores; the memory-hungry types are left out. */
export function resourceType(cores: number): string {
  return cores === 1 ? "SCORE" : "MCORE";
}

/** The Job as Harvester submits it; the template stays as it is. */
export function changedJob(template: object, worker: Worker, view: HarvesterView): Job {
  const job = structuredClone(template) as Job;
  const { params } = view.cric;
  const pod = job.spec.template.spec;
  job.metadata.name = `${job.metadata.name}-${worker.workerId}`;
  job.spec.template.metadata = podMetadata(job.spec.template.metadata, worker, view);
  pod.containers = pod.containers.slice(0, 1);
  const [container] = pod.containers;
  container.image = text(params["k8s.host_image"]) ?? container.image ?? DEFAULT_IMAGE;
  if (container.command === undefined) {
    Object.assign(container, DEFAULT_COMMAND);
  }
  const storage = storageOf(worker, view.cric);
  setResources(container, worker, params, storage);
  setVolumes(pod, container, worker, view);
  const scratch = text(params["k8s.volumes.pilot_dir_mount"]) ?? "/pilotdir";
  (container.env ??= []).push(...environment(job.metadata.name, worker, view, scratch, storage));
  setScheduling(pod, worker, params);
  if (params["k8s.use_active_deadline_seconds"] !== false) {
    pod.activeDeadlineSeconds ??= view.cric.maxtime ?? DEFAULT_DEADLINE;
  }
  return job;
}

/** Labels are replaced, not merged; annotations stay unless CRIC has a word on eviction. */
function podMetadata(given: Record<string, unknown> | undefined, worker: Worker, { queue, cric }: HarvesterView) {
  const stay = cric.params["k8s.annotations.safe_to_evict"] === false;
  return {
    ...given,
    labels: { resourceType: resourceType(worker.cores), prodSourceLabel: "unified", pq: queue },
    ...(stay ? { annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } } : {}),
  };
}

interface Storage {
  readonly request: number;
  readonly limit: number;
}

/** MiB of ephemeral storage, by cores; undefined where CRIC has switched it off. */
function storageOf({ cores }: Worker, { maxwdir, corecount, params }: CricQueue): Storage | undefined {
  if (params["k8s.resources.use_ephemeral_storage_resource_specs"] === false) {
    return undefined;
  }
  const request = (maxwdir * cores) / corecount + number(params["k8s.resources.ephemeral_storage_offset"], 0);
  const factor = number(params["k8s.resources.limits.ephemeral_storage_limit_safety_factor"], 100);
  return { request, limit: (request * factor) / 100 };
}

/** Figures of the template win, one by one. */
function setResources(
  container: Container,
  worker: Worker,
  params: CricQueue["params"],
  storage: Storage | undefined,
): void {
  const resources = (container.resources ??= {});
  const requests = (resources.requests ??= {});
  const limits = (resources.limits ??= {});
  const ratio = number(params["k8s.resources.requests.cpu_scheduling_ratio"], 90);
  limits.cpu ??= String(worker.cores);
  requests.cpu ??= float((worker.cores * ratio) / 100);
  if (worker.memoryMb > 4) {
    const memoryRatio = number(params["k8s.resources.requests.memory_scheduling_ratio"], 100);
    requests.memory ??= `${float((worker.memoryMb * memoryRatio) / 100)}Mi`;
    if (params["k8s.resources.limits.use_memory_limit"] === true) {
      const offset = number(params["k8s.resources.limits.memory_limit_min_offset"], 0);
      const factor = number(params["k8s.resources.limits.memory_limit_safety_factor"], 100);
      limits.memory ??= `${float(Math.max(worker.memoryMb + offset, (worker.memoryMb * factor) / 100))}Mi`;
    }
  }
  if (storage !== undefined) {
    requests["ephemeral-storage"] ??= `${float(storage.request)}Mi`;
    limits["ephemeral-storage"] ??= `${float(storage.limit)}Mi`;
  }
}

/** Scratch where the template has none, the start-up script, and in push mode the job. */
function setVolumes(pod: PodSpec, container: Container, worker: Worker, { mode, cric }: HarvesterView): void {
  const volumes = (pod.volumes ??= []);
  const mounts = (container.volumeMounts ??= []);
  if (!volumes.some(({ name }) => name === "pilot-dir")) {
    volumes.push({ name: "pilot-dir", emptyDir: {} });
  }
  if (!mounts.some(({ name }) => name === "pilot-dir")) {
    const mountPath = text(cric.params["k8s.volumes.pilot_dir_mount"]) ?? "/pilotdir";
    mounts.push({ name: "pilot-dir", mountPath });
  }
  volumes.push({ name: "pilots-starter", configMap: { name: "pilots-starter" } });
  mounts.push({ name: "pilots-starter", mountPath: EXECUTABLES });
  if (mode === "PUSH") {
    volumes.push({ name: "job-config", configMap: { name: String(worker.workerId) } });
    mounts.push({ name: "job-config", mountPath: JOB_CONFIGURATION });
  }
}

function environment(
  jobName: string,
  { workerId, cores }: Worker,
  { queue, mode, harvesterId, proxySecretPath }: HarvesterView,
  scratch: string,
  storage: Storage | undefined,
): Named[] {
  const variables: Record<string, string> = {
    computingSite: queue,
    pandaQueueName: queue,
    resourceType: resourceType(cores),
    prodSourceLabel: "unified",
    jobType: "unified",
    pilotType: "PR",
    pilotUrlOpt: "",
    pythonOption: "",
    pilotVersion: "",
    proxySecretPath,
    PANDA_AUTH_ORIGIN: "atlas.pilot",
    PANDA_AUTH_DIR: "",
    PANDA_AUTH_TOKEN: "",
    PANDA_AUTH_TOKEN_KEY: "",
    workerID: String(workerId),
    logs_frontend_w: "https://pandacache.invalid/server/panda",
    logs_frontend_r: "https://pandacache.invalid/cache",
    PANDA_JSID: `harvester-${harvesterId}`,
    HARVESTER_WORKER_ID: String(workerId),
    HARVESTER_ID: harvesterId,
    submit_mode: mode,
    EXEC_DIR: EXECUTABLES,
    TMPDIR: scratch,
    HOME: scratch,
    K8S_JOB_ID: jobName,
    ...(storage === undefined
      ? {}
      : { storageRequestMiB: float(storage.request), storageLimitMiB: float(storage.limit) }),
  };
  return [
    ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    { name: "PANDA_HOSTNAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
  ];
}

/** Affinity and priority only where the template has none. */
function setScheduling(pod: PodSpec, { cores }: Worker, params: CricQueue["params"]): void {
  const type = resourceType(cores);
  const pack = params["k8s.scheduler.use_score_mcore_affinity"] !== false && type === "SCORE";
  if (pod.affinity === undefined && pack) {
    const term = {
      labelSelector: { matchExpressions: [{ key: "resourceType", operator: "In", values: ["SCORE", "MCORE"] }] },
      topologyKey: "kubernetes.io/hostname",
    };
    pod.affinity = {
      podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
    };
  }
  const general = "k8s.scheduler.priorityClassName";
  const priority = text(params[`${general}.${type.toLowerCase()}`]) ?? text(params[general]);
  if (priority !== undefined) {
    pod.priorityClassName ??= priority;
  }
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** As Python writes the result of a division: with a decimal point, always. */
function float(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

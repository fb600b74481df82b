/** What kube-state-metrics says of nodes and pods, as series of a case. */
import { steady, type Labels, type Scraped } from "./ruleCase";

/** A series with its labels. */
export function named(metric: string, labels: Labels): string {
  return `${metric}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`;
}

/** A node; everything may be given as promtool writes values. */
export interface NodeFacts {
  readonly cores?: number;
  readonly ready?: string;
  readonly cordoned?: string;
}

/** Series of a node: Ready, with 7.7 cores to give, unless the facts say otherwise. */
export function node(name: string, { cores = 7.7, ready = steady(1), cordoned = steady(0) }: NodeFacts = {}): Scraped {
  const ofNode = { node: name };
  return {
    [named("kube_node_info", ofNode)]: steady(1),
    [named("kube_node_status_allocatable", { ...ofNode, resource: "cpu", unit: "core" })]: steady(cores),
    [named("kube_node_status_condition", { ...ofNode, condition: "Ready", status: "true" })]: ready,
    [named("kube_node_spec_unschedulable", ofNode)]: cordoned,
  };
}

/** A pod; times in seconds after the first scrape. */
export interface PodFacts {
  readonly namespace?: string;
  readonly node?: string;
  readonly request?: number;
  readonly phase?: "Pending" | "Running" | "Succeeded" | "Failed";
  readonly created?: number;
  readonly started?: number;
  readonly completed?: number;
}

/** Series of a pod of the queue in `harvester`. */
export function pod(name: string, facts: PodFacts): Scraped {
  const {
    namespace = "harvester",
    node: on,
    request = 0.9,
    phase = "Running",
    created = 0,
    started,
    completed,
  } = facts;
  const ofPod = { namespace, pod: name, uid: `uid-${name}` };
  const time = (metric: string, value: number | undefined): Scraped =>
    value === undefined ? {} : { [named(metric, ofPod)]: steady(value) };
  const phases = ["Pending", "Running", "Succeeded", "Failed"].map((one) => [
    named("kube_pod_status_phase", { ...ofPod, phase: one }),
    steady(one === phase ? 1 : 0),
  ]);
  const cpu = { ...ofPod, container: "main", resource: "cpu", unit: "core", ...(on === undefined ? {} : { node: on }) };
  return {
    ...(Object.fromEntries(phases) as Scraped),
    [named("kube_pod_container_resource_requests", cpu)]: steady(request),
    ...time("kube_pod_created", created),
    ...time("kube_pod_start_time", started),
    ...time("kube_pod_completion_time", completed),
  };
}

/** Series of a Job. */
export function job(
  name: string,
  facts: { active?: number; result?: "complete" | "failed"; created?: number },
): Scraped {
  const ofJob = { namespace: "harvester", job_name: name };
  const { active = 0, result, created = 0 } = facts;
  return {
    [named("kube_job_status_active", ofJob)]: steady(active),
    [named("kube_job_created", ofJob)]: steady(created),
    ...(result === undefined ? {} : { [named(`kube_job_${result}`, { ...ofJob, condition: "true" })]: steady(1) }),
  };
}

/** Several Jobs that ended alike. */
export function endedJobs(count: number, result: "complete" | "failed"): Scraped {
  const each = Array.from({ length: count }, (_, index) => job(`${result}-${index}`, { result }));
  return Object.assign({}, ...each) as Scraped;
}

/** The two batch nodes of the small site, with their daemons' requests of a quarter of a core. */
export const twoNodes: Scraped = {
  ...node("hosting-batch-0"),
  ...node("hosting-batch-1"),
  ...pod("daemon-0", { namespace: "kube-system", node: "hosting-batch-0", request: 0.25 }),
  ...pod("daemon-1", { namespace: "kube-system", node: "hosting-batch-1", request: 0.25 }),
};

/** A job of one core on each of the two nodes. */
export const spread: Scraped = {
  ...twoNodes,
  ...pod("one-0", { node: "hosting-batch-0", started: 0 }),
  ...pod("one-1", { node: "hosting-batch-1", started: 0 }),
};

/** A job of eight cores that no node has taken. */
export const largeWaits = pod("large", { request: 7.2, phase: "Pending" });

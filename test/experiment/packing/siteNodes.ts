/** What the experiment takes from the site: its batch nodes, its scheduler's configuration, and its jobs. */
import { parse, stringify } from "yaml";
import { planPools, type MachinePlan } from "../../../components/cloud/plan";
import { nodeRoom, jobSize, slotsPerNode, type NodeRoom } from "../../../components/harvester/capacity";
import { harvesterHandover } from "../../../components/harvester/handover";
import { schedulerConfig } from "../../../components/cluster/kubeadm/controlPlaneFiles";
import { nodeMarks } from "../../../components/cluster/kubeadm/clusterPlan";
import type { Pool, Queue, Site } from "../../../stacks/site/site";
import { changedJob } from "../../lab/site/harvesterChanges";
import type { CricQueue, Job } from "../../lab/site/harvesterJob";
import { known } from "../../support/componentArgs";
import type { Shape } from "./replay";

/**
 * Variable of Harvester's that carries a job's duration here, e.g. `45s`, for kwok to end the pod after it: no pilot reads it, and the
 * site's rules let a Job have no annotation that would.
 */
export const DURATION_VARIABLE = "pythonOption";

/** The batch part of a site. */
export interface BatchSite {
  readonly site: Site;
  readonly queueName: string;
  readonly queue: Queue;
  readonly pool: Pool;
  readonly machines: readonly MachinePlan[];
  readonly room: NodeRoom;
  readonly shape: Shape;
}

/**
 * The first queue of a site, and the pool it runs on.
 * @param more other machines for the pool, to try a size that no shipped site has
 * @throws Error when the program does not create the site's machines
 */
export function batchSite(given: Site, more: Partial<Pick<Pool, "count" | "flavor">> = {}): BatchSite {
  const [queueName, queue] = Object.entries(given.queues)[0];
  const pools = given.cloud?.pools;
  if (given.cloud === undefined || pools?.[queue.pool] === undefined) {
    throw new Error(`site ${given.site.name} has no pool of machines for queue ${queueName}; choose a kubeadm site`);
  }
  const pool: Pool = { ...pools[queue.pool], ...more };
  // A larger pool needs more addresses than the site's own block; no traffic ever reaches them here.
  const addresses = more.count === undefined ? pool.addresses : "10.128.0.0/16";
  const cloud = { ...given.cloud, pools: { ...pools, [queue.pool]: { ...pool, addresses } } };
  const site: Site = { ...given, cloud };
  const { capabilities, load } = known(site);
  const { nodes } = capabilities;
  if (nodes === undefined) {
    throw new Error(`the settings of the nodes of site ${given.site.name} are unknown`);
  }
  const room = nodeRoom(load, pool, nodes);
  const slots = slotsPerNode(room, jobSize(queue, 1));
  const machines = planPools(site.site.name, cloud).find(({ name }) => name === queue.pool)!.machines;
  const shape = { nodes: machines.length, slots, large: queue.largestJob.cores };
  return { site, queueName, queue, pool, machines, room, shape };
}

/**
 * A machine's node as it is once the CVMFS probe has removed the start-up taint. What the site's daemons request is taken off its
 * allocatable resources, since no daemon runs here.
 */
export function nodeOf({ pool, room }: BatchSite, machine: MachinePlan): object {
  const amounts = {
    cpu: `${room.cpuMilli}m`,
    memory: `${room.memoryMb}Mi`,
    "ephemeral-storage": `${(pool.bootVolumeGb ?? pool.flavor.diskGb) * 900}M`,
    pods: String(room.pods),
  };
  const zone = machine.zone === undefined ? {} : { "topology.kubernetes.io/zone": machine.zone };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: machine.name,
      labels: {
        ...nodeMarks({ additions: () => ({ files: [], commands: [], taints: [] }) }, machine, pool).labels,
        ...zone,
        "kubernetes.io/hostname": machine.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
      },
    },
    spec: { taints: pool.taints.map(({ key, value, effect }) => ({ key, value, effect })) },
    status: { allocatable: amounts, capacity: { ...amounts, cpu: String(pool.flavor.vcpus) } },
  };
}

/** How nodes are chosen: by Kubernetes' own default, or by the site's configuration. */
export type Profile = "default" | "packing";

/** Requests per second of the scheduler and of the controller manager: the site's, or Kubernetes' own. */
export type Rates = "site" | "stock";

/** Configuration of the scheduler: the site's as it is rendered for the control plane, or the same without its profile. */
export function schedulerFile(profile: Profile, kubeconfig: string, rates: Rates = "site"): string {
  const { profiles, percentageOfNodesToScore, clientConnection, ...rest } = parse(schedulerConfig()) as {
    profiles: object[];
    percentageOfNodesToScore: number;
    clientConnection: object;
  };
  return stringify({
    ...rest,
    clientConnection: rates === "site" ? { ...clientConnection, kubeconfig } : { kubeconfig },
    leaderElection: { leaderElect: false },
    ...(profile === "packing" ? { profiles, percentageOfNodesToScore } : {}),
  });
}

/** Makes the Job with a number, of so many cores and hours. */
export type JobMaker = (id: number, cores: number, hours: number) => Job;

/**
 * Jobs as Harvester submits them to the site's first queue.
 * @param compression seconds of the site's time in one second: durations and the time finished Jobs are kept are divided by it
 */
export function jobMaker({ site, queueName, queue }: BatchSite, compression: number): JobMaker {
  const { jobTemplate, cric } = harvesterHandover(known(site))[queueName];
  const template = parse(jobTemplate) as object;
  const mode = queue.workflow === "push" ? ("PUSH" as const) : ("PULL" as const);
  const view = {
    queue: queueName,
    cric: cric as CricQueue,
    mode,
    harvesterId: "experiment",
    proxySecretPath: "/proxy/x509up_u25606_prod",
  };
  const ttl = Math.ceil((queue.keepFinishedHours * 3600) / compression);
  return (id, cores, hours) => {
    const memoryMb = Math.floor((queue.largestJob.memoryMb * cores) / queue.largestJob.cores);
    const job = changedJob(template, { workerId: id, cores, memoryMb }, view);
    job.spec.ttlSecondsAfterFinished = ttl;
    const variable = job.spec.template.spec.containers[0].env?.find(({ name }) => name === DURATION_VARIABLE);
    if (variable === undefined) {
      throw new Error(`Harvester's Job has no variable ${DURATION_VARIABLE} to carry its duration`);
    }
    variable.value = `${((hours * 3600) / compression).toFixed(3)}s`;
    return job;
  };
}

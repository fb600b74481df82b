/** A queue's part of Harvester's `panda_queueconfig.json`. */
import type { Queue } from "../../stacks/site/site";
import type { NodeLoad } from "../cluster/capacity";
import type { Capabilities } from "../cluster/capabilities";
import { slotsOf } from "./capacity";
import { PROXY_FILE, PROXY_PATH } from "./names";

/** Where things are on the host (or in the container) that Harvester runs on. */
export interface HarvesterPaths {
  /** The queue's job template. */
  readonly template: string;
  /** The queue's kubeconfig. */
  readonly kubeconfig: string;
  /** Grid proxy, kept fresh by others; its file name is also the key in the secret that pods mount. */
  readonly proxy: string;
  /** Folder of the workers' work directories. */
  readonly workers: string;
}

/** Paths on a central Harvester as the handover proposes them; its operators put their own. */
function handoverPaths(queue: string): HarvesterPaths {
  return {
    template: `/opt/harvester/etc/k8s/${queue}/job.yaml`,
    kubeconfig: `/opt/harvester/etc/k8s/${queue}/kubeconfig.yaml`,
    proxy: `/data/harvester/proxy/${PROXY_FILE}`,
    workers: "/data/harvester/workers",
  };
}

/** New workers a submission cycle may make at most; a cycle takes about a minute. */
const NEW_WORKERS_A_CYCLE = 50;

/** Workers that wait in a cluster whose size nobody knows, before their share of the running ones counts. */
const LEAST_WAITING = 10;

/** What decides how many jobs of a queue the site can run. */
export interface SizedSite {
  /** What the site's features take of every batch node. */
  readonly load: NodeLoad;
  readonly capabilities: Pick<Capabilities, "nodePools" | "nodes">;
}

/**
 * A queue's entry, under the queue's name.
 * @param paths default: what the handover proposes to a central Harvester
 */
export function queueConfiguration(site: SizedSite, name: string, queue: Queue, paths = handoverPaths(name)): object {
  const pull = queue.workflow === "pull";
  return {
    [name]: {
      queueStatus: "online",
      prodSourceLabel: "managed",
      mapType: pull ? "NoJob" : "OneToOne",
      // In pull mode the PanDA server says how many workers of which size it wants.
      runMode: pull ? "slave" : "self",
      truePilot: true,
      maxSubmissionAttempts: 3,
      walltimeLimit: queue.maxHours * 3600,
      prefetchEvents: false,
      ...limits(site, queue),
      preparator: plugin("preparator", "dummy_preparator", "DummyPreparator"),
      stager: plugin("stager", "dummy_stager", "DummyStager"),
      workerMaker: {
        ...plugin("workermaker", "simple_worker_maker", "SimpleWorkerMaker"),
        // Memory comes from the queue, by cores: a job's own figure could ask for more than an empty node has.
        jobAttributesToUse: ["nCore"],
      },
      messenger: {
        ...plugin("messenger", "shared_file_messenger", "SharedFileMessenger"),
        jobSpecFileFormat: "cgi",
        accessPoint: `${paths.workers}/\${harvesterID}/\${_workerID_3.2}/\${_workerID_1.0}/\${workerID}`,
      },
      submitter: {
        ...plugin("submitter", "k8s_submitter", "K8sSubmitter"),
        proxySecretPath: `${PROXY_PATH}/${fileName(paths.proxy)}`,
        nProcesses: 4,
      },
      monitor: plugin("monitor", "k8s_monitor", "K8sMonitor"),
      sweeper: plugin("sweeper", "k8s_sweeper", "K8sSweeper"),
      credmanagers: [
        {
          ...plugin("credmanager", "k8s_secret_cred_manager", "K8sSecretCredManager"),
          k8s_config_file: "${common.k8s_config_file}",
          proxy_files: [paths.proxy],
        },
      ],
      common: {
        k8s_yaml_file: paths.template,
        k8s_config_file: paths.kubeconfig,
        payloadType: "atlas_pilot_wrapper",
      },
    },
  };
}

/**
 * How many workers there may be. Waiting ones are counted in workers and in cores, so that as many one-core pilots may wait
 * as the site runs of them, without as many eight-core ones. Of an unknown cluster only the share of running ones is known.
 */
function limits(site: SizedSite, queue: Queue): object {
  const { pendingPercent } = queue;
  const slots = slotsOf(site.load, site.capabilities, queue);
  if (slots === undefined) {
    return {
      maxWorkers: 100_000,
      maxNewWorkersPerCycle: NEW_WORKERS_A_CYCLE,
      nQueueLimitWorkerRatio: pendingPercent,
      nQueueLimitWorkerMin: LEAST_WAITING,
    };
  }
  const waiting = (running: number) => Math.ceil((running * pendingPercent) / 100);
  const { cores: largest } = queue.largestJob;
  const cores = Math.max(slots.oneCore, slots.largest * largest);
  return {
    maxWorkers: slots.oneCore + waiting(slots.oneCore),
    maxNewWorkersPerCycle: NEW_WORKERS_A_CYCLE,
    nQueueLimitWorker: waiting(slots.oneCore),
    // One of the largest at least, or a small site would never see one.
    nQueueLimitWorkerCores: Math.max(largest, waiting(cores)),
  };
}

/** A plugin by the folder, module and class Harvester finds it under. */
function plugin(kind: string, module: string, name: string): { name: string; module: string } {
  return { name, module: `pandaharvester.harvester${kind}.${module}` };
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

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
  /**
   * Pilots' PanDA token and its key, kept fresh by others; the file names are also keys in the secret. Absent: pilots come to
   * PanDA by the proxy alone.
   */
  readonly tokens?: { readonly token: string; readonly key: string };
  /** Folder of the workers' work directories. */
  readonly workers: string;
}

/** Paths on a central Harvester as the handover proposes them; its operators put their own. */
function handoverPaths(queue: string): HarvesterPaths {
  return {
    template: `/opt/harvester/etc/k8s/${queue}/job.yaml`,
    kubeconfig: `/opt/harvester/etc/k8s/${queue}/kubeconfig.yaml`,
    proxy: `/data/harvester/proxy/${PROXY_FILE}`,
    tokens: { token: "/data/harvester/proxy/panda_token", key: "/data/harvester/proxy/panda_token_key" },
    workers: "/data/harvester/workers",
  };
}

/** New workers a submission cycle may make at most; a cycle takes about a minute. */
const NEW_WORKERS_A_CYCLE = 50;

/** Jobs that are fetched ahead for a cluster whose size nobody knows, at most; the share of the running ones decides. */
const MOST_FETCHED = 1000;

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
      ...limits(site, queue, pull),
      preparator: plugin("preparator", "dummy_preparator", "DummyPreparator"),
      stager: plugin("stager", "dummy_stager", "DummyStager"),
      workerMaker: {
        ...plugin("workermaker", "simple_worker_maker", "SimpleWorkerMaker"),
        // Cores and memory. In push mode of a ucore queue Harvester requests a job's own minRamCount whatever stands here, so
        // PanDA's limit by the queue's maxrss is what keeps a job from asking for more than an empty node has.
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
        ...tokenKeys(paths),
        nProcesses: 4,
      },
      monitor: plugin("monitor", "k8s_monitor", "K8sMonitor"),
      sweeper: plugin("sweeper", "k8s_sweeper", "K8sSweeper"),
      credmanagers: [
        {
          ...plugin("credmanager", "k8s_secret_cred_manager", "K8sSecretCredManager"),
          k8s_config_file: "${common.k8s_config_file}",
          // Harvester merges `submitter` with that of the queue's template and replaces this list: where the template names
          // token files, a list without them leaves every pilot looking for a file that is not in the secret.
          proxy_files: [paths.proxy, ...(paths.tokens === undefined ? [] : [paths.tokens.token, paths.tokens.key])],
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
 * In push mode as many jobs are fetched ahead as workers may wait: Harvester fetches none for a queue without nQueueLimitJob.
 */
function limits(site: SizedSite, queue: Queue, pull: boolean): object {
  const { pendingPercent } = queue;
  const slots = slotsOf(site.load, site.capabilities, queue);
  if (slots === undefined) {
    return {
      maxWorkers: 100_000,
      maxNewWorkersPerCycle: NEW_WORKERS_A_CYCLE,
      nQueueLimitWorkerRatio: pendingPercent,
      nQueueLimitWorkerMin: LEAST_WAITING,
      ...(pull
        ? {}
        : { nQueueLimitJob: MOST_FETCHED, nQueueLimitJobRatio: pendingPercent, nQueueLimitJobMin: LEAST_WAITING }),
    };
  }
  const waiting = (running: number) => Math.ceil((running * pendingPercent) / 100);
  const { cores: largest } = queue.largestJob;
  // One of the largest at least, or a small site would never see one.
  const cores = Math.max(largest, waiting(Math.max(slots.oneCore, slots.largest * largest)));
  return {
    maxWorkers: slots.oneCore + waiting(slots.oneCore),
    maxNewWorkersPerCycle: NEW_WORKERS_A_CYCLE,
    nQueueLimitWorker: waiting(slots.oneCore),
    nQueueLimitWorkerCores: cores,
    ...(pull ? {} : { nQueueLimitJob: waiting(slots.oneCore), nQueueLimitJobCores: cores }),
  };
}

/** A plugin by the folder, module and class Harvester finds it under. */
function plugin(kind: string, module: string, name: string): { name: string; module: string } {
  return { name, module: `pandaharvester.harvester${kind}.${module}` };
}

/** Names of the token files in the pods' secret, as Harvester's submitter wants them. */
function tokenKeys({ tokens }: HarvesterPaths): object {
  return tokens === undefined
    ? {}
    : { tokenDir: PROXY_PATH, pandaTokenFilename: fileName(tokens.token), pandaTokenKeyFilename: fileName(tokens.key) };
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The Job that Harvester submits for a queue, before Harvester's own changes to it. */
import { stringify } from "yaml";
import { imageReference } from "../../versions";
import type { Cvmfs, Pool, Queue } from "../../stacks/site/site";
import type { SiteContext } from "../cluster/siteContext";
import { poolSelector } from "../kubernetes/placement";
import { cvmfsVolume } from "../cvmfs/volume";
import { JOBS_PRIORITY, PROXY_SECRET } from "../security/names";
import { JOB_NAME, PILOT_CONTAINER, PROXY_PATH, SCRATCH_PATH, SCRATCH_VOLUME } from "./names";
import { pilotCommand } from "./pilotCommand";

/** Who pilots run as: no account of the node, and the same for every queue. */
const PILOT_UID = 10_000;

/** Seconds a pilot has to report and put its log away once it is told to stop. */
const GRACE_SECONDS = 300;

/** What decides a job template beside its queue. */
export interface JobSite extends Pick<SiteContext, "site" | "capabilities"> {
  /** The stack file's section of CVMFS. */
  readonly cvmfs: Cvmfs;
}

/**
 * A queue's job template, as Harvester reads it. Harvester adds name, labels, requests, limits, environment, its start-up
 * script and the deadline, and touches nothing else of it.
 */
export function jobTemplate(site: JobSite, queue: Queue): object {
  const { keepFinishedHours } = queue;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    // No labels here, ever: a Job without labels of its own inherits its pod's, `job-name` among them, by which Harvester
    // finds it again.
    metadata: { name: JOB_NAME },
    spec: {
      ttlSecondsAfterFinished: keepFinishedHours * 3600,
      // Harvester takes the last pod of a Job for the only one; trying again is PanDA's business.
      backoffLimit: 0,
      template: { spec: podSpec(site, queue) },
    },
  };
}

/** The template as the YAML file that Harvester's `k8s_yaml_file` names. */
export function jobTemplateText(site: JobSite, queue: Queue): string {
  return stringify(jobTemplate(site, queue), { lineWidth: 0 });
}

function podSpec(site: JobSite, queue: Queue): object {
  const { image, seccomp, pool } = queue;
  const cvmfs = cvmfsVolume(site.cvmfs);
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    priorityClassName: JOBS_PRIORITY,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: PILOT_UID,
      runAsGroup: PILOT_UID,
      fsGroup: PILOT_UID,
      seccompProfile: { type: seccomp },
    },
    ...placement(site, pool),
    affinity: AFFINITY,
    containers: [
      {
        name: PILOT_CONTAINER,
        image: imageReference(image, site.site.registryPrefix),
        ...pilotCommand(),
        // The pilot looks for stray processes to kill, and in a pod there are none but its own.
        env: [{ name: "PILOT_NOKILL", value: "True" }],
        securityContext: {
          privileged: false,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
          ...(cvmfs === undefined ? [] : [cvmfs.mount]),
          { name: PROXY_SECRET, mountPath: PROXY_PATH, readOnly: true },
          { name: SCRATCH_VOLUME, mountPath: SCRATCH_PATH },
        ],
      },
    ],
    volumes: [
      ...(cvmfs === undefined ? [] : [cvmfs.volume]),
      { name: PROXY_SECRET, secret: { secretName: PROXY_SECRET, defaultMode: 0o400 } },
      { name: SCRATCH_VOLUME, emptyDir: {} },
    ],
  };
}

/**
 * True on every node. It stands here because Harvester adds a pod affinity of its own to a template that has none, which
 * would pack by the wrong rule and costs the scheduler dearly at thousands of pods; packing is the scheduler's own score.
 * An empty one would do today, but only as long as Harvester asks for the key and not for a value.
 */
const AFFINITY = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }] }],
    },
  },
};

/** Where the jobs may run: on nodes of their pool, whose taints they tolerate; anywhere if the cluster's pools are unknown. */
function placement({ capabilities }: JobSite, name: string): object {
  const pool = capabilities.nodePools?.[name];
  const nodeSelector = poolSelector(capabilities, name);
  if (pool === undefined || nodeSelector === undefined) {
    return {};
  }
  const tolerations = tolerationsOf(pool);
  return {
    nodeSelector,
    ...(tolerations.length === 0 ? {} : { tolerations }),
  };
}

/** Tolerations of a pool's own taints, and of no other. */
function tolerationsOf(pool: Pick<Pool, "taints">): object[] {
  return pool.taints.map(({ key, value, effect }) => ({ key, operator: "Equal", value, effect }));
}

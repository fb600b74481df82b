/** A Job as Harvester 0.7 shapes it from a queue's template (labels, requests, volumes, environment), for the lab's pilot. */

/** What one Job of the lab is. */
export interface PilotJob {
  /** Job's name: `grid-job-<worker id>`. */
  readonly name: string;
  readonly namespace: string;
  /** PanDA queue. */
  readonly queue: string;
  /** Worker number in Harvester. */
  readonly workerId: number;
  readonly cores: number;
  /** Share of a core requested per core, in percent. */
  readonly cpuRequestPercent: number;
  /** Memory requested in MiB. */
  readonly memoryMb: number;
}

/** Image of the lab's pilot: a shell and Python, made by the lab; it stands in for the ATLAS grid image. */
export const PILOT_IMAGE = "registry.invalid/atlas-site/lab-pilot:1";

/**
 * What the lab's pilot does: a stand-in for the real start-up script, which fetches a wrapper from CVMFS. It looks at
 * everything the Job gave it and computes for a moment.
 */
export const PILOTS_STARTER = `import hashlib, os, sys
need = ["computingSite", "pandaQueueName", "workerID", "HARVESTER_WORKER_ID", "TMPDIR", "proxySecretPath"]
missing = [name for name in need if name not in os.environ]
if missing:
    sys.exit("missing in the environment: %s" % missing)
proxy = open(os.environ["proxySecretPath"]).read()
scratch = os.path.join(os.environ["TMPDIR"], "payload")
with open(scratch, "w") as out:
    digest = b""
    for _ in range(20000):
        digest = hashlib.sha256(digest + proxy.encode()).digest()
    out.write(digest.hex())
print("pilot", os.environ["workerID"], "on", os.environ.get("PANDA_HOSTNAME"), "payload", open(scratch).read()[:16])
`;

/** The Job, as it goes to the API. */
export function pilotJobManifest(job: PilotJob): object {
  const variables: Record<string, string> = {
    computingSite: job.queue,
    pandaQueueName: job.queue,
    resourceType: job.cores === 1 ? "SCORE" : "MCORE",
    prodSourceLabel: "unified",
    jobType: "unified",
    pilotType: "PR",
    proxySecretPath: "/proxy/proxy",
    workerID: String(job.workerId),
    HARVESTER_WORKER_ID: String(job.workerId),
    HARVESTER_ID: "lab-harvester",
    PANDA_JSID: "harvester-lab-harvester",
    submit_mode: "PULL",
    EXEC_DIR: "/scratch/executables",
    TMPDIR: "/pilotdir",
    HOME: "/pilotdir",
    K8S_JOB_ID: job.name,
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: job.name, namespace: job.namespace },
    spec: {
      ttlSecondsAfterFinished: 86_400,
      backoffLimit: 0,
      template: {
        metadata: {
          labels: { resourceType: variables.resourceType, prodSourceLabel: "unified", pq: job.queue },
        },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          activeDeadlineSeconds: 3_600,
          securityContext: { runAsNonRoot: true, runAsUser: 10_000, runAsGroup: 10_000, fsGroup: 10_000 },
          containers: [pilotContainer(job, variables)],
          volumes: [
            { name: "secret-volume", secret: { secretName: "proxy-secret", defaultMode: 0o400 } },
            { name: "pilot-dir", emptyDir: {} },
            { name: "pilots-starter", configMap: { name: "pilots-starter" } },
          ],
        },
      },
    },
  };
}

function pilotContainer(job: PilotJob, variables: Record<string, string>): object {
  return {
    name: "job-container",
    image: PILOT_IMAGE,
    command: ["/usr/bin/bash"],
    args: ["-c", "cd; python3 $EXEC_DIR/pilots_starter.py"],
    securityContext: { privileged: false, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    resources: {
      requests: {
        cpu: `${job.cores * job.cpuRequestPercent * 10}m`,
        memory: `${job.memoryMb}Mi`,
        "ephemeral-storage": "100Mi",
      },
      limits: { cpu: String(job.cores), "ephemeral-storage": "1Gi" },
    },
    env: [
      ...Object.entries(variables).map(([name, value]) => ({ name, value })),
      { name: "PANDA_HOSTNAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
    ],
    volumeMounts: [
      { name: "secret-volume", mountPath: "/proxy", readOnly: true },
      { name: "pilot-dir", mountPath: "/pilotdir" },
      { name: "pilots-starter", mountPath: "/scratch/executables" },
    ],
  };
}

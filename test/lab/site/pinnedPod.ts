/** A pod as unprivileged as a pilot that asks for one core of one node: to see whether jobs may start there. */
import { cvmfsVolume } from "../../../components/cvmfs/volume";
import type { Cvmfs } from "../../../stacks/site/site";
import type { KubeView } from "./kubeView";
import { PILOT_IMAGE } from "./pilotJob";

/** What a pod of ours in a queue's namespace is to do. */
export interface PinnedPod {
  readonly name: string;
  readonly namespace: string;
  /** Label that chooses the node, e.g. `kubernetes.io/hostname`, and its value. */
  readonly on: Readonly<Record<string, string>>;
  /** Program of the pod, for Python. */
  readonly program: string;
  /** Section of the stack file whose CVMFS the pod mounts; absent: none. */
  readonly cvmfs?: Cvmfs;
}

/** The pod, as it goes to the API. */
export function pinnedPod({ name, namespace, on, program, cvmfs }: PinnedPod): object {
  const mounted = cvmfs === undefined ? undefined : cvmfsVolume(cvmfs);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      // The pool that the queue's namespace demands, as every pod there names it.
      nodeSelector: { "atlas-site/pool": "batch", ...on },
      terminationGracePeriodSeconds: 1,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10_000,
        runAsGroup: 10_000,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "main",
          image: PILOT_IMAGE,
          command: ["python3", "-c", program],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          resources: { requests: { cpu: "900m", memory: "64Mi" } },
          volumeMounts: mounted === undefined ? [] : [mounted.mount],
        },
      ],
      volumes: mounted === undefined ? [] : [mounted.volume],
    },
  };
}

/**
 * Runs a pod to its end and takes it away.
 * @returns what it printed
 * @throws Error when it fails, or has not ended before its deadline
 */
export async function runPinnedPod(cluster: KubeView, pod: PinnedPod): Promise<string> {
  const { name, namespace } = pod;
  await cluster.apply(pinnedPod(pod));
  try {
    const phase = await cluster.waitFor(
      `pod ${namespace}/${name} to end`,
      async () => {
        const text = await cluster.kubectl("get", "pod", name, "-n", namespace, "-o", "jsonpath={.status.phase}");
        return text === "Succeeded" || text === "Failed" ? text : undefined;
      },
      () => cluster.kubectl("describe", "pod", name, "-n", namespace),
    );
    const printed = await cluster.kubectl("logs", name, "-n", namespace);
    if (phase === "Failed") {
      throw new Error(`pod ${namespace}/${name} failed: ${printed}`);
    }
    return printed;
  } finally {
    await cluster.kubectl("delete", "pod", name, "-n", namespace, "--wait=false", "--ignore-not-found");
  }
}

/** A pod as unprivileged as a pilot that asks for one core of one node: to see whether jobs may start there. */
import { cvmfsVolume } from "../../../components/cvmfs/volume";
import type { Cvmfs } from "../../../stacks/site";
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
      nodeSelector: on,
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

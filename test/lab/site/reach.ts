/** What a pod can reach: asked from inside one, by a program of a few lines, so that NetworkPolicies are seen at work. */
import { PILOT_IMAGE } from "./pilotJob";
import type { KubeView } from "./kubeView";

/** Somewhere a pod may want to connect to. */
export interface Target {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** What came of a connection: `connected`, or how it failed. */
export type Reach = "connected" | "refused" | "no answer";

/** How long a connection may take before it counts as unanswered, in seconds; a dropped packet never answers. */
const CONNECT_SECONDS = 4;
const POD_DEADLINE_MS = 90_000;

/** Connects to every target at once and prints one JSON object. */
const PROGRAM = `import json, os, socket, threading
seen = {}
def look(name, host, port):
    try:
        socket.create_connection((host, port), ${CONNECT_SECONDS}).close()
        seen[name] = "connected"
    except ConnectionRefusedError:
        seen[name] = "refused"
    except OSError:
        seen[name] = "no answer"
threads = [threading.Thread(target=look, args=target) for target in json.loads(os.environ["TARGETS"])]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps(seen))
`;

/** A pod that looks at targets and ends; as unprivileged as a pilot. */
function lookingPod(name: string, namespace: string, targets: readonly Target[], pool: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      nodeSelector: { "atlas-site/pool": pool },
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10_000,
        runAsGroup: 10_000,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "look",
          image: PILOT_IMAGE,
          command: ["python3", "-c", PROGRAM],
          env: [{ name: "TARGETS", value: JSON.stringify(targets.map(({ name, host, port }) => [name, host, port])) }],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          resources: { requests: { cpu: "10m", memory: "32Mi" } },
        },
      ],
    },
  };
}

/**
 * What a pod of this namespace reaches.
 * @param pool pool whose nodes the pod runs on
 * @throws Error when the pod has not ended before its deadline
 */
export async function reachFrom(
  cluster: KubeView,
  namespace: string,
  targets: readonly Target[],
  pool: string,
): Promise<Record<string, Reach>> {
  const name = `look-${Date.now() % 1_000_000}`;
  await cluster.apply(lookingPod(name, namespace, targets, pool));
  try {
    const phase = await cluster.waitFor(
      `pod ${namespace}/${name} to end`,
      POD_DEADLINE_MS,
      async () => {
        const text = await cluster.kubectl("get", "pod", name, "-n", namespace, "-o", "jsonpath={.status.phase}");
        return text === "Succeeded" || text === "Failed" ? text : undefined;
      },
      () => cluster.kubectl("describe", "pod", name, "-n", namespace),
    );
    const log = await cluster.kubectl("logs", name, "-n", namespace);
    if (phase === "Failed") {
      throw new Error(`pod ${namespace}/${name} failed: ${log}`);
    }
    return JSON.parse(log) as Record<string, Reach>;
  } finally {
    await cluster.kubectl("delete", "pod", name, "-n", namespace, "--wait=false", "--ignore-not-found");
  }
}

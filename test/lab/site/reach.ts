/** What a pod can reach: asked from inside one, by a program of a few lines, so that NetworkPolicies are seen at work. */
import type { KubeView } from "./kubeView";
import { runPinnedPod } from "./pinnedPod";

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

/** Connects to every target at once and prints one JSON object. */
function program(targets: readonly Target[]): string {
  return `import json, socket, threading
targets = json.loads("""${JSON.stringify(targets.map(({ name, host, port }) => [name, host, port]))}""")
seen = {}
def look(name, host, port):
    try:
        socket.create_connection((host, port), ${CONNECT_SECONDS}).close()
        seen[name] = "connected"
    except ConnectionRefusedError:
        seen[name] = "refused"
    except OSError:
        seen[name] = "no answer"
threads = [threading.Thread(target=look, args=target) for target in targets]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps(seen))
`;
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
  const printed = await runPinnedPod(cluster, {
    name: `look-${Date.now() % 1_000_000}`,
    namespace,
    on: { "atlas-site/pool": pool },
    program: program(targets),
  });
  return JSON.parse(printed) as Record<string, Reach>;
}

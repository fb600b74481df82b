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

/**
 * How long a connection may take before it counts as unanswered, in seconds; a dropped packet never answers. The kernel
 * answers, so a busy machine needs no more.
 */
const CONNECT_SECONDS = 2;

/** What a pod saw. */
export interface ReachReport {
  /** The last round. */
  readonly seen: Readonly<Record<string, Reach>>;
  /** When in the pod's life a round last reached something that should be closed, in seconds; 0: never. */
  readonly openFor: number;
}

/**
 * Connects to every target at once, round by round until all that should be closed is closed and the rest open; prints one
 * JSON object. A pod this young may be refused what it may reach: the policy engine on the other side has not heard of it.
 */
function program(open: readonly Target[], closed: readonly Target[], patienceSeconds: number): string {
  const triples = (targets: readonly Target[]) =>
    JSON.stringify(targets.map(({ name, host, port }) => [name, host, port]));
  return `import json, socket, threading, time
begin = time.time()
opened = json.loads("""${triples(open)}""")
closed = json.loads("""${triples(closed)}""")
targets = opened + closed
def look(seen, name, host, port):
    try:
        socket.create_connection((host, port), ${CONNECT_SECONDS}).close()
        seen[name] = "connected"
    except ConnectionRefusedError:
        seen[name] = "refused"
    except OSError:
        seen[name] = "no answer"
open_for = 0
while True:
    now, seen = time.time() - begin, {}
    threads = [threading.Thread(target=look, args=(seen, *target)) for target in targets]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    shut = not any(seen[name] == "connected" for name, _, _ in closed)
    if not shut:
        open_for = now
    if shut and all(seen[name] == "connected" for name, _, _ in opened) or now > ${patienceSeconds}:
        break
    time.sleep(0.1)
print(json.dumps({"seen": seen, "openFor": open_for}))
`;
}

/** What a pod looks at, and how. */
export interface Look {
  readonly open: readonly Target[];
  readonly closed: readonly Target[];
  /** How long in its life the pod gives the policy engine, which acts a moment after a pod starts; in seconds. 0: one round. */
  readonly patienceSeconds: number;
}

/**
 * What a pod of this namespace reaches.
 * @param pool pool whose nodes the pod runs on
 * @throws Error when the pod has not ended before its deadline
 */
export async function reachFrom(cluster: KubeView, namespace: string, look: Look, pool: string): Promise<ReachReport> {
  const printed = await runPinnedPod(cluster, {
    name: `look-${Date.now() % 1_000_000}`,
    namespace,
    on: { "atlas-site/pool": pool },
    program: program(look.open, look.closed, look.patienceSeconds),
  });
  return JSON.parse(printed) as ReachReport;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Toolchain } from "../../toolchain";
import type { Lab } from "../lab";
import type { ExecOptions } from "../namespace";
import { PATIENCE_MS } from "../patience";

/** A node as the tests look at it. */
export interface NodeView {
  readonly name: string;
  readonly ready: boolean;
  /** When it became Ready, in milliseconds since the epoch; to the second, as Kubernetes writes it. */
  readonly readySince?: number;
  /** Cores it says it has. */
  readonly cpu: number;
  readonly uid: string;
}

interface NodeList {
  items: {
    metadata: { name: string; uid: string };
    status: {
      capacity: { cpu: string };
      conditions?: { type: string; status: string; lastTransitionTime: string }[];
    };
  }[];
}

/** How often, and how long apart, kubectl is run again when nobody took its connection: nothing can have come of that. */
const CONNECTIONS = 30;
const BETWEEN_MS = 1000;
/** kubectl's words for a connection that never came to be, or that the load balancer ended at once for want of a member. */
const NOT_CONNECTED =
  /connection to the server .* was refused|connect: connection refused|TLS handshake timeout|to the server: EOF|connection reset/;

/** The cluster through kubectl, inside the lab's network namespace. */
export class KubeView {
  constructor(
    private readonly lab: Lab,
    private readonly toolchain: Toolchain,
    private readonly kubeconfig: string,
  ) {}

  /**
   * Output of a kubectl command; how to run it may stand among its words.
   * @throws Error with kubectl's words
   */
  async kubectl(...given: (string | ExecOptions)[]): Promise<string> {
    const args = given.filter((one) => typeof one === "string");
    const options = given.find((one) => typeof one !== "string");
    for (let left = CONNECTIONS - 1; ; left--) {
      const done = await this.lab.exec(
        this.toolchain.binary("kubectl"),
        ["--kubeconfig", this.kubeconfig, "--request-timeout=60s", ...args],
        { timeoutMs: PATIENCE_MS, ...options },
      );
      if (done.code === 0) {
        return done.stdout;
      }
      if (left === 0 || !NOT_CONNECTED.test(done.stderr)) {
        throw new Error(`kubectl ${args.join(" ")}: exit ${done.code}\n${done.stderr}`);
      }
      await sleep(BETWEEN_MS);
    }
  }

  /** Makes an object, or changes it to this. */
  async apply(object: object): Promise<void> {
    await this.kubectl("apply", "-f", "-", { input: JSON.stringify(object) });
  }

  /**
   * Asks again and again until there is an answer.
   * @param what is waited for, for the message
   * @param look undefined: not yet
   * @param lastSeen what to tell when time is up, of what was there instead
   * @throws Error at the deadline
   */
  async waitFor<T>(
    what: string,
    look: () => Promise<T | undefined>,
    lastSeen: () => Promise<string>,
    deadlineMs = PATIENCE_MS,
  ): Promise<T> {
    const end = Date.now() + deadlineMs;
    for (;;) {
      const answer = await look();
      if (answer !== undefined) {
        return answer;
      }
      if (Date.now() > end) {
        const seen = await lastSeen().catch((error: Error) => `nothing more could be seen: ${error.message}`);
        throw new Error(`waited ${deadlineMs / 1000} s for ${what}; last seen:\n${seen}`);
      }
      await sleep(1000);
    }
  }

  /** Every node. */
  async nodes(): Promise<NodeView[]> {
    const list = JSON.parse(await this.kubectl("get", "nodes", "-o", "json")) as NodeList;
    return list.items.map(({ metadata, status }) => {
      const ready = status.conditions?.find((condition) => condition.type === "Ready");
      return {
        name: metadata.name,
        uid: metadata.uid,
        cpu: Number(status.capacity.cpu),
        ready: ready?.status === "True",
        readySince: ready?.status === "True" ? Date.parse(ready.lastTransitionTime) : undefined,
      };
    });
  }

  /**
   * Waits until exactly these nodes are there and Ready.
   * @throws Error at the deadline, with the nodes as they were then
   */
  async waitForNodes(names: readonly string[]): Promise<NodeView[]> {
    let nodes: NodeView[] = [];
    return this.waitFor(
      `nodes ${names.join(", ")} to be all Ready`,
      async () => {
        nodes = await this.nodes();
        const ready = nodes.filter((node) => node.ready).map((node) => node.name);
        return ready.length === nodes.length && [...ready].sort().join() === [...names].sort().join()
          ? nodes
          : undefined;
      },
      () => Promise.resolve(nodes.map((node) => `${node.name} ${node.ready ? "Ready" : "not Ready"}`).join(", ")),
    );
  }
}

import type { Toolchain } from "../../toolchain";
import type { Lab } from "../lab";
import type { ExecOptions } from "../namespace";

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
    const done = await this.lab.exec(
      this.toolchain.binary("kubectl"),
      ["--kubeconfig", this.kubeconfig, "--request-timeout=20s", ...args],
      { timeoutMs: 60_000, ...options },
    );
    if (done.code !== 0) {
      throw new Error(`kubectl ${args.join(" ")}: exit ${done.code}\n${done.stderr}`);
    }
    return done.stdout;
  }

  /** Makes an object, or changes it to this. */
  async apply(object: object): Promise<void> {
    await this.kubectl("apply", "-f", "-", { input: JSON.stringify(object) });
  }

  /**
   * Asks again and again until there is an answer.
   * @param what is waited for, for the message
   * @param look undefined: not yet
   * @param atDeadline what to tell of the cluster when time is up
   * @throws Error at the deadline
   */
  async waitFor<T>(
    what: string,
    deadlineMs: number,
    look: () => Promise<T | undefined>,
    atDeadline: () => Promise<string> = () => Promise.resolve(""),
  ): Promise<T> {
    const end = Date.now() + deadlineMs;
    for (;;) {
      const seen = await look();
      if (seen !== undefined) {
        return seen;
      }
      if (Date.now() > end) {
        throw new Error(`waited ${deadlineMs / 1000} s for ${what}\n${await atDeadline()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
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
  async waitForNodes(names: readonly string[], deadlineMs: number): Promise<NodeView[]> {
    let nodes: NodeView[] = [];
    return this.waitFor(
      `nodes ${names.join(", ")} to be all Ready`,
      deadlineMs,
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

import type { Toolchain } from "../../toolchain";
import type { Lab } from "../lab";

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
   * Output of a kubectl command.
   * @throws Error with kubectl's words
   */
  async kubectl(...args: string[]): Promise<string> {
    const done = await this.lab.exec(
      this.toolchain.binary("kubectl"),
      ["--kubeconfig", this.kubeconfig, "--request-timeout=20s", ...args],
      { timeoutMs: 60_000 },
    );
    if (done.code !== 0) {
      throw new Error(`kubectl ${args.join(" ")}: exit ${done.code}\n${done.stderr}`);
    }
    return done.stdout;
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
    const end = Date.now() + deadlineMs;
    for (;;) {
      const nodes = await this.nodes();
      const ready = nodes.filter((node) => node.ready).map((node) => node.name);
      if (ready.length === nodes.length && [...ready].sort().join() === [...names].sort().join()) {
        return nodes;
      }
      if (Date.now() > end) {
        const seen = nodes.map((node) => `${node.name} ${node.ready ? "Ready" : "not Ready"}`).join(", ");
        throw new Error(
          `nodes ${names.join(", ")} were not all Ready after ${deadlineMs / 1000} s; there are: ${seen}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

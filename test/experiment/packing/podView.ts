/** What runs where, from a watch of the pods: the state that the figures are drawn from. */
import type { KubeApiClient } from "../../support/kubeApiClient";

interface Pod {
  readonly metadata: {
    readonly uid: string;
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly nodeName?: string };
  readonly status?: { readonly phase?: string };
}

/** How many jobs run and wait at a moment. */
export interface Counts {
  readonly ones: number;
  readonly larges: number;
  readonly waitingOnes: number;
  readonly waitingLarges: number;
  /** Nodes that run 1-core jobs. */
  readonly nodesWithOnes: number;
}

/** A moment and what ran then. */
export interface Moment extends Counts {
  /** Milliseconds since the epoch. */
  readonly time: number;
}

interface Known {
  readonly one: boolean;
  readonly node?: string;
}

/** Keeps count of the pods of a namespace. A pod holds its cores from the moment it is bound until it has ended. */
export class PodView {
  private readonly pods = new Map<string, Known>();
  private readonly onesOn = new Map<string, number>();
  private ended = false;
  private closing = false;
  private counts = { ones: 0, larges: 0, waitingOnes: 0, waitingLarges: 0 };
  /** Every change of the counts. */
  readonly moments: Moment[] = [];
  /** Pods of large jobs that have appeared since the start. */
  seenLarges = 0;

  constructor(client: KubeApiClient, namespace: string) {
    const path = `/api/v1/namespaces/${namespace}/pods?watch=1&timeoutSeconds=7200`;
    client.watch<Pod>(
      path,
      ({ type, object }) => this.take(type, object),
      () => (this.ended = !this.closing),
    );
    this.note();
  }

  /**
   * What runs now.
   * @throws Error when the API has ended the watch: what came after is unknown
   */
  get now(): Counts {
    if (this.ended) {
      throw new Error("the watch of the pods has ended before the experiment");
    }
    return { ...this.counts, nodesWithOnes: this.onesOn.size };
  }

  /** The end of the watch is no error any more. */
  close(): void {
    this.closing = true;
  }

  private take(type: string, { metadata, spec, status }: Pod): void {
    if (type === "ERROR") {
      this.ended = true;
      return;
    }
    const old = this.pods.get(metadata.uid);
    const over = type === "DELETED" || status?.phase === "Succeeded" || status?.phase === "Failed";
    const fresh: Known | undefined = over
      ? undefined
      : { one: metadata.labels?.resourceType === "SCORE", node: spec.nodeName };
    if (fresh === undefined ? old === undefined : old !== undefined && old.node === fresh.node) {
      return;
    }
    this.add(old, -1);
    this.add(fresh, 1);
    if (fresh === undefined) this.pods.delete(metadata.uid);
    else this.pods.set(metadata.uid, fresh);
    if (old === undefined && fresh?.one === false) this.seenLarges += 1;
    this.note();
  }

  private add(pod: Known | undefined, by: 1 | -1): void {
    if (pod === undefined) {
      return;
    }
    const { one, node } = pod;
    this.counts[node === undefined ? (one ? "waitingOnes" : "waitingLarges") : one ? "ones" : "larges"] += by;
    if (one && node !== undefined) {
      const left = (this.onesOn.get(node) ?? 0) + by;
      if (left === 0) this.onesOn.delete(node);
      else this.onesOn.set(node, left);
    }
  }

  private note(): void {
    this.moments.push({ time: Date.now(), ...this.now });
  }
}

/**
 * A stand-in for kubelets and garbage collector on an API without either: it lets pods of Jobs run and end, as their worker
 * is meant to, and removes those whose Job is gone.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeApiClient } from "../support/kubeApiClient";

/** How a worker's pod ends, by the worker's number; all others succeed. */
export type Ends = Readonly<Record<number, "Failed" | "never">>;

interface Pod {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly phase?: string; readonly startTime?: string };
}

/** How long a pod runs, in milliseconds: the double must see it running. */
const RUN_MS = 1_500;

/** Plays kubelet in a namespace until it is told to stop. */
export class PodStage {
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly admin: KubeApiClient,
    private readonly namespace: string,
    private readonly ends: Ends = {},
  ) {
    this.running = this.play();
  }

  /** Ends it; throws what went wrong. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async play(): Promise<void> {
    while (!this.stopped) {
      const root = `namespaces/${this.namespace}`;
      const pods = await this.admin.must<{ items: Pod[] }>("GET", `/api/v1/${root}/pods`);
      const jobs = await this.admin.must<{ items: Pod[] }>("GET", `/apis/batch/v1/${root}/jobs`);
      for (const pod of pods.items) {
        const alive = jobs.items.some(({ metadata }) => metadata.name === pod.metadata.labels?.["job-name"]);
        await (alive ? this.step(pod) : this.remove(pod));
      }
      await sleep(100);
    }
  }

  private async step({ metadata, status }: Pod): Promise<void> {
    const end = this.ends[Number(metadata.labels?.["job-name"]?.split("-").at(-1))] ?? "Succeeded";
    const container = { name: "job-container", ready: false, restartCount: 0, image: "", imageID: "" };
    if (status?.phase === "Pending") {
      await this.set(metadata.name, {
        phase: "Running",
        startTime: new Date().toISOString(),
        containerStatuses: [{ ...container, state: { running: {} } }],
      });
    } else if (status?.phase === "Running" && end !== "never" && Date.now() - Date.parse(status.startTime!) > RUN_MS) {
      const exitCode = end === "Failed" ? 64 : 0;
      const reason = end === "Failed" ? "Error" : "Completed";
      await this.set(metadata.name, {
        phase: end,
        containerStatuses: [{ ...container, state: { running: null, terminated: { exitCode, reason } } }],
      });
    }
  }

  private async remove({ metadata }: Pod): Promise<void> {
    await this.admin.call("DELETE", `/api/v1/namespaces/${this.namespace}/pods/${metadata.name}`);
  }

  /** A pod may have been deleted in between. */
  private async set(name: string, status: object): Promise<void> {
    const path = `/api/v1/namespaces/${this.namespace}/pods/${name}/status`;
    const answer = await this.admin.call("PATCH", path, { status });
    if (answer.status !== 200 && answer.status !== 404) {
      throw new Error(`PATCH ${path}: ${answer.status} ${answer.text}`);
    }
  }
}

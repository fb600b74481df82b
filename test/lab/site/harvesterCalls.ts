/** Harvester's calls to the Kubernetes API, and no others: one method a call, each as its plugins make it. */
import type { Listed } from "./harvesterVerdict";
import type { Job } from "./harvesterJob";

/** Whoever speaks to the API with Harvester's credentials. */
export interface Caller {
  /** One call; PATCH is a strategic merge patch. */
  call(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly text: string }>;
}

interface List {
  readonly items: readonly Listed[];
}

/** How Harvester deletes: at once, and what hangs on it later. */
const AT_ONCE = { gracePeriodSeconds: 0, propagationPolicy: "Background" };

/**
 * Nine calls of the ten in Harvester's sources. The tenth, reading a pod's log, is there dead code: its plugin calls a
 * method without an argument that it must have, and no queue uses it; so the Role has no right to it.
 * Every method throws when the API refuses: a Harvester that lacks a right must not pass for one that works.
 */
export class HarvesterCalls {
  /** How often each call was made, e.g. `create jobs`. */
  readonly made: Record<string, number> = {};

  /**
   * @param client bearer of Harvester's own credentials
   * @param namespace the queue's
   */
  constructor(
    private readonly client: Caller,
    private readonly namespace: string,
  ) {}

  /** Writes the grid proxy, as Harvester does every half hour. */
  renewProxy(files: Readonly<Record<string, string>>): Promise<void> {
    const data = Object.entries(files).map(([name, text]) => [name, Buffer.from(text).toString("base64")]);
    return this.patchOrCreate("secrets", "proxy-secret", { data: Object.fromEntries(data) as object });
  }

  /** Writes the pilot's start-up script, as Harvester does at each submission cycle. */
  renewStarter(script: string): Promise<void> {
    return this.patchOrCreate("configmaps", "pilots-starter", { data: { "pilots_starter.py": script } });
  }

  /** Push mode: gives a worker its job. */
  async createJobConfiguration(workerId: number, files: Readonly<Record<string, string>>): Promise<void> {
    const metadata = { name: String(workerId), namespace: this.namespace };
    await this.must("create configmaps", "POST", this.core("configmaps"), { metadata, data: files });
  }

  /** Submits a worker. */
  async createJob(job: Job): Promise<Listed> {
    return JSON.parse((await this.must("create jobs", "POST", this.jobs(), job)).text) as Listed;
  }

  /** Pods of some workers. */
  async listPods(jobNames: readonly string[]): Promise<readonly Listed[]> {
    return this.list("list pods", this.core("pods"), jobNames);
  }

  /** Jobs of some workers: only those that carry the label `job-name` themselves are found. */
  async listJobs(jobNames: readonly string[]): Promise<readonly Listed[]> {
    return this.list("list jobs", this.jobs(), jobNames);
  }

  /** Monitor: ends a pod that hangs. */
  async deletePod(name: string): Promise<void> {
    await this.must("delete pods", "DELETE", `${this.core("pods")}/${name}`, AT_ONCE, [404]);
  }

  /** Sweeper: ends a worker, or clears a finished one away. */
  async deleteJob(name: string): Promise<void> {
    await this.must("delete jobs", "DELETE", `${this.jobs()}/${name}`, AT_ONCE, [404]);
  }

  /** Sweeper, push mode: clears a worker's job away. */
  async deleteJobConfiguration(workerId: number): Promise<void> {
    await this.must("delete configmaps", "DELETE", `${this.core("configmaps")}/${workerId}`, AT_ONCE, [404]);
  }

  /** Harvester patches first, and creates where there was nothing to patch. */
  private async patchOrCreate(kind: "secrets" | "configmaps", name: string, body: object): Promise<void> {
    const whole = { metadata: { name, namespace: this.namespace }, ...body };
    const patched = await this.must(`patch ${kind}`, "PATCH", `${this.core(kind)}/${name}`, whole, [404]);
    if (patched.status === 404) {
      await this.must(`create ${kind}`, "POST", this.core(kind), whole);
    }
  }

  private async list(call: string, path: string, jobNames: readonly string[]): Promise<readonly Listed[]> {
    const selector = encodeURIComponent(`job-name in (${jobNames.join(",")})`);
    return (JSON.parse((await this.must(call, "GET", `${path}?labelSelector=${selector}`)).text) as List).items;
  }

  private async must(
    call: string,
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    body?: object,
    alsoFine: readonly number[] = [],
  ): Promise<{ readonly status: number; readonly text: string }> {
    this.made[call] = (this.made[call] ?? 0) + 1;
    const answer = await this.client.call(method, path, body);
    if ((answer.status < 200 || answer.status > 299) && !alsoFine.includes(answer.status)) {
      throw new Error(`Harvester may not or cannot ${call}: ${method} ${path}: ${answer.status} ${answer.text}`);
    }
    return answer;
  }

  private core(kind: string): string {
    return `/api/v1/namespaces/${this.namespace}/${kind}`;
  }

  private jobs(): string {
    return `/apis/batch/v1/namespaces/${this.namespace}/jobs`;
  }
}

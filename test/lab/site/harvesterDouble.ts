/**
 * Stands in for Harvester in the lab: with a queue's kubeconfig it writes the proxy and the start-up script, submits one
 * Job and looks at it until it has ended, by the same calls Harvester makes (create, list, patch; never get or watch).
 * Runs as a process of its own inside the lab's network namespace and prints what it saw as one line of JSON.
 *
 * Usage: harvesterDouble.ts KUBECONFIG JOB_AS_JSON DEADLINE_SECONDS
 */
import { readFileSync } from "node:fs";
import { KubeClient } from "./kubeClient";
import { PILOTS_STARTER, pilotJobManifest, type PilotJob } from "./pilotJob";

/** What became of a Job. */
export interface JobReport {
  readonly name: string;
  readonly succeeded: boolean;
  /** Node the pod ran on. */
  readonly node?: string;
  /** Times as the cluster wrote them down, ISO 8601. */
  readonly created?: string;
  readonly podStarted?: string;
  readonly completed?: string;
  /** Why it did not succeed, as far as the API tells. */
  readonly reason?: string;
}

interface Listed {
  items: {
    metadata: { creationTimestamp: string };
    spec?: { nodeName?: string };
    status?: {
      phase?: string;
      /** Why a kubelet refused or ended the pod. */
      reason?: string;
      message?: string;
      startTime?: string;
      completionTime?: string;
      succeeded?: number;
      conditions?: { type: string; status: string; reason?: string; message?: string }[];
      containerStatuses?: {
        state?: { waiting?: { reason?: string; message?: string }; terminated?: { reason?: string; exitCode: number } };
      }[];
    };
  }[];
}

async function main(): Promise<void> {
  const [kubeconfig, jobText, deadlineSeconds] = process.argv.slice(2);
  const job = JSON.parse(jobText) as PilotJob;
  const client = new KubeClient(readFileSync(kubeconfig, "utf8"));
  await renew(client, job.namespace, "secrets", "proxy-secret", {
    type: "Opaque",
    data: { proxy: Buffer.from("a proxy of the lab\n").toString("base64") },
  });
  await renew(client, job.namespace, "configmaps", "pilots-starter", { data: { "pilots_starter.py": PILOTS_STARTER } });
  await client.must("POST", `/apis/batch/v1/namespaces/${job.namespace}/jobs`, pilotJobManifest(job));
  console.log(JSON.stringify(await watchJob(client, job, Date.now() + Number(deadlineSeconds) * 1000)));
}

/** Harvester patches first and creates when there is nothing to patch. */
async function renew(client: KubeClient, namespace: string, kind: string, name: string, body: object): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/${kind}`;
  const patched = await client.call("PATCH", `${path}/${name}`, body);
  if (patched.status === 404) {
    await client.must("POST", path, { metadata: { name, namespace }, ...body });
  } else if (patched.status >= 300) {
    throw new Error(`PATCH ${path}/${name}: ${patched.status} ${patched.text}`);
  }
}

async function watchJob(client: KubeClient, job: PilotJob, end: number): Promise<JobReport> {
  const selector = encodeURIComponent(`job-name in (${job.name})`);
  for (;;) {
    const pods = await client.must<Listed>("GET", `/api/v1/namespaces/${job.namespace}/pods?labelSelector=${selector}`);
    const jobs = await client.must<Listed>(
      "GET",
      `/apis/batch/v1/namespaces/${job.namespace}/jobs?labelSelector=${selector}`,
    );
    const [found, pod] = [jobs.items[0], pods.items[0]];
    const seen = {
      name: job.name,
      node: pod?.spec?.nodeName,
      created: found?.metadata.creationTimestamp,
      podStarted: pod?.status?.startTime,
      completed: found?.status?.completionTime,
    };
    if ((found?.status?.succeeded ?? 0) > 0) {
      return { ...seen, succeeded: true };
    }
    const failed = found?.status?.conditions?.find(
      (condition) => condition.type === "Failed" && condition.status === "True",
    );
    if (failed !== undefined || Date.now() > end) {
      const reason = [failed?.message ?? "deadline passed", ...whyOf(pod)].join("; ");
      return { ...seen, succeeded: false, reason };
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** What a pod's status tells of its failure. */
function whyOf(pod: Listed["items"][number] | undefined): string[] {
  if (pod === undefined) {
    return ["no pod was made for it"];
  }
  const { reason, message, conditions, containerStatuses } = pod.status ?? {};
  const state = containerStatuses?.[0]?.state;
  const exit = state?.terminated === undefined ? undefined : `exit code ${state.terminated.exitCode}`;
  const waiting = state?.waiting?.message ?? state?.waiting?.reason;
  const unmet = conditions?.find((condition) => condition.status === "False")?.message;
  return [reason, message, exit, state?.terminated?.reason, waiting, unmet].filter((text) => text !== undefined);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});

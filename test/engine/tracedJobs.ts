/**
 * The lives of two Jobs on an API without nodes, with everybody who has a hand in them played under his own name: Harvester,
 * the scheduler, a kubelet, an administrator. What they leave in the audit log is what traces are made of.
 */
import { known, queueArgs } from "../support/componentArgs";
import { parse } from "yaml";
import { harvesterHandover } from "../../components/harvester/handover";
import { harvesterIdentity } from "../../components/harvester/remoteAccess";
import { QueueNamespace } from "../../components/security/QueueNamespace";
import { SiteSecurity } from "../../components/security/SiteSecurity";
import { record } from "../../stacks/site/offline/recorder";
import type { CricQueue } from "../lab/site/harvesterJob";
import { changedJob } from "../lab/site/harvesterChanges";
import type { KubeApi } from "../support/kubeApi";
import type { KubeApiClient } from "../support/kubeApiClient";
import { applyDeclared } from "../support/kubeApiObjects";
import { site } from "../support/sites";

/** Stands in every Secret and ConfigMap of the play; it must stand in no log. */
export const MARKER = "bWFya2VyLW9mLXRoZS1wcm94eQ";

export const NAMESPACE = "harvester";
export const NODE = "small-batch-0";
export const IMAGE_DIGEST = "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270";
const QUEUE = "TEST-K8S";
const JOBS = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;

/** The workers: one runs out of memory and its Job is deleted by Harvester, one is evicted by an administrator. */
export const WORKERS = { outOfMemory: 4711, evicted: 4712 } as const;

/** Names of the workers' pods. */
export type PodNames = Readonly<Record<keyof typeof WORKERS, string>>;

interface Named {
  readonly metadata: { readonly name: string; readonly finalizers?: readonly string[] };
}

/** Plays both lives to their end. */
export async function playLives(api: KubeApi): Promise<PodNames> {
  const harvester = await declareQueue(api);
  await harvester.must("POST", `/api/v1/namespaces/${NAMESPACE}/secrets`, {
    metadata: { name: "proxy-secret" },
    stringData: { x509up_u25606_prod: MARKER },
  });
  await harvester.must("POST", `/api/v1/namespaces/${NAMESPACE}/configmaps`, {
    metadata: { name: String(WORKERS.outOfMemory) },
    data: { "pandaJobData.out": MARKER },
  });
  const outOfMemory = await submit(api, harvester, WORKERS.outOfMemory);
  const evicted = await submit(api, harvester, WORKERS.evicted);
  const kubelet = await api.as({ user: `system:node:${NODE}`, groups: ["system:nodes"] });
  await runOnNode(api, kubelet, outOfMemory);
  await runOnNode(api, kubelet, evicted);
  await kubelet.must("GET", `/api/v1/namespaces/${NAMESPACE}/secrets/proxy-secret`);
  // No node is there to answer; that somebody tried is what counts.
  await api.admin.call("GET", `${PODS}/${outOfMemory}/exec?container=job-container&command=cat&command=/proxy/x`);
  await kubelet.must("PATCH", `${PODS}/${outOfMemory}/status`, { status: ended("OOMKilled", 137) });
  await api.admin.must("POST", `${PODS}/${evicted}/eviction`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: evicted },
  });
  await kubelet.must("PATCH", `${PODS}/${evicted}/status`, { status: ended("Error", 143) });
  await harvester.must("DELETE", `${JOBS}/grid-job-${WORKERS.outOfMemory}`, { propagationPolicy: "Background" });
  await api.until("the Job controller to have counted both pods", async () => {
    const left = await Promise.all([outOfMemory, evicted].map((pod) => finalizers(api, pod)));
    return left.flat().length === 0;
  });
  return { outOfMemory, evicted };
}

/** The queue of the small site, and Harvester with its own rights in it. */
async function declareQueue(api: KubeApi): Promise<KubeApiClient> {
  const small = site("small");
  const { recording } = await record({}, () => {
    new SiteSecurity("security", known(small));
    new QueueNamespace(NAMESPACE, queueArgs(small, QUEUE));
  });
  await applyDeclared(api.admin, recording);
  return api.as(harvesterIdentity);
}

/** The name of the pod that the Job controller makes of a worker's Job. */
async function submit(api: KubeApi, harvester: KubeApiClient, workerId: number): Promise<string> {
  const { jobTemplate, cric } = harvesterHandover(known(site("small")))[QUEUE];
  const view = {
    queue: QUEUE,
    cric: cric as CricQueue,
    mode: "PULL" as const,
    harvesterId: "test",
    proxySecretPath: "/proxy/x509up_u25606_prod",
  };
  const job = changedJob(parse(jobTemplate) as object, { workerId, cores: 1, memoryMb: 1750 }, view);
  await api.until("Harvester's rights in the queue", async () => (await harvester.call("GET", JOBS)).status === 200);
  await harvester.must("POST", JOBS, job);
  let pods: Named[] = [];
  await api.until(`the pod of worker ${workerId}`, async () => {
    const selector = encodeURIComponent(`job-name=grid-job-${workerId}`);
    pods = (await api.admin.must<{ items: Named[] }>("GET", `${PODS}?labelSelector=${selector}`)).items;
    return pods.length === 1;
  });
  return pods[0].metadata.name;
}

/** The Job controller holds a pod until it has counted its end; of a pod that goes sooner it makes another. */
async function finalizers(api: KubeApi, pod: string): Promise<readonly string[]> {
  const { metadata } = await api.admin.must<Named>("GET", `${PODS}/${pod}`);
  return metadata.finalizers ?? [];
}

async function runOnNode(api: KubeApi, kubelet: KubeApiClient, pod: string): Promise<void> {
  const scheduler = await api.as({ user: "system:kube-scheduler", groups: [] });
  await scheduler.must("POST", `${PODS}/${pod}/binding`, {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: pod },
    target: { kind: "Node", name: NODE },
  });
  const startedAt = new Date().toISOString().replace(/\.\d+Z/, "Z");
  const state = { running: { startedAt } };
  await kubelet.must("PATCH", `${PODS}/${pod}/status`, {
    status: { phase: "Running", startTime: startedAt, containerStatuses: [{ ...container, ready: true, state }] },
  });
}

const container = {
  name: "job-container",
  ready: false,
  restartCount: 0,
  image: "gitlab-registry.cern.ch/panda/harvester-k8s-images/adc-alma9:20241003",
  imageID: `gitlab-registry.cern.ch/panda/harvester-k8s-images/adc-alma9@${IMAGE_DIGEST}`,
};

function ended(reason: string, exitCode: number): object {
  const finishedAt = new Date().toISOString().replace(/\.\d+Z/, "Z");
  const state = { running: null, terminated: { reason, exitCode, startedAt: finishedAt, finishedAt } };
  return { phase: "Failed", containerStatuses: [{ ...container, state }] };
}

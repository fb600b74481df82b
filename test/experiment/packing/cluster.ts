/** The control plane of the experiment: real etcd, API server, controller manager and scheduler; kwok plays the kubelets. */
import { harvesterSubject } from "../../../components/harvester/remoteAccess";
import { CvmfsClaim } from "../../../components/cvmfs/CvmfsClaim";
import { CVMFS_CLAIM, CVMFS_CLASS } from "../../../components/cvmfs/names";
import type { ClientIdentity } from "../../../components/cluster/pki";
import { QueueNamespace } from "../../../components/security/QueueNamespace";
import { SiteSecurity } from "../../../components/security/SiteSecurity";
import { record } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import { known, queueArgs } from "../../support/componentArgs";
import { KubeApi } from "../../support/kubeApi";
import { EXPERIMENT_BINARIES } from "../../support/kubeApiBinaries";
import type { KubeApiClient } from "../../support/kubeApiClient";
import { applyDeclared } from "../../support/kubeApiObjects";
import { ensureToolchain } from "../../toolchain";
import { kwokStages } from "./kwokStages";
import { jobMaker, nodeOf, schedulerFile, type BatchSite, type Profile, type Rates } from "./siteNodes";

/** Controllers beside those of every API: finished Jobs and their pods are removed as on a site, and claims are bound. */
const CONTROLLERS = [
  "ttl-after-finished-controller",
  "garbage-collector-controller",
  "persistentvolume-binder-controller",
];

/** The site's Harvester as the API knows it; one inside the cluster has a token instead of this certificate. */
function harvesterOf(site: Site): ClientIdentity {
  const subject = harvesterSubject(site);
  return subject.kind === "User"
    ? { user: subject.name, groups: [] }
    : { user: `system:serviceaccount:${subject.namespace}:${subject.name}`, groups: ["system:serviceaccounts"] };
}

/** The API takes up admission policies some time after they are created; no job may come before they are in force. */
function rulesInForce(api: KubeApi, batch: BatchSite): Promise<void> {
  const job = jobMaker(batch, 1)(0, 1, 1);
  job.spec.template.spec.hostNetwork = true;
  const path = `/apis/batch/v1/namespaces/${batch.queue.namespace}/jobs?dryRun=All`;
  const refused = async () => (await api.admin.call("POST", path, job)).status === 422;
  return api.until("the site's rules on Jobs to be in force", refused, 60);
}

/** The volume that the CVMFS driver would provide: the scheduler places no pod whose claim is not bound. */
async function bindClaim(api: KubeApi, namespace: string): Promise<void> {
  const claim = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${CVMFS_CLAIM}`;
  await api.admin.must("POST", "/api/v1/persistentvolumes", {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "cvmfs" },
    spec: {
      accessModes: ["ReadOnlyMany"],
      capacity: { storage: "1Mi" },
      storageClassName: CVMFS_CLASS,
      claimRef: { namespace, name: CVMFS_CLAIM },
      hostPath: { path: "/cvmfs" },
    },
  });
  await api.until("the claim of CVMFS to be bound", async () => {
    const { status } = await api.admin.must<{ status: { phase?: string } }>("GET", claim);
    return status.phase === "Bound";
  });
}

/** Rates of the controller manager: those that kubeadm's configuration of a site has, and Kubernetes' own. */
const CONTROLLER_RATES = { site: { qps: 100, burst: 200 }, stock: { qps: 20, burst: 30 } } as const;

/** Calls that are under way together. */
const CALLS = 16;

/** A running control plane with the site's nodes, rules and queue. */
export interface ExperimentCluster {
  readonly api: KubeApi;
  /** Harvester, by the rights that the site gives it. */
  readonly harvester: KubeApiClient;
}

/** Does something for each item, so many at a time. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items].reverse();
  const worker = async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: CALLS }, worker));
}

/**
 * Starts a control plane, and declares the site's nodes, rules and queue in it.
 * @throws Error with the end of the programs' logs when something does not start
 */
export async function startCluster(batch: BatchSite, profile: Profile, rates: Rates): Promise<ExperimentCluster> {
  const toolchain = await ensureToolchain({ only: EXPERIMENT_BINARIES });
  const api = await KubeApi.start(CONTROLLERS, CONTROLLER_RATES[rates]);
  try {
    const { site } = batch;
    const { recording } = await record({}, () => {
      new SiteSecurity("security", known(site));
      for (const [queue, { namespace }] of Object.entries(site.queues)) {
        new QueueNamespace(namespace, queueArgs(site, queue));
        if (site.cvmfs.mode === "csi") new CvmfsClaim(`${namespace}-cvmfs`, { namespace });
      }
    });
    await applyDeclared(api.admin, recording);
    if (site.cvmfs.mode === "csi") await bindClaim(api, batch.queue.namespace);
    const config = { "scheduler.yaml": schedulerFile(profile, api.kubeconfigFile, rates), "kwok.yaml": kwokStages() };
    const scheduler = (folder: string) => [`--config=${folder}/scheduler.yaml`, "--secure-port=0"];
    const kwok = (folder: string) => [
      `--kubeconfig=${folder}/kubeconfig`,
      `--config=${folder}/kwok.yaml`,
      "--manage-all-nodes=true",
      "--node-lease-duration-seconds=0",
    ];
    api.run("kube-scheduler", toolchain.binary("kube-scheduler"), scheduler, config);
    api.run("kwok", toolchain.binary("kwok"), kwok);
    await rulesInForce(api, batch);
    await each(batch.machines, async (machine) => {
      await api.admin.must("POST", "/api/v1/nodes", nodeOf(batch, machine));
      // The API marks every new node as not ready, and the controller that takes the mark off does not run: nobody's health is in question.
      await api.admin.must("PATCH", `/api/v1/nodes/${machine.name}`, { spec: { taints: batch.pool.taints } });
    });
    await api.until(`${batch.machines.length} nodes to be Ready`, async () => {
      const { items } = await api.admin.must<NodeList>("GET", "/api/v1/nodes?resourceVersion=0");
      return items.every(({ spec, status }) => {
        const ready = status.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false;
        return ready && !(spec.taints ?? []).some(({ key }) => key.startsWith("node.kubernetes.io/"));
      });
    });
    return { api, harvester: await api.as(harvesterOf(site)) };
  } catch (error) {
    await api.close();
    throw error;
  }
}

interface NodeList {
  items: {
    spec: { taints?: { key: string }[] };
    status: { conditions?: { type: string; status: string }[] };
  }[];
}

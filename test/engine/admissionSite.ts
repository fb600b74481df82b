/** The site whose rules the tests try on a real API, and what the API says of objects under them. */
import { known, queueArgs } from "../support/componentArgs";
import { QueueNamespace } from "../../components/security/QueueNamespace";
import { SiteSecurity } from "../../components/security/SiteSecurity";
import { admissionPolicies } from "../../components/security/admission/policies";
import { podSecurityLabels } from "../../components/security/podSecurity";
import type { Site } from "../../stacks/site/site";
import { siteFromConfig } from "../../stacks/site/load";
import { record } from "../../stacks/site/offline/recorder";
import type { KubeApi } from "../support/kubeApi";
import type { KubeAnswer } from "../support/kubeApiClient";
import { applyDeclared } from "../support/kubeApiObjects";
import { variants } from "../support/sites";
import { IMAGE_PATH, podSpec } from "./admissionCase";

/** Queues of the test site: one as ATLAS payloads need it, one confined. */
export const QUEUES = { open: "apptainer", confined: "confined" } as const;

/** Label of a pool's nodes, and of the namespaces whose pods must run there. */
export const POOL = "atlas-site/pool";

/** Namespace with a queue's labels but the one that binds: there every broken rule is told and none refuses. */
export const TOLD = "told";

const BINDINGS = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";

/** A site with two queues; registries are those of the cases, of the published fixtures and of UVic's template. */
export function testSite(cvmfs: Site["cvmfs"]["mode"]): Site {
  const queue = {
    pool: "batch",
    largestJob: { cores: 8, memoryMb: 14_000, scratchMb: 40_000 },
    image: `${IMAGE_PATH}/grid-el9:1`,
  };
  const { pools, ...cloud } = variants.zonesVolumesTaints.cloud as { pools: Record<string, object> };
  const services = {
    role: "services",
    count: 1,
    flavor: { name: "s", vcpus: 2, ramMb: 4096, diskGb: 20 },
    addresses: "10.64.0.64/28",
    taints: [{ key: "site.example/services", effect: "NoSchedule" }],
  };
  const sections: Record<string, unknown> = {
    ...variants.zonesVolumesTaints,
    site: { name: "admission" },
    cloud: { ...cloud, pools: { ...pools, services } },
    cvmfs: { mode: cvmfs, ...(cvmfs === "none" ? {} : { proxies: ["http://squid.example:3128"], cacheQuotaMb: 4000 }) },
    security: { imageRegistries: ["registry.k8s.io", "git.computecanada.ca:4567/rptaylor/misc"] },
    queues: {
      "OPEN-K8S": { ...queue, namespace: QUEUES.open, seccomp: "Unconfined" },
      "CONFINED-K8S": { ...queue, namespace: QUEUES.confined },
    },
  };
  return siteFromConfig((section) => sections[section]);
}

/** Declares a site's security in the API, and the namespace `told` beside it; waits until the policies are in force. */
export async function declare(api: KubeApi, site: Site): Promise<void> {
  const { recording } = await record({}, () => {
    new SiteSecurity("security", known(site));
    for (const [queue, { namespace }] of Object.entries(site.queues)) {
      new QueueNamespace(namespace, queueArgs(site, queue));
    }
  });
  await applyDeclared(api.admin, recording);
  const apply = (path: string, object: object) =>
    api.admin.must("APPLY", `${path}?fieldManager=test&force=true`, object);
  const labels = {
    [TOLD]: "true",
    [POOL]: "batch",
    ...podSecurityLabels({ enforce: "privileged", notice: "privileged" }),
  };
  await apply(`/api/v1/namespaces/${TOLD}`, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: TOLD, labels },
  });
  const account = { apiVersion: "v1", kind: "ServiceAccount", automountServiceAccountToken: false };
  for (const [namespace, name] of [
    [TOLD, "default"],
    ...[TOLD, ...Object.values(QUEUES)].map((one) => [one, "builder"]),
  ]) {
    await apply(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}`, { ...account, metadata: { name } });
  }
  for (const { name: policyName } of admissionPolicies(known(site))) {
    const name = `told-${policyName}`;
    const matchResources = { namespaceSelector: { matchLabels: { [TOLD]: "true" } } };
    await apply(`${BINDINGS}/${name}`, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name },
      spec: { policyName, validationActions: ["Warn"], matchResources },
    });
  }
  await inForce(api, site);
}

/** The API takes policies up by and by: until each kind tells of a rule that only this site's mode of CVMFS has. */
async function inForce(api: KubeApi, site: Site): Promise<void> {
  const rule = site.cvmfs.mode === "host" ? "host-path-cvmfs-only" : "no-host-path";
  const spec = podSpec({ pod: { volumes: [{ name: "v", hostPath: { path: "/etc" } }] } });
  const [, jobs] = KINDS;
  // Where Pod Security holds pods to Baseline it refuses them first, and never looks at Jobs.
  const places = [TOLD, QUEUES.open].flatMap((namespace) => KINDS.map((kind) => ({ namespace, kind })));
  for (const { namespace, kind } of [...places, { namespace: QUEUES.confined, kind: jobs }]) {
    await api.until(`rule ${rule} for ${kind.name} in namespace ${namespace}`, async () => {
      return verdict(await post(api, namespace, kind, spec)).includes(rule);
    });
  }
}

/** A kind of object that holds a pod. */
export interface Kind {
  readonly name: string;
  readonly path: (namespace: string) => string;
  /** Where its pod is. */
  readonly pod: string;
  readonly object: (spec: object) => object;
}

const labels = { app: "case" };
const template = (spec: object) => ({ metadata: { labels }, spec });
/** The API takes neither a deadline nor an end from a workload that always runs. */
const endless = (spec: object) => template({ ...spec, restartPolicy: "Always", activeDeadlineSeconds: undefined });
const kind = (name: string, api: string, pod: string, object: (spec: object) => object): Kind => {
  return { name, path: (namespace) => `/${api}/namespaces/${namespace}/${name}`, pod, object };
};
const workload = (name: string) =>
  kind(name, "apis/apps/v1", "spec.template.spec", (spec) => ({
    spec: {
      selector: { matchLabels: labels },
      template: endless(spec),
      ...(name === "statefulsets" ? { serviceName: "s" } : {}),
    },
  }));

/** Pods, and the kind that Harvester makes them from. */
export const KINDS: readonly Kind[] = [
  kind("pods", "api/v1", "spec", (spec) => ({ spec })),
  kind("jobs", "apis/batch/v1", "spec.template.spec", (spec) => ({
    spec: { backoffLimit: 0, ttlSecondsAfterFinished: 86_400, template: template(spec) },
  })),
];

/** Every other kind of object that a pod can come from. */
export const OTHER_KINDS: readonly Kind[] = [
  kind("cronjobs", "apis/batch/v1", "spec.jobTemplate.spec.template.spec", (spec) => {
    return { spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template: template(spec) } } } };
  }),
  ...["deployments", "daemonsets", "statefulsets", "replicasets"].map(workload),
  kind("replicationcontrollers", "api/v1", "spec.template.spec", (spec) => {
    return { spec: { selector: labels, template: endless(spec) } };
  }),
  kind("podtemplates", "api/v1", "template.spec", (spec) => ({ template: template(spec) })),
];

/** Asks the API, as administrator, to create an object of a kind, and to forget it. */
export function post(api: KubeApi, namespace: string, { path, object }: Kind, spec: object): Promise<KubeAnswer> {
  return api.admin.call("POST", `${path(namespace)}?dryRun=All`, { metadata: { name: "case" }, ...object(spec) });
}

/**
 * Names of the rules an answer tells of: all that are broken where they only warn, the first one where they refuse.
 * @throws Error when the API refused for another reason
 */
export function verdict({ status, text, warnings }: KubeAnswer): string[] {
  const told = [
    ...(status === 201 || status === 200 ? [] : [text]),
    ...warnings.filter((warning) => warning.includes("atlas-site-")),
  ];
  const rules = told.map((one) => /'(?:told-)?atlas-site-[a-z]+'[^:]*: ([a-z-]+): /.exec(one)?.[1]);
  if (rules.includes(undefined)) {
    throw new Error(`no rule of ours in: ${status} ${told.join("\n")}`);
  }
  return rules.filter((rule) => rule !== undefined).sort();
}

/** A watched site for the tests on a real API: all of it declared there, its pods made by hand, since there is no node. */
import { InfrastructureNamespace } from "../../components/kubernetes/InfrastructureNamespace";
import { cvmfsArgs, known, monitored, queueArgs } from "../support/componentArgs";
import { QueueNamespace } from "../../components/security/QueueNamespace";
import { SiteSecurity } from "../../components/security/SiteSecurity";
import { Cvmfs } from "../../components/cvmfs/Cvmfs";
import { Monitoring } from "../../components/monitoring/Monitoring";
import { LOGS_NAMESPACE } from "../../components/traceability/names";
import { record } from "../../stacks/site/offline/recorder";
import { siteSchema, type Site } from "../../stacks/site/site";
import type { KubeApi } from "../support/kubeApi";
import { applyDeclared, type KubeObject } from "../support/kubeApiObjects";
import { variants } from "../support/sites";

const routes = [{ receiver: "pager", severities: ["critical"] }];

/** A site with CVMFS, squids, shipping of logs, accounting and everything that watches. */
export const monitoredSite: Site = siteSchema.parse({
  ...variants.hostCvmfs,
  monitoring: { mode: "prometheus", pool: "services", routes, grafana: {} },
  logs: { mode: "otlp", endpoint: "https://logs.example" },
  accounting: { mode: "kuantifier", siteName: "TEST-T2", hs06PerCore: 10 },
});

/** Receivers as the secret has them. */
export const RECEIVERS = 'name: pager\nwebhook_configs: [{ url: "https://pager.example/token" }]'
  .split("\n")
  .map((line, i) => `${i === 0 ? "- " : "  "}${line}`)
  .join("\n");

/** A workload with a pod template. */
export interface Workload extends KubeObject {
  readonly spec: {
    readonly template: { readonly metadata: { readonly labels: Record<string, string> }; readonly spec: object };
    readonly volumeClaimTemplates?: { readonly metadata: { readonly name: string } }[];
  };
}

/** Brings a site's monitoring, and what it stands on, into the API; what was brought. */
export async function declareMonitored(api: KubeApi, site: Site): Promise<KubeObject[]> {
  const { recording } = await record({}, () => {
    const security = new SiteSecurity("security", known(site));
    new Cvmfs("cvmfs", cvmfsArgs(site));
    for (const [queue, { namespace }] of Object.entries(site.queues)) {
      new QueueNamespace(namespace, queueArgs(site, queue), { dependsOn: [security] });
    }
    // Of log shipping only the place where its pods would be.
    new InfrastructureNamespace("logs", { namespace: LOGS_NAMESPACE, level: "privileged" });
    new Monitoring("monitoring", { ...monitored(site), storageClass: "fast", receivers: RECEIVERS });
  });
  return applyDeclared(api.admin, recording);
}

/** Workloads among objects. */
export function workloads(objects: readonly KubeObject[]): Workload[] {
  return objects.filter(({ kind }) => ["DaemonSet", "Deployment", "StatefulSet"].includes(kind)) as Workload[];
}

/** The pod a controller would make of a workload; folders stand for claims, which it would make, too. */
export function podOf({ metadata, spec }: Workload, more: object = {}) {
  const { volumes = [], ...pod } = spec.template.spec as { volumes?: object[] };
  const claimed = (spec.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => ({ name, emptyDir: {} }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${metadata.name}-0`, namespace: metadata.namespace, labels: spec.template.metadata.labels },
    spec: { ...pod, volumes: [...volumes, ...claimed], ...more },
  };
}

/** kube-state-metrics: what its two instances look at, their rights and their pods, as plain values. */
import { queueNamespaces, type MonitoredSite } from "./monitoredSite";
import { imageReference, versions } from "../../versions";
import { kubernetesRequests, type Resources } from "../kubernetes/resources";
import { INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";
import { CONFINED, unprivileged, NOBODY } from "../kubernetes/securityContext";
import { placementOf } from "./placement";

/** Name of the instance that sees the whole cluster and no Secret. */
export const STATE_METRICS = "kube-state-metrics";

/** Name of the instance that sees the Secrets of the queues' namespaces and nothing else. */
export const CREDENTIAL_METRICS = "credential-metrics";

/** Port of the metrics. */
export const STATE_METRICS_PORT = 8080;
/** Port of what the program says of itself; its readiness is asked there. */
export const STATE_METRICS_OWN_PORT = 8081;

/** Kinds of objects by API group: those that rules, dashboards and accounting stand on. */
export const WATCHED_KINDS: Readonly<Record<string, readonly string[]>> = {
  "": ["pods", "nodes", "namespaces", "resourcequotas", "persistentvolumeclaims"],
  batch: ["jobs", "cronjobs"],
  apps: ["daemonsets", "deployments", "statefulsets"],
};

/** Labels of Harvester's pods that tell queue and kind of job apart. */
const POD_LABELS = ["resourceType", "prodSourceLabel", "pq"];

/** Of each of some ten thousand pods nobody asks for these. */
const UNUSED = [
  "kube_.+_annotations",
  "kube_pod_ips",
  "kube_pod_restart_policy",
  "kube_pod_runtimeclass_name_info",
  "kube_pod_service_account",
  "kube_pod_spec_volumes_persistentvolumeclaims_.+",
  "kube_pod_status_qos_class",
  "kube_pod_tolerations",
];

/** Of a Secret only when it was made and when it changed last: that shows whether Harvester renews its proxy. */
const SECRET_METRICS = ["kube_secret_metadata_resource_version", "kube_secret_created"];

/** One instance. */
export interface StateMetricsPlan {
  readonly name: string;
  readonly args: string[];
  readonly requests: Resources;
  readonly memoryLimitMb: number;
}

/**
 * Measured on a real API: 53 MiB with no pod and 63 MiB with 1,000 that wait. A site keeps up to 12,500 ended ones, which
 * have some three times the series: the limit is an estimate from that.
 */
const STATE_REQUESTS: Resources = { cpuMilli: 50, memoryMb: 128 };
const STATE_LIMIT_MB = 1024;
/** Measured: 51 MiB. */
const CREDENTIAL_REQUESTS: Resources = { cpuMilli: 10, memoryMb: 56 };
const CREDENTIAL_LIMIT_MB = 128;

/** The instance that sees the cluster. */
export function clusterInstance(): StateMetricsPlan {
  return {
    name: STATE_METRICS,
    args: [
      `--resources=${Object.values(WATCHED_KINDS).flat().join(",")}`,
      `--metric-labels-allowlist=pods=[${POD_LABELS.join(",")}]`,
      `--metric-denylist=${UNUSED.join(",")}`,
    ],
    requests: STATE_REQUESTS,
    memoryLimitMb: STATE_LIMIT_MB,
  };
}

/** The instance that sees Secrets of the queues' namespaces. */
export function credentialInstance(site: Pick<MonitoredSite, "queues">): StateMetricsPlan {
  return {
    name: CREDENTIAL_METRICS,
    args: [
      "--resources=secrets",
      `--namespaces=${queueNamespaces(site).join(",")}`,
      `--metric-allowlist=${SECRET_METRICS.join(",")}`,
    ],
    requests: CREDENTIAL_REQUESTS,
    memoryLimitMb: CREDENTIAL_LIMIT_MB,
  };
}

/** What the first instance may read, in the whole cluster. */
export function clusterRules() {
  return Object.entries(WATCHED_KINDS).map(([group, resources]) => ({
    apiGroups: [group],
    resources: [...resources],
    verbs: ["list", "watch"],
  }));
}

/** What the second may read, in each queue's namespace. To count Secrets the API sends their content, so it runs apart. */
export const CREDENTIAL_RULES = [{ apiGroups: [""], resources: ["secrets"], verbs: ["list", "watch"] }];

/** The pod of an instance; its ServiceAccount has its name. */
export function stateMetricsPod(
  site: Pick<MonitoredSite, "site" | "capabilities" | "monitoring">,
  plan: StateMetricsPlan,
) {
  return {
    ...placementOf(site),
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    serviceAccountName: plan.name,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    securityContext: unprivileged(NOBODY),
    containers: [
      {
        name: STATE_METRICS,
        image: imageReference(versions.images.kubeStateMetrics, site.site.registryPrefix),
        args: [`--port=${STATE_METRICS_PORT}`, `--telemetry-port=${STATE_METRICS_OWN_PORT}`, ...plan.args],
        ports: [
          { name: "metrics", containerPort: STATE_METRICS_PORT },
          { name: "own-metrics", containerPort: STATE_METRICS_OWN_PORT },
        ],
        readinessProbe: { httpGet: { path: "/readyz", port: "own-metrics" }, periodSeconds: 10, timeoutSeconds: 5 },
        livenessProbe: {
          httpGet: { path: "/livez", port: "metrics" },
          initialDelaySeconds: 10,
          periodSeconds: 30,
          timeoutSeconds: 5,
          failureThreshold: 4,
        },
        resources: {
          requests: kubernetesRequests(plan.requests),
          limits: { memory: `${plan.memoryLimitMb}Mi` },
        },
        securityContext: CONFINED,
      },
    ],
  };
}

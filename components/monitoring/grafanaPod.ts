/** The pod of Grafana and whom it may talk to, as plain values. */
import type { MonitoredSite } from "./monitoredSite";
import { imageReference, versions } from "../../versions";
import { kubernetesRequests, type Resources } from "../kubernetes/resources";
import { INFRASTRUCTURE_PRIORITY, labelsOf } from "../kubernetes/names";
import { CONFINED, unprivileged } from "../kubernetes/securityContext";
import { allowDns, allowEgress, tcp, type NetworkPolicySpec } from "../kubernetes/networkPolicy";
import {
  ADMINISTRATOR_KEYS,
  CONFIGURATION_PATHS,
  GRAFANA_ADMINISTRATOR,
  GRAFANA_CONFIGURATION,
  GRAFANA_DASHBOARDS,
  GRAFANA_DATA,
} from "./grafanaConfiguration";
import { GRAFANA, GRAFANA_PORT, PROMETHEUS, PROMETHEUS_PORT } from "./names";
import { placementOf } from "./placement";

/** Label of the pods. */
export const GRAFANA_LABELS = labelsOf(GRAFANA);

/** Name of the ConfigMap with the dashboards. */
export const DASHBOARDS_CONFIG_MAP = `${GRAFANA}-dashboards`;

/** User of upstream's image. */
const GRAFANA_UID = 472;

/** A place to start from: a handful of people who look at five dashboards. Never measured, see docs/dashboards.md. */
const REQUESTS: Resources = { cpuMilli: 100, memoryMb: 192 };
const MEMORY_LIMIT_MB = 512;

/** What of a site the pod depends on. */
type PodSite = Pick<MonitoredSite, "site" | "capabilities" | "monitoring">;

/**
 * Nothing in: who looks comes by a port-forward, which NetworkPolicies do not see. Out: Prometheus in the same namespace,
 * and its name.
 */
export function grafanaPolicy(): NetworkPolicySpec {
  const prometheus = { podSelector: { matchLabels: labelsOf(PROMETHEUS) } };
  return allowEgress(GRAFANA_LABELS, [allowDns(), { to: [prometheus], ports: tcp(PROMETHEUS_PORT) }]);
}

/**
 * The pod's spec.
 * @param secretName the operator's Secret with name and password of Grafana's administrator
 */
export function grafanaPodSpec(site: PodSite, secretName: string) {
  return {
    ...placementOf(site),
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    serviceAccountName: GRAFANA,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: unprivileged(GRAFANA_UID),
    containers: [container(site)],
    volumes: [
      { name: "configuration", configMap: { name: GRAFANA, items: items(CONFIGURATION_PATHS) } },
      { name: "dashboards", configMap: { name: DASHBOARDS_CONFIG_MAP } },
      // Just the two keys: what else the operator keeps in that Secret is not Grafana's.
      {
        name: "administrator",
        secret: {
          secretName,
          defaultMode: 0o440,
          items: Object.values(ADMINISTRATOR_KEYS).map((key) => ({ key, path: key })),
        },
      },
      { name: "data", emptyDir: { sizeLimit: "1Gi" } },
      { name: "temporary", emptyDir: { sizeLimit: "1Gi" } },
    ],
  };
}

function container(site: PodSite) {
  const health = { httpGet: { path: "/api/health", port: "http" }, timeoutSeconds: 5 };
  return {
    name: GRAFANA,
    image: imageReference(versions.images.grafana, site.site.registryPrefix),
    env: [
      { name: "GF_PATHS_CONFIG", value: `${GRAFANA_CONFIGURATION}/grafana.ini` },
      { name: "GF_PATHS_PROVISIONING", value: `${GRAFANA_CONFIGURATION}/provisioning` },
    ],
    ports: [{ name: "http", containerPort: GRAFANA_PORT }],
    // The first start makes the tables of its database.
    startupProbe: { ...health, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...health, periodSeconds: 10 },
    livenessProbe: { ...health, periodSeconds: 30, failureThreshold: 4 },
    resources: {
      requests: kubernetesRequests(REQUESTS),
      limits: { memory: `${MEMORY_LIMIT_MB}Mi` },
    },
    securityContext: CONFINED,
    volumeMounts: [
      { name: "configuration", mountPath: GRAFANA_CONFIGURATION, readOnly: true },
      { name: "dashboards", mountPath: GRAFANA_DASHBOARDS, readOnly: true },
      { name: "administrator", mountPath: GRAFANA_ADMINISTRATOR, readOnly: true },
      { name: "data", mountPath: GRAFANA_DATA },
      { name: "temporary", mountPath: "/tmp" },
    ],
  };
}

function items(paths: Readonly<Record<string, string>>): { key: string; path: string }[] {
  return Object.entries(paths).map(([key, path]) => ({ key, path }));
}

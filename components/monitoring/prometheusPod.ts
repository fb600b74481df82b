/** The pod of Prometheus, as plain values. */
import type { MonitoredSite } from "./monitoredSite";
import { imageReference, versions } from "../../versions";
import { kubernetesRequests } from "../kubernetes/resources";
import { INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";
import { CONFINED, unprivileged, NOBODY } from "../kubernetes/securityContext";
import { PROMETHEUS, PROMETHEUS_PORT } from "./names";
import { placementOf } from "./placement";
import { prometheusFlags, prometheusRequests, PROMETHEUS_PATHS, softMemoryLimitMb } from "./prometheusPlan";

/** Name of the claim in the pod. */
export const DATA_VOLUME = "data";

/** Name of the ConfigMap with the rule files. */
export const RULES_CONFIG_MAP = `${PROMETHEUS}-rules`;

/** The pod; its claim is the StatefulSet's. */
export function prometheusPod(site: Pick<MonitoredSite, "site" | "capabilities" | "monitoring" | "accounting">) {
  const plan = site.monitoring;
  return {
    ...placementOf(site),
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    serviceAccountName: PROMETHEUS,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    // It writes down what it holds in memory.
    terminationGracePeriodSeconds: 120,
    securityContext: unprivileged(NOBODY),
    containers: [
      {
        name: PROMETHEUS,
        image: imageReference(versions.images.prometheus, site.site.registryPrefix),
        args: prometheusFlags(site),
        env: [{ name: "GOMEMLIMIT", value: `${softMemoryLimitMb(plan)}MiB` }],
        ports: [{ name: "http", containerPort: PROMETHEUS_PORT }],
        // After a start it reads the log of the newest hours again, which takes minutes on a large site.
        startupProbe: { httpGet: { path: "/-/ready", port: "http" }, periodSeconds: 5, failureThreshold: 240 },
        readinessProbe: { httpGet: { path: "/-/ready", port: "http" }, periodSeconds: 10, timeoutSeconds: 5 },
        livenessProbe: {
          httpGet: { path: "/-/healthy", port: "http" },
          periodSeconds: 30,
          timeoutSeconds: 10,
          failureThreshold: 6,
        },
        resources: {
          requests: kubernetesRequests(prometheusRequests(plan)),
          limits: { memory: `${plan.memoryMb}Mi` },
        },
        securityContext: CONFINED,
        volumeMounts: [
          { name: "configuration", mountPath: PROMETHEUS_PATHS.configuration, readOnly: true },
          { name: "rules", mountPath: PROMETHEUS_PATHS.rules, readOnly: true },
          { name: DATA_VOLUME, mountPath: PROMETHEUS_PATHS.data },
        ],
      },
    ],
    volumes: [
      { name: "configuration", configMap: { name: PROMETHEUS } },
      { name: "rules", configMap: { name: RULES_CONFIG_MAP } },
    ],
  };
}

/** The pod of Alertmanager, as plain values. */
import type { MonitoredSite } from "./monitoredSite";
import { imageReference, versions } from "../../versions";
import { kubernetesRequests, type Resources } from "../kubernetes/resources";
import { INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";
import { CONFINED, unprivileged, NOBODY } from "../kubernetes/securityContext";
import { ALERTMANAGER, ALERTMANAGER_PORT } from "./names";
import { placementOf } from "./placement";

/** GB of its volume: silences, and which alerts were told already. */
export const ALERTMANAGER_VOLUME_GB = 1;

/** Name of the configuration among the files of its Secret. */
export const ALERTMANAGER_FILE = "alertmanager.yaml";

/** Name of the claim in the pod. */
export const ALERTMANAGER_DATA = "data";

const CONFIGURATION = "/etc/alertmanager";
const DATA = "/alertmanager";
const REQUESTS: Resources = { cpuMilli: 10, memoryMb: 48 };

/** The pod; its claim is the StatefulSet's. */
export function alertmanagerPod(site: Pick<MonitoredSite, "site" | "capabilities" | "monitoring">) {
  return {
    ...placementOf(site),
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    serviceAccountName: ALERTMANAGER,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: unprivileged(NOBODY),
    containers: [
      {
        name: ALERTMANAGER,
        image: imageReference(versions.images.alertmanager, site.site.registryPrefix),
        args: [
          `--config.file=${CONFIGURATION}/${ALERTMANAGER_FILE}`,
          `--storage.path=${DATA}`,
          // It is alone: no port for others of its kind.
          "--cluster.listen-address=",
        ],
        ports: [{ name: "http", containerPort: ALERTMANAGER_PORT }],
        readinessProbe: { httpGet: { path: "/-/ready", port: "http" }, periodSeconds: 10 },
        livenessProbe: { httpGet: { path: "/-/healthy", port: "http" }, periodSeconds: 30, failureThreshold: 4 },
        resources: { requests: kubernetesRequests(REQUESTS), limits: { memory: "128Mi" } },
        securityContext: CONFINED,
        volumeMounts: [
          { name: "configuration", mountPath: CONFIGURATION, readOnly: true },
          { name: ALERTMANAGER_DATA, mountPath: DATA },
        ],
      },
    ],
    volumes: [{ name: "configuration", secret: { secretName: ALERTMANAGER, defaultMode: 0o440 } }],
  };
}

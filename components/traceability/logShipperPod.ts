/** Pods of the log shippers as a plain value: what they see of their node, and with which rights. */
import { posix } from "node:path";
import type { Capabilities } from "../cluster/capabilities";
import { imageReference, versions } from "../../versions";
import { CONFINED } from "../kubernetes/securityContext";
import { kubernetesRequests, type Resources } from "../kubernetes/resources";
import { INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";
import type { SiteContext } from "../cluster/siteContext";
import { MEMORY_LIMIT_MIB, type CollectorFolders } from "./collectorConfiguration";
import { LOG_CHECKPOINTS, LOG_SHIPPER, LOG_SHIPPER_HEALTH_PORT, LOG_SHIPPER_METRICS_PORT } from "./names";

/** Where the kubelet keeps the output of containers. */
const POD_LOGS = "/var/log/pods";

/** Where the configuration and the token are in the container. */
const CONFIGURATION = "/etc/atlas-site";
const TOKEN = "/etc/atlas-site-token";

/** Key of the configuration in its ConfigMap. */
export const CONFIGURATION_FILE = "collector.yaml";

/** Key of the token in its Secret. */
export const TOKEN_FILE = "token";

/** Where the token is for the collector. */
export const TOKEN_PATH = posix.join(TOKEN, TOKEN_FILE);

/** Memory in MiB at which the pod is killed; the collector stops reading well before. */
const KILLED_AT_MIB = 192;

/** An estimate: pilots print little. */
export const LOG_SHIPPER_REQUESTS: Resources = { cpuMilli: 30, memoryMb: 96 };

/** Folders of a node that hold logs; the audit log is where the program configures the control plane. */
export function nodeFolders({ controlPlane }: Pick<Capabilities, "controlPlane">): CollectorFolders {
  return {
    pods: POD_LOGS,
    ...(controlPlane === undefined ? {} : { audit: controlPlane.auditLog }),
    checkpoints: LOG_CHECKPOINTS,
  };
}

/** Names of what the pod mounts. */
export interface ShipperObjects {
  /** ConfigMap with the configuration. */
  readonly configuration: string;
  /** Secret with the token; undefined: the archive wants none. */
  readonly token?: string;
}

/** The pod's spec but for its ServiceAccount. */
export function logShipperPod(
  { site, capabilities }: Pick<SiteContext, "site" | "capabilities">,
  { configuration, token }: ShipperObjects,
) {
  const { pods, audit, checkpoints } = nodeFolders(capabilities);
  const read = [
    { name: "pod-logs", path: pods, type: "Directory" },
    // Workers have no audit log: there an empty folder is made, which is less than a second DaemonSet.
    ...(audit === undefined ? [] : [{ name: "audit-log", path: audit, type: "DirectoryOrCreate" }]),
  ];
  const files = [
    { at: CONFIGURATION, volume: { name: "configuration", configMap: { name: configuration } } },
    ...(token === undefined
      ? []
      : [{ at: TOKEN, volume: { name: "token", secret: { secretName: token, defaultMode: 0o400 } } }]),
  ];
  return {
    nodeSelector: { "kubernetes.io/os": "linux" },
    // Every node, whatever keeps others away: the control plane has the audit log, and a node that is ill has a story.
    tolerations: [{ operator: "Exists" }],
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    // Namespace, pod and container are in a file's path: nobody has to be asked for them.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // What it holds is on the disk; it only finishes what is on its way.
    terminationGracePeriodSeconds: 15,
    securityContext: {
      // Logs are readable to root alone. As the files' owner it needs no capability for that, and has none.
      runAsUser: 0,
      runAsGroup: 0,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: LOG_SHIPPER,
        image: imageReference(versions.images.openTelemetryCollector, site.registryPrefix),
        args: [
          `--config=${CONFIGURATION}/${CONFIGURATION_FILE}`,
          // Else lines wait in memory for a tenth of a second, after the place in their file has moved on.
          "--feature-gates=stanza.synchronousLogEmitter",
        ],
        env: [
          { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          { name: "GOMEMLIMIT", value: `${MEMORY_LIMIT_MIB}MiB` },
        ],
        ports: [
          { name: "metrics", containerPort: LOG_SHIPPER_METRICS_PORT },
          { name: "health", containerPort: LOG_SHIPPER_HEALTH_PORT },
        ],
        readinessProbe: { httpGet: { path: "/", port: "health" }, periodSeconds: 10, timeoutSeconds: 5 },
        livenessProbe: {
          httpGet: { path: "/", port: "health" },
          initialDelaySeconds: 15,
          periodSeconds: 30,
          timeoutSeconds: 5,
          failureThreshold: 4,
        },
        resources: {
          requests: kubernetesRequests(LOG_SHIPPER_REQUESTS),
          limits: { memory: `${KILLED_AT_MIB}Mi` },
        },
        securityContext: CONFINED,
        volumeMounts: [
          ...read.map(({ name, path }) => ({ name, mountPath: path, readOnly: true })),
          { name: "checkpoints", mountPath: checkpoints },
          ...files.map(({ at, volume }) => ({ name: volume.name, mountPath: at, readOnly: true })),
        ],
      },
    ],
    volumes: [
      ...read.map(({ name, path, type }) => ({ name, hostPath: { path, type } })),
      { name: "checkpoints", hostPath: { path: checkpoints, type: "DirectoryOrCreate" } },
      ...files.map(({ volume }) => volume),
    ],
  };
}

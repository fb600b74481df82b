/** Names of the traceability layer that other layers, the commands and the tests share. */

/** Namespace of the log shippers. */
export const LOGS_NAMESPACE = "atlas-site-logs";

/** Name of the log shippers: DaemonSet, ServiceAccount and pods' label. */
export const LOG_SHIPPER = "log-shipper";

/** Port of the log shippers' own metrics, named `metrics`. */
export const LOG_SHIPPER_METRICS_PORT = 8888;

/** Port at which the kubelet asks the log shipper how it is. */
export const LOG_SHIPPER_HEALTH_PORT = 13_133;

/** The node's folder where a log shipper keeps how far it has read and what the archive has not taken yet. */
export const LOG_CHECKPOINTS = "/var/lib/atlas-site/logs";

/** What the archive knows of each line, as attributes of its resource. Container logs have the pod's beside them. */
export const LOG_ATTRIBUTES = {
  site: "k8s.cluster.name",
  node: "k8s.node.name",
  /** One of `LOG_KINDS`. */
  kind: "atlas_site.log_kind",
} as const;

/** Kinds of lines: of the API's audit log, or of a container's output. */
export const LOG_KINDS = { audit: "audit", container: "container" } as const;

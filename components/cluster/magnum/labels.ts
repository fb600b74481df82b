/**
 * Labels of Magnum clusters. Magnum itself checks no label: a driver uses it, ignores it, or refuses the cluster after it was
 * accepted. The table says which, so that a wrong label is a message of the site file and not a cluster that lacks something.
 *
 * Sources: Magnum's user guide for the Heat drivers, CERN users' public configurations for CERN's own labels, and the two
 * Cluster API drivers' code (magnum-capi-helm 1.x, magnum-cluster-api 0.38).
 */

/** Drivers behind Magnum's API, by how they treat labels. */
export const MAGNUM_DRIVERS = ["cern", "heat", "capi-helm", "cluster-api"] as const;

/** A driver behind Magnum's API. */
export type MagnumDriver = (typeof MAGNUM_DRIVERS)[number];

/** What a label's value may be. */
export type LabelKind = "boolean" | "count" | "text" | "cidr";

/** A label: its kind of value, and the drivers that use it. */
export interface MagnumLabel {
  readonly kind: LabelKind;
  readonly drivers: readonly MagnumDriver[];
}

const all: readonly MagnumDriver[] = MAGNUM_DRIVERS;
const heats: readonly MagnumDriver[] = ["cern", "heat"];
const capi: readonly MagnumDriver[] = ["capi-helm", "cluster-api"];

function labels(kind: LabelKind, drivers: readonly MagnumDriver[], ...names: string[]): [string, MagnumLabel][] {
  return names.map((name) => [name, { kind, drivers }]);
}

/** Every label that the program knows, by name. */
export const MAGNUM_LABELS: Readonly<Record<string, MagnumLabel>> = Object.fromEntries([
  ...labels("boolean", all, "keystone_auth_enabled"),
  ...labels("boolean", ["heat", ...capi], "auto_healing_enabled", "master_lb_floating_ip_enabled"),
  ...labels("boolean", ["cern", "heat", "capi-helm"], "monitoring_enabled"),
  ...labels("boolean", ["heat", "capi-helm"], "kube_dashboard_enabled"),
  ...labels("cidr", ["heat", ...capi], "fixed_subnet_cidr"),
  ...labels("text", ["heat", ...capi], "octavia_provider", "octavia_lb_algorithm"),
  ...labels("boolean", ["heat", ...capi], "octavia_lb_healthcheck"),
  ...labels("text", ["heat", ...capi], "boot_volume_type"),
  ...labels("count", ["heat", ...capi], "boot_volume_size", "etcd_volume_size"),
  ...labels("text", ["heat", ...capi], "etcd_volume_type"),
  ...labels("text", ["heat", "cluster-api"], "availability_zone", "kube_tag"),
  ...labels("text", [...heats, "cluster-api"], "container_infra_prefix"),
  ...labels("cidr", ["cern", "heat", "cluster-api"], "calico_ipv4pool"),
  ...labels("cidr", ["cluster-api"], "service_cluster_ip_range"),
  ...labels("boolean", [...heats, "cluster-api"], "cinder_csi_enabled", "metrics_server_enabled"),
  ...labels("boolean", ["heat", "cluster-api"], "manila_csi_enabled", "npd_enabled", "cloud_provider_enabled"),
  ...labels("text", heats, "ingress_controller", "kubeapi_options", "kubecontroller_options", "kubelet_options"),
  ...labels("text", heats, "kubescheduler_options", "kubeproxy_options", "calico_tag", "container_runtime"),
  ...labels("text", ["heat"], "flannel_backend", "flannel_network_cidr", "selinux_mode", "admission_control_list"),
  ...labels(
    "text",
    ["cern"],
    "cern_tag",
    "cern_chart_version",
    "cvmfs_storage_driver",
    "cvmfs_tag",
    "kube_csi_version",
  ),
  ...labels("boolean", ["cern"], "cern_enabled", "cern_chart_enabled", "cvmfs_enabled", "cvmfs_csi_enabled"),
  ...labels("text", ["cern"], "cvmfs_csi_version", "logging_producer", "logging_type", "logging_installer"),
  ...labels("text", ["cern"], "logging_http_destination", "calico_ipv4pool_ipip"),
  ...labels("boolean", ["cern"], "eos_enabled", "cephfs_csi_enabled", "manila_enabled", "kube_csi_enabled"),
  ...labels("boolean", ["cern"], "logging_include_internal", "nvidia_gpu_enabled"),
  ...labels(
    "text",
    ["capi-helm"],
    "etcd_blockdevice_type",
    "etcd_blockdevice_volume_type",
    "etcd_blockdevice_volume_az",
  ),
  ...labels("count", ["capi-helm"], "etcd_blockdevice_size"),
  ...labels("text", ["capi-helm"], "csi_cinder_availability_zone", "csi_cinder_reclaim_policy", "csi_cinder_fstype"),
  ...labels("text", ["capi-helm"], "csi_cinder_volume_binding_mode", "extra_network_name", "capi_helm_chart_version"),
  ...labels("boolean", ["capi-helm"], "csi_cinder_allow_volume_expansion"),
  ...labels("text", ["capi-helm"], "api_master_lb_allowed_cidrs"),
  ...labels("text", ["cluster-api"], "boot_volume_availability_zone", "audit_log_enabled", "cilium_tag"),
  ...labels("count", ["cluster-api"], "audit_log_max_age", "audit_log_max_backup", "audit_log_max_size"),
  ...labels("text", ["cluster-api"], "oidc_issuer_url", "oidc_client_id", "oidc_username_claim", "oidc_groups_claim"),
]);

/** Labels that the program derives from `autoscaling` of the pools; written by hand they would contradict it. */
export const AUTOSCALING_LABELS: readonly string[] = ["auto_scaling_enabled", "min_node_count", "max_node_count"];

/**
 * What a driver does with a label that is not its own: the Heat drivers and magnum-cluster-api ignore it, magnum-capi-helm
 * ends in CREATE_FAILED.
 */
export const FOREIGN_LABEL: Readonly<Record<MagnumDriver, "ignored" | "refused">> = {
  cern: "ignored",
  heat: "ignored",
  "capi-helm": "refused",
  "cluster-api": "ignored",
};

/** Label that a driver gives every node, with the name of the node group as its value. */
export const NODE_GROUP_LABEL: Readonly<Record<MagnumDriver, string>> = {
  cern: "magnum.openstack.org/nodegroup",
  heat: "magnum.openstack.org/nodegroup",
  "capi-helm": "capi.stackhpc.com/node-group",
  "cluster-api": "node.cluster.x-k8s.io/nodegroup",
};

/** Labels of all nodes of a role; undefined where the driver passes no role on to the nodes. */
export function roleLabels(driver: MagnumDriver, role: string): Readonly<Record<string, string>> | undefined {
  switch (driver) {
    case "cern":
    case "heat":
      return { "magnum.openstack.org/role": role };
    case "cluster-api":
      return { [`node-role.kubernetes.io/${role}`]: "" };
    case "capi-helm":
      return undefined;
  }
}

/** Names of the labels that a driver uses. */
export function labelsOf(driver: MagnumDriver): string[] {
  return Object.keys(MAGNUM_LABELS)
    .filter((name) => MAGNUM_LABELS[name]?.drivers.includes(driver))
    .sort();
}

import { versions } from "../../versions";

/** Parts of Debian that an image may be built on, each one layer; images share them. */
export type SliceName = "userland" | "network-tools" | "python" | "squid";

/** An image of the lab: made from our own binaries, named as the cluster asks for it. */
export interface ImageSpec {
  /** Full references, registry and tag included. More than one where two programs name the image differently. */
  references: readonly string[];
  /** Debian parts, lowest first. */
  slices: readonly SliceName[];
  /** Binary of the toolchain → absolute path in the image, upstream's own. */
  binaries: Readonly<Record<string, string>>;
  /** What runs when a pod names no command. */
  entrypoint: readonly string[];
}

/** What goes into a slice: everything of these Debian packages except documentation, and the libraries they need. */
export const slices: Readonly<Record<SliceName, readonly string[]>> = {
  userland: [
    "base-files",
    "base-passwd",
    "bash",
    "dash",
    "coreutils",
    "grep",
    "sed",
    "mawk",
    "ca-certificates",
    "curl",
  ],
  "network-tools": ["iptables", "nftables", "ipset", "conntrack", "iproute2"],
  python: ["python3-minimal", "python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib"],
  squid: ["squid", "squid-common", "squid-langpack"],
};

/**
 * Tags that kubeadm 1.36.3 asks for (`kubeadm config images list`), beside those that follow from the Kubernetes version.
 * The lab run checks them against the kubeadm that was built.
 */
const kubeadmTags = { coredns: "v1.14.2", etcd: "3.6.8-0", pause: "3.10.2" };

/** A pilot's userland for jobs of the lab, a stand-in for the experiment's own image; the host is reserved (RFC 2606). */
export const pilotImage = "registry.invalid/atlas-site/lab-pilot:1";

function kubernetes(name: string): ImageSpec {
  return {
    references: [`registry.k8s.io/${name}:v${versions.kubernetes}`],
    slices: name === "kube-proxy" ? ["userland", "network-tools"] : [],
    binaries: { [name]: `/usr/local/bin/${name}` },
    entrypoint: [`/usr/local/bin/${name}`],
  };
}

/** An image of one static program and nothing else, as upstream's of this kind; the pod gives the user, by number. */
function program(reference: string, name: string, path: string, ...args: readonly string[]): ImageSpec {
  return { references: [reference], slices: [], binaries: { [name]: path }, entrypoint: [path, ...args] };
}

/** What watches a site and ships its logs; Grafana is not among them, as it is served in no form that is built here. */
const monitoringImages: readonly ImageSpec[] = [
  {
    references: [versions.images.prometheus],
    slices: [],
    binaries: { prometheus: "/bin/prometheus", promtool: "/bin/promtool" },
    entrypoint: ["/bin/prometheus"],
  },
  {
    references: [versions.images.alertmanager],
    slices: [],
    binaries: { alertmanager: "/bin/alertmanager", amtool: "/bin/amtool" },
    entrypoint: ["/bin/alertmanager"],
  },
  program(
    versions.images.kubeStateMetrics,
    "kube-state-metrics",
    "/kube-state-metrics",
    "--port=8080",
    "--telemetry-port=8081",
  ),
  program(versions.images.nodeExporter, "node_exporter", "/bin/node_exporter"),
  program(versions.images.kubeRbacProxy, "kube-rbac-proxy", "/usr/local/bin/kube-rbac-proxy"),
  program(versions.images.squidExporter, "squid-exporter", "/usr/local/bin/squid-exporter"),
  // The parts of the collector that ship logs stand in for upstream's distribution, which holds all.
  program(versions.images.openTelemetryCollector, "otelcol", "/otelcol-contrib"),
];

/** Every image that machines of the lab bring with them. */
export const imageCatalogue: readonly ImageSpec[] = [
  ...["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"].map(kubernetes),
  {
    references: [`registry.k8s.io/etcd:${kubeadmTags.etcd}`],
    slices: [],
    binaries: { etcd: "/usr/local/bin/etcd" },
    entrypoint: ["/usr/local/bin/etcd"],
  },
  {
    references: [`registry.k8s.io/coredns/coredns:${kubeadmTags.coredns}`],
    slices: [],
    binaries: { coredns: "/coredns" },
    entrypoint: ["/coredns"],
  },
  {
    // kubeadm asks for its own, containerd for the one its configuration names.
    references: [...new Set([`registry.k8s.io/pause:${kubeadmTags.pause}`, versions.images.pause])],
    slices: [],
    binaries: { pause: "/pause" },
    entrypoint: ["/pause"],
  },
  {
    references: [versions.images.flannel],
    slices: ["userland", "network-tools"],
    binaries: { flanneld: "/opt/bin/flanneld", "install-conf": "/opt/bin/install-conf" },
    entrypoint: ["/opt/bin/flanneld"],
  },
  {
    references: [versions.images.flannelCniPlugin],
    slices: ["userland"],
    binaries: { flannel: "/flannel" },
    entrypoint: [],
  },
  // kube-network-policies is not among them: it needs nft queue in the kernel, so the lab's site runs kube-router.
  {
    references: [versions.images.kubeRouter],
    slices: ["userland", "network-tools"],
    binaries: { "kube-router": "/usr/local/bin/kube-router" },
    entrypoint: ["/usr/local/bin/kube-router"],
  },
  // Debian's Python stands in for the packaging of Docker's official image; the language is the same, 3.11.
  {
    references: [pilotImage, versions.images.python],
    slices: ["userland", "python"],
    binaries: {},
    entrypoint: [],
  },
  // Debian's squid 5.7 stands in for Ubuntu's 5.2 build of the same program, with the same paths and user.
  { references: [versions.images.squid], slices: ["userland", "squid"], binaries: {}, entrypoint: ["/usr/sbin/squid"] },
  ...monitoringImages,
];

/** References that must never be removed from a node for want of space. */
export function pinnedReferences(): string[] {
  return imageCatalogue.filter(({ binaries }) => "pause" in binaries).flatMap(({ references }) => references);
}

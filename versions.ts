/**
 * Versions of everything the site deploys, in one place. No `latest`: a line changes by a reviewed commit.
 * An image is written with its registry; `imageReference` reroutes it for sites with a mirror.
 */
export const versions = {
  /** Default Kubernetes version; the machine image must carry the same. */
  kubernetes: "1.36.3",
  /** Minor versions the program knows how to configure. */
  kubernetesMinors: ["1.35", "1.36", "1.37"],
  /** Version of the Pod Security Standards that namespaces are held to: an upgrade of the cluster alone refuses no pod. */
  podSecurity: "v1.36",
  /** containerd that the machine image is expected to carry. */
  containerd: "2.4.2",
  images: {
    flannel: "ghcr.io/flannel-io/flannel:v0.28.10",
    flannelCniPlugin: "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3",
    kubeNetworkPolicies: "registry.k8s.io/networking/kube-network-policies:v0.8.0",
    kubeRouter: "docker.io/cloudnativelabs/kube-router:v2.1.0",
    pause: "registry.k8s.io/pause:3.10.2",
    /** Newest release of the driver; the charts on its main branch still name an older one. */
    cvmfsCsi: "registry.cern.ch/kubernetes/cvmfs-csi:v2.5.2",
    /** The tags that cvmfs-csi 2.5.2 was released with. */
    csiProvisioner: "registry.k8s.io/sig-storage/csi-provisioner:v4.0.1",
    csiNodeDriverRegistrar: "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.10.1",
    /** Cinder's CSI driver, of the same minor as Kubernetes, and the helpers its 1.36.0 manifests name. */
    cinderCsi: "registry.k8s.io/provider-os/cinder-csi-plugin:v1.36.0",
    cinderCsiProvisioner: "registry.k8s.io/sig-storage/csi-provisioner:v5.3.0",
    cinderCsiNodeDriverRegistrar: "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.15.0",
    csiAttacher: "registry.k8s.io/sig-storage/csi-attacher:v4.10.0",
    csiResizer: "registry.k8s.io/sig-storage/csi-resizer:v1.14.0",
    csiLivenessProbe: "registry.k8s.io/sig-storage/livenessprobe:v2.17.0",
    /** The release of Prometheus' Go module v0.316.0. */
    prometheus: "quay.io/prometheus/prometheus:v3.16.0",
    alertmanager: "quay.io/prometheus/alertmanager:v0.34.2",
    /** Built for Kubernetes 1.36; upstream's table names one minor for each release. */
    kubeStateMetrics: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0",
    nodeExporter: "quay.io/prometheus/node-exporter:v1.12.1",
    kubeRbacProxy: "quay.io/brancz/kube-rbac-proxy:v0.22.1",
    squidExporter: "docker.io/boynux/squid-exporter:v1.13.0",
    /** Upstream's distribution with the file receiver and the file storage, which the plain one lacks. */
    openTelemetryCollector: "docker.io/otel/opentelemetry-collector-contrib:0.165.0",
    grafana: "docker.io/grafana/grafana:13.1.3",
    /** The images of Kuantifier 1.3.2: one reads Prometheus, the other sends what it wrote to APEL. */
    kuantifierProcessor: "hub.opensciencegrid.org/iris-hep/kuantifier-processor:1.0.2",
    kuantifierSend: "git.computecanada.ca:4567/rptaylor/misc/ssmsend:3.4.1",
    /** Runs the CVMFS probe, which needs Python's standard library only. */
    python: "docker.io/library/python:3.11.9-slim-bookworm",
    squid: "docker.io/ubuntu/squid:5.2-22.04_beta",
    harvester: "ghcr.io/hsf/harvester:v0.7.5",
    mariadb: "docker.io/library/mariadb:11.4.7",
    /** The userland ATLAS pilots start in, by the date of its build. */
    gridJob: "gitlab-registry.cern.ch/panda/harvester-k8s-images/adc-alma9:20241003",
  },
} as const;

/**
 * The reference an image is pulled by.
 * @param image reference with its registry, e.g. `ghcr.io/flannel-io/flannel:v0.28.10`
 * @param registryPrefix mirror of the site; the image's own registry is replaced by it, its path stays. A call must say it,
 *   or a site without a way out would pull that image from the internet
 */
export function imageReference(image: string, registryPrefix: string | undefined): string {
  return registryPrefix === undefined ? image : `${registryPrefix}/${image.slice(image.indexOf("/") + 1)}`;
}

/** Configuration of the daemons every node runs: kubelet, kube-proxy, containerd, the metadata block. */
import { stringify } from "yaml";
import { imageReference, versions } from "../../../versions";
import { dnsServiceAddress } from "../../cloud/addresses";
import type { ClusterPlan } from "./clusterPlan";

/** The kubelet's configuration; kubeadm hands it to every node of the cluster. */
export function kubeletConfiguration(plan: ClusterPlan) {
  const { kube, system } = plan.kubeadm.reserved;
  const amount = (reserved: typeof kube) => ({ cpu: `${reserved.cpuMilli}m`, memory: `${reserved.memoryMb}Mi` });
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    cgroupDriver: "systemd",
    clusterDNS: [dnsServiceAddress(plan.network.serviceCidr)],
    clusterDomain: "cluster.local",
    kubeReserved: amount(kube),
    systemReserved: amount(system),
    maxPods: plan.kubeadm.maxPods,
    // A job that forks without end takes its own pod down, not the node.
    podPidsLimit: 8192,
    // Many pilots start at once on an empty node: one slow image must not hold up the others.
    serializeImagePulls: false,
    maxParallelImagePulls: 4,
    seccompDefault: true,
    rotateCertificates: true,
    readOnlyPort: 0,
    // Pilots write logs of gigabytes into their own scratch; what they print is small.
    containerLogMaxSize: "20Mi",
    containerLogMaxFiles: 3,
  };
}

/** kube-proxy's configuration. */
export function kubeProxyConfiguration(plan: ClusterPlan) {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "nftables",
    clusterCIDR: plan.network.podCidr,
    // 0 leaves the connection table's size to the machine image, where an administrator would look for it.
    conntrack: { maxPerCore: 0, min: 0 },
  };
}

/** containerd's configuration (version 3). What an image needs besides, it puts into conf.d. */
export function containerdConfig(plan: ClusterPlan): string {
  const pause = imageReference(versions.images.pause, plan.registryPrefix);
  return [
    "version = 3",
    'imports = ["/etc/containerd/conf.d/*.toml"]',
    "",
    '[plugins."io.containerd.cri.v1.images".pinned_images]',
    `sandbox = "${pause}"`,
    "",
    '[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]',
    'runtime_type = "io.containerd.runc.v2"',
    "",
    '[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]',
    "SystemdCgroup = true",
    "",
  ].join("\n");
}

/** crictl's configuration, for whoever looks at a node. */
export function crictlConfig(): string {
  return stringify({ "runtime-endpoint": "unix:///run/containerd/containerd.sock", timeout: 10 });
}

/**
 * nftables rules that keep pods from the cloud's metadata service, where the machine's own user data lies. Packets of pods
 * are forwarded ones; the machine's own are not, so cloud-init still works.
 */
export function metadataBlock(): string {
  return [
    "#!/usr/sbin/nft -f",
    "table inet atlas_site_metadata",
    "delete table inet atlas_site_metadata",
    "table inet atlas_site_metadata {",
    "  chain forward {",
    "    type filter hook forward priority -10; policy accept;",
    "    ip daddr 169.254.169.254 counter drop",
    "    ip6 daddr fd00:a9fe:a9fe::254 counter drop",
    "  }",
    "}",
    "",
  ].join("\n");
}

/** Unit that loads the metadata block before any pod can run, at every boot. */
export function metadataBlockUnit(rulesPath: string): string {
  return [
    "[Unit]",
    "Description=Keep pods from the metadata service",
    "Before=kubelet.service",
    "",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    `ExecStart=/usr/sbin/nft -f ${rulesPath}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "RequiredBy=kubelet.service",
    "",
  ].join("\n");
}

/**
 * Every binary the tests and the lab need, and how it is made from Go modules.
 *
 * Go modules are the only form in which all of these are served without a download host; so the modules' own main
 * packages are built, and small mains of ours stand where a main package is not served.
 */
import type { Binary, Module } from "./module";
import { monitoringModules } from "./monitoringModules";

const kubernetesVersion = "1.36.3";
const pulumiVersion = "3.274.1";

/** Stamps without which Kubernetes binaries call themselves v0.0.0-master, in `--version` and in the user agent. */
function kubernetesStamps(version: string): Record<string, string> {
  const [major, minor] = version.split(".");
  const stamps: Record<string, string> = {};
  for (const variables of ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]) {
    stamps[`${variables}.gitVersion`] = `v${version}`;
    stamps[`${variables}.gitMajor`] = major;
    stamps[`${variables}.gitMinor`] = minor;
    stamps[`${variables}.gitCommit`] = "built-from-go-modules";
    stamps[`${variables}.gitTreeState`] = "clean";
  }
  return stamps;
}

function kubernetes(name: string, purpose: string): Binary {
  return { name, version: kubernetesVersion, package: `k8s.io/kubernetes/cmd/${name}`, purpose };
}

function cniPlugin(kind: string, name: string, purpose: string): Binary {
  return { name, version: "1.9.1", package: `github.com/containernetworking/plugins/plugins/${kind}/${name}`, purpose };
}

/**
 * In the order of building. What the machine image holds comes first, because making the image takes a minute more;
 * Pulumi and its providers, which the lab needs only after that, are built meanwhile. Within each part the longest build
 * comes first, so that two builders finish together.
 */
export const modules: readonly Module[] = [
  {
    folder: "kubernetes",
    stamps: kubernetesStamps(kubernetesVersion),
    binaries: [
      kubernetes("kube-apiserver", "Kubernetes API"),
      kubernetes("kube-controller-manager", "Kubernetes controllers"),
      kubernetes("kube-scheduler", "Kubernetes scheduler"),
      kubernetes("kube-proxy", "service addresses on a node"),
      kubernetes("kubelet", "node agent"),
      kubernetes("kubeadm", "makes and joins clusters"),
      kubernetes("kubectl", "command line of Kubernetes"),
    ],
  },
  ...monitoringModules,
  {
    folder: "kube-router",
    stamps: { "github.com/cloudnativelabs/kube-router/v2/pkg/version.Version": "v2.1.0" },
    binaries: [
      {
        name: "kube-router",
        version: "2.1.0",
        package: "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router",
        purpose: "network policies by iptables and ipset, for kernels without nft queue",
      },
    ],
  },
  {
    folder: "flannel",
    additions: {
      module: "github.com/flannel-io/flannel",
      files: { "pkg/backend/udp/udp_without_c.go": "additions/udp_without_c.go" },
    },
    stamps: { "github.com/flannel-io/flannel/pkg/version.Version": "v0.28.10" },
    binaries: [
      {
        name: "flanneld",
        version: "0.28.10",
        package: "github.com/flannel-io/flannel",
        purpose:
          "pod network; its Tencent Cloud and udp backends are stand-ins: a client not served, a packet loop in C",
      },
      {
        name: "install-conf",
        version: "0.28.10",
        package: "github.com/flannel-io/flannel/cmd/install_conf",
        purpose: "flannel's installer of its CNI configuration",
      },
    ],
  },
  {
    folder: "coredns",
    binaries: [
      { name: "coredns", version: "1.14.2", package: "github.com/coredns/coredns", purpose: "DNS of the cluster" },
    ],
  },
  {
    folder: "containerd",
    binaries: [
      ["containerd", "container runtime"],
      ["containerd-shim-runc-v2", "containerd's shim for runc"],
      ["ctr", "containerd's command line"],
    ].map(([name, purpose]) => ({
      name,
      version: "2.4.2",
      package: `github.com/containerd/containerd/v2/cmd/${name}`,
      purpose,
    })),
  },
  {
    folder: "etcd",
    binaries: [
      { name: "etcd", version: "3.6.8", package: "go.etcd.io/etcd/server/v3", purpose: "store of the Kubernetes API" },
    ],
  },
  {
    folder: "cni",
    stamps: { "github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion": "v1.9.1" },
    binaries: [
      cniPlugin("main", "bridge", "CNI plugin: pods on a bridge"),
      cniPlugin("main", "loopback", "CNI plugin: the pod's loopback"),
      cniPlugin("ipam", "host-local", "CNI plugin: addresses from the node's range"),
      cniPlugin("meta", "portmap", "CNI plugin: host ports"),
    ],
  },
  {
    folder: "cni-flannel",
    binaries: [
      {
        name: "flannel",
        version: "1.9.1",
        package: ".",
        purpose: "CNI plugin of ours, a stand-in for flannel's own, which is not served",
      },
    ],
  },
  {
    folder: "pause",
    binaries: [
      { name: "pause", version: "3.10.2", package: ".", purpose: "stand-in of ours for the pause image's C program" },
    ],
  },
  {
    folder: "kube",
    embeds: {
      module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
      files: ["cmd/pulumi-resource-kubernetes/schema.json", "cmd/pulumi-resource-kubernetes/terraform-mapping.json"],
    },
    additions: {
      module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
      files: { "pkg/provider/provider_construct.go": "additions/provider_construct.go" },
    },
    binaries: [
      {
        name: "pulumi-resource-kubernetes",
        version: "4.34.2",
        package: ".",
        purpose:
          "Pulumi's Kubernetes provider, upstream's 4.25.0 code (the newest served) under a main of ours; a stand-in refuses its component resources",
      },
    ],
  },
  {
    folder: "cli",
    stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${pulumiVersion}` },
    binaries: [
      {
        name: "pulumi",
        version: pulumiVersion,
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        purpose: "Pulumi's command line and engine",
      },
      {
        name: "pulumi-language-nodejs",
        version: pulumiVersion,
        package: "./nodehost",
        purpose: "language host of ours, a stand-in for upstream's, which is not served",
      },
    ],
  },
  {
    folder: "openstack",
    binaries: [
      {
        name: "pulumi-resource-openstack",
        version: "3.15.2",
        package: ".",
        purpose: "upstream's bridge and Terraform provider under a main of ours with the tokens of the npm SDK",
      },
    ],
  },
  {
    folder: "kwok",
    onDemand: true,
    binaries: [
      {
        name: "kwok",
        version: "0.8.0",
        package: "sigs.k8s.io/kwok/cmd/kwok",
        purpose: "plays the kubelets of many nodes, for the experiments at the scale of a site",
      },
    ],
  },
];

/** All binaries with the module each comes from. */
export function inventory(): { binary: Binary; module: Module }[] {
  return modules.flatMap((module) => module.binaries.map((binary) => ({ binary, module })));
}

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
  images: {
    flannel: "ghcr.io/flannel-io/flannel:v0.28.10",
    flannelCniPlugin: "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3",
    kubeNetworkPolicies: "registry.k8s.io/networking/kube-network-policies:v0.8.0",
    kubeRouter: "docker.io/cloudnativelabs/kube-router:v2.1.0",
    pause: "registry.k8s.io/pause:3.10.2",
  },
} as const;

/**
 * The reference an image is pulled by.
 * @param image reference with its registry, e.g. `ghcr.io/flannel-io/flannel:v0.28.10`
 * @param registryPrefix mirror of the site; the image's own registry is replaced by it, its path stays
 */
export function imageReference(image: string, registryPrefix?: string): string {
  return registryPrefix === undefined ? image : `${registryPrefix}/${image.slice(image.indexOf("/") + 1)}`;
}

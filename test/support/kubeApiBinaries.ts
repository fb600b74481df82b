/** Binaries that a real Kubernetes API is made of. */
export const KUBE_API_BINARIES = ["etcd", "kube-apiserver", "kube-controller-manager"] as const;

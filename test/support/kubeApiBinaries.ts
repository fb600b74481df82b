/** Binaries that a real Kubernetes API is made of. */
export const KUBE_API_BINARIES = ["etcd", "kube-apiserver", "kube-controller-manager"] as const;

/** Binaries that a control plane with the nodes of a whole site is made of; kwok plays the kubelets. */
export const EXPERIMENT_BINARIES = [...KUBE_API_BINARIES, "kube-scheduler", "kwok"] as const;

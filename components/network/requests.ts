/** Requests of the pods by which a node is on the pod network; each runs on every node. */
import type { Resources } from "../kubernetes/resources";

/** flannel's, upstream's own figures. */
export const FLANNEL_REQUESTS: Resources = { cpuMilli: 100, memoryMb: 50 };

/** The policy engine's. */
export const POLICY_ENGINE_REQUESTS: Resources = { cpuMilli: 100, memoryMb: 100 };

/** kube-proxy's: kubeadm's manifest requests nothing, but the pod counts among the pods of a node. */
export const KUBE_PROXY_REQUESTS: Resources = { cpuMilli: 0, memoryMb: 0 };

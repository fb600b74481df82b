/** Ports that are the same on every node, whichever feature uses them; the ports of a service are with the service. */

/** TCP, of the Kubernetes API on control-plane machines and on the API endpoint; kubeadm's default. */
export const API_SERVER_PORT = 6443;

/** TCP, of the kubelet on every node; Kubernetes' default. */
export const KUBELET_PORT = 10_250;

/** UDP, of the pod network's VXLAN between nodes: Linux' own number, flannel's default. */
export const VXLAN_PORT = 8472;

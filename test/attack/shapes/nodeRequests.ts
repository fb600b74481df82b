/**
 * What an attacker with root on the batch node `lab-batch-0` tries in the API, by the kubelet's certificate and by tokens
 * of ServiceAccounts whose pods run there. A reader adds a line.
 */
import type { Method } from "../../support/kubeApiClient";

/** The node taken, another of its pool, and one of the services. */
export const TAKEN = "lab-batch-0";
export const NEIGHBOUR = "lab-batch-1";
export const SERVICES = "lab-services-0";

/** A request and who may make it. */
export interface NodeRequest {
  readonly about: string;
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  /** `node`, or `namespace/account`; everybody else must be refused. */
  readonly allowed?: readonly string[];
}

/** The kubelet itself. */
export const KUBELET = "node";
const FLANNEL = "kube-flannel/flannel";
const PROBE = "atlas-site-cvmfs/cvmfs-probe";
const ENGINE = "kube-system/kube-router";
const PROXY = "kube-system/kube-proxy";

const node = (name: string) => `/api/v1/nodes/${name}`;
const own = node(TAKEN);
const annotations = (values: Record<string, string | null>) => ({ metadata: { annotations: values } });
const PREFIX = "flannel.alpha.coreos.com/";

/** Tried by the kubelet and by each account. */
export const nodeRequests: readonly NodeRequest[] = [
  // Secrets, and what leads to them.
  { about: "reads a queue's Secrets", method: "GET", path: "/api/v1/namespaces/harvester/secrets" },
  {
    about: "reads a Secret of a pod on another node",
    method: "GET",
    path: "/api/v1/namespaces/atlas-site-monitoring/secrets/services-only",
  },
  { about: "reads all Secrets", method: "GET", path: "/api/v1/secrets" },
  {
    about: "reads a ConfigMap of the monitoring",
    method: "GET",
    path: "/api/v1/namespaces/atlas-site-monitoring/configmaps",
  },
  {
    about: "asks for a token of Prometheus",
    method: "POST",
    path: "/api/v1/namespaces/atlas-site-monitoring/serviceaccounts/prometheus/token",
    body: { spec: { audiences: [] } },
  },
  // Other identities.
  {
    about: "gives itself every right",
    method: "POST",
    path: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    body: {
      metadata: { name: "mine" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:nodes" }],
    },
  },
  {
    about: "makes a bootstrap token",
    method: "POST",
    path: "/api/v1/namespaces/kube-system/secrets",
    body: { metadata: { name: "bootstrap-token-abcdef" }, type: "bootstrap.kubernetes.io/token" },
  },
  // Pods and policies.
  { about: "reads pods of all nodes", method: "GET", path: "/api/v1/pods", allowed: [ENGINE] },
  {
    about: "reads its own node's pods",
    method: "GET",
    path: `/api/v1/pods?fieldSelector=spec.nodeName%3D${TAKEN}`,
    allowed: [KUBELET, ENGINE],
  },
  {
    about: "starts a pod on another node",
    method: "POST",
    path: "/api/v1/namespaces/harvester/pods",
    body: { metadata: { name: "mine" }, spec: { nodeName: SERVICES, containers: [{ name: "c", image: "i" }] } },
  },
  {
    about: "deletes a pod of another node",
    method: "DELETE",
    path: "/api/v1/namespaces/atlas-site-monitoring/pods/of-services",
  },
  {
    about: "enters a pod of another node",
    method: "POST",
    path: "/api/v1/namespaces/atlas-site-monitoring/pods/of-services/exec?command=id",
  },
  {
    about: "submits a Job",
    method: "POST",
    path: "/apis/batch/v1/namespaces/harvester/jobs",
    body: { metadata: { name: "mine" } },
  },
  {
    about: "opens the queue's network",
    method: "DELETE",
    path: "/apis/networking.k8s.io/v1/namespaces/harvester/networkpolicies/default-deny",
  },
  {
    about: "removes an admission policy",
    method: "DELETE",
    path: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/atlas-site-nodes",
  },
  // Nodes.
  { about: "reads nodes", method: "GET", path: "/api/v1/nodes", allowed: [FLANNEL, ENGINE, PROXY] },
  { about: "reads its own node", method: "GET", path: own, allowed: [KUBELET, FLANNEL, PROBE, ENGINE, PROXY] },
  { about: "goes past the API to another kubelet", method: "GET", path: `${node(SERVICES)}/proxy/pods` },
  { about: "deletes its own node", method: "DELETE", path: own },
  { about: "deletes another node", method: "DELETE", path: node(SERVICES) },
  {
    about: "labels another node",
    method: "PATCH",
    path: node(NEIGHBOUR),
    body: { metadata: { labels: { "example/x": "y" } } },
  },
  {
    about: "joins the pool of the services",
    method: "PATCH",
    path: own,
    body: { metadata: { labels: { "atlas-site/pool": "services" } } },
  },
  {
    about: "joins the services by its status",
    method: "PATCH",
    path: `${own}/status`,
    body: { metadata: { labels: { "atlas-site/role": "services" } } },
  },
  {
    about: "joins the control plane",
    method: "PATCH",
    path: own,
    body: { metadata: { labels: { "node-role.kubernetes.io/control-plane": "" } } },
  },
  {
    about: "gives itself a label of its own making",
    method: "PATCH",
    path: own,
    body: { metadata: { labels: { "example/x": "y" } } },
  },
  { about: "leaves its pool", method: "PATCH", path: own, body: { metadata: { labels: { "atlas-site/pool": null } } } },
  { about: "removes its taints", method: "PATCH", path: own, body: { spec: { taints: null } } },
  {
    about: "lifts the taint of CVMFS on its own node",
    method: "PATCH",
    path: own,
    body: { spec: { taints: [{ $patch: "delete", key: "site/cvmfs-unready" }] } },
    allowed: [PROBE],
  },
  {
    about: "taints another node",
    method: "PATCH",
    path: node(NEIGHBOUR),
    body: { spec: { taints: [{ key: "site/cvmfs-unready", effect: "NoSchedule" }] } },
  },
  {
    about: "registers a node of another name",
    method: "POST",
    path: "/api/v1/nodes",
    body: { metadata: { name: "lab-services-1" } },
  },
  {
    about: "announces another machine's address",
    method: "PATCH",
    path: `${own}/status`,
    body: { status: { addresses: [{ type: "InternalIP", address: "10.64.0.64" }] } },
  },
  {
    about: "reports its own state",
    method: "PATCH",
    path: `${own}/status`,
    body: { status: { conditions: [{ type: "Ready", status: "True" }] } },
    allowed: [KUBELET],
  },
  // Traffic of other nodes: VXLAN addresses are annotations.
  {
    about: "draws a neighbour's pods' traffic",
    method: "PATCH",
    path: `${node(NEIGHBOUR)}/status`,
    body: annotations({ [`${PREFIX}public-ip`]: "10.64.1.10" }),
  },
  {
    about: "announces another machine's VXLAN address",
    method: "PATCH",
    path: `${own}/status`,
    body: annotations({ [`${PREFIX}public-ip`]: "10.64.0.64" }),
  },
  {
    about: "takes another node's VXLAN MAC address",
    method: "PATCH",
    path: `${own}/status`,
    body: annotations({ [`${PREFIX}backend-data`]: '{"VNI":1,"VtepMAC":"02:00:00:00:00:02"}' }),
  },
  {
    about: "forgets its VXLAN MAC address, to take another's",
    method: "PATCH",
    path: `${own}/status`,
    body: annotations({ [`${PREFIX}backend-data`]: null }),
  },
  {
    about: "writes an annotation of flannel's on its own node",
    method: "PATCH",
    path: `${own}/status`,
    body: annotations({ [`${PREFIX}kube-subnet-manager`]: "true" }),
    allowed: [FLANNEL],
  },
  {
    about: "says that its network is available",
    method: "PATCH",
    path: `${own}/status`,
    body: { status: { conditions: [{ type: "NetworkUnavailable", status: "False" }] } },
    allowed: [KUBELET, FLANNEL],
  },
  {
    about: "writes another annotation by its status",
    method: "PATCH",
    path: `${own}/status`,
    body: annotations({ "example/x": "y" }),
    allowed: [KUBELET],
  },
];

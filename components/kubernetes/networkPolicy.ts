/** NetworkPolicies as plain values: peers, rules and the few rules that many namespaces share. */
import { API_SERVER_PORT } from "./ports";

/** A port, or with `endPort` a range of ports. */
export interface PolicyPort {
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
  /** Last port of a range, included. */
  readonly endPort?: number;
}

/** Labels that pods or namespaces must have; `{}` selects all. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: { readonly key: string; readonly operator: "Exists" | "DoesNotExist" }[];
}

/** Addresses, or pods by their labels and their namespace's. */
export type PolicyPeer =
  | { readonly ipBlock: { readonly cidr: string; readonly except?: string[] } }
  | { readonly namespaceSelector?: LabelSelector; readonly podSelector?: LabelSelector };

/** Whom pods may reach. */
export interface EgressRule {
  readonly to: PolicyPeer[];
  /** Absent: every port. */
  readonly ports?: PolicyPort[];
}

/** Who may reach pods. */
export interface IngressRule {
  readonly from: PolicyPeer[];
  /** Absent: every port. */
  readonly ports?: PolicyPort[];
}

/** The spec of a NetworkPolicy. */
export interface NetworkPolicySpec {
  readonly podSelector: LabelSelector;
  readonly policyTypes: ("Ingress" | "Egress")[];
  readonly ingress?: IngressRule[];
  readonly egress?: EgressRule[];
}

/** Pods of a namespace by the namespace's name; without labels: all of them. */
export function podsOf(namespace: string, labels?: Readonly<Record<string, string>>): PolicyPeer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    ...(labels === undefined ? {} : { podSelector: { matchLabels: labels } }),
  };
}

/** Ports of one protocol. */
export function tcp(...ports: number[]): PolicyPort[] {
  return ports.map((port) => ({ protocol: "TCP", port }));
}

/** Ports of one protocol. */
export function udp(...ports: number[]): PolicyPort[] {
  return ports.map((port) => ({ protocol: "UDP", port }));
}

/** Nothing in and nothing out, for every pod of a namespace: other policies open what is needed. */
export function denyAll(): NetworkPolicySpec {
  return { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
}

/** Opens egress of the pods with these labels; `{}`: of every pod of the namespace. */
export function allowEgress(podLabels: Readonly<Record<string, string>>, egress: EgressRule[]): NetworkPolicySpec {
  return { podSelector: selector(podLabels), policyTypes: ["Egress"], egress };
}

/** Opens ingress of the pods with these labels; `{}`: of every pod of the namespace. */
export function allowIngress(podLabels: Readonly<Record<string, string>>, ingress: IngressRule[]): NetworkPolicySpec {
  return { podSelector: selector(podLabels), policyTypes: ["Ingress"], ingress };
}

/** The cluster's name service: CoreDNS, which every cluster labels this way. */
export function allowDns(): EgressRule {
  return { to: [podsOf("kube-system", { "k8s-app": "kube-dns" })], ports: [...udp(53), ...tcp(53)] };
}

/** What decides where the Kubernetes API is. */
export interface ApiAddresses {
  /** The control plane, where the program configures it; its IPv4 blocks. */
  readonly capabilities: { readonly controlPlane?: { readonly addresses: readonly string[] } };
  /** IPv4 network of the cluster's Services. */
  readonly network: { readonly serviceCidr: string };
}

/**
 * The Kubernetes API, for services that use it. Engines look at packets after the service address was turned into a
 * machine's, so the rule names the control plane's blocks and the service network both. Where the control plane is not the
 * program's own, its addresses are unknown: there the rule opens the API's ports everywhere.
 */
export function allowApi({ capabilities, network }: ApiAddresses): EgressRule {
  const ports = tcp(443, API_SERVER_PORT);
  const { controlPlane } = capabilities;
  const blocks = controlPlane === undefined ? ["0.0.0.0/0"] : [...controlPlane.addresses, network.serviceCidr];
  return { to: blocks.map((cidr) => ({ ipBlock: { cidr } })), ports };
}

function selector(labels: Readonly<Record<string, string>>): LabelSelector {
  return Object.keys(labels).length === 0 ? {} : { matchLabels: labels };
}

/** What every machine of a kubeadm cluster must agree on, as plain values. */
import type { MachinePlan } from "../../cloud/plan";
import type { Kubeadm, PodNetwork } from "../../../stacks/site/site";
import { API_SERVER_PORT } from "../../kubernetes/ports";
import type { NodeAdditions } from "./nodeAddition";

/** Facts about the cluster that user data is rendered from; none of them is secret. */
export interface ClusterPlan {
  readonly name: string;
  readonly kubeadm: Kubeadm;
  readonly network: PodNetwork;
  /** Address inside the machine network by which all machines reach the API. */
  readonly apiAddress: string;
  /** Address clients outside use; the same as `apiAddress` where there is no floating IP. */
  readonly publicAddress: string;
  /** Control-plane machines, in index order. */
  readonly controlPlane: readonly MachinePlan[];
  /** What other layers want on each machine. */
  readonly additions: NodeAdditions;
  /** Registry that mirrors every image; undefined: the images' own registries. */
  readonly registryPrefix?: string;
}

/** `host:port` of the API as the machines know it. */
export function apiEndpoint(plan: ClusterPlan): string {
  return `${plan.apiAddress}:${API_SERVER_PORT}`;
}

/** URL of the API for clients outside. */
export function apiUrl(publicAddress: string): string {
  return `https://${publicAddress}:${API_SERVER_PORT}`;
}

/** Labels a node registers with: its pool and role, and what the stack file adds. */
export function nodeLabels(machine: MachinePlan, extra: Readonly<Record<string, string>>): Record<string, string> {
  return { "atlas-site/pool": machine.pool, "atlas-site/role": machine.role, ...extra };
}

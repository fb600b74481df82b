/** What every machine of a kubeadm cluster must agree on, as plain values. */
import type { MachinePlan } from "../../cloud/plan";
import type { Kubeadm, PodNetwork, Pool } from "../../../stacks/site/site";
import { API_SERVER_PORT } from "../../kubernetes/ports";
import type { NodeAdditions } from "./nodeAddition";

/** Keeps jobs and services off the control plane. */
export const CONTROL_PLANE_TAINT = "node-role.kubernetes.io/control-plane";

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

/** What a node registers with, by which pods find it or keep away. */
export interface NodeMarks {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly effect: string }[];
}

/** A machine's pool and role, what the stack file adds, and what other layers add. */
export function nodeMarks({ additions }: Pick<ClusterPlan, "additions">, machine: MachinePlan, pool: Pool): NodeMarks {
  const addition = additions(machine, pool);
  const controlPlaneTaints =
    machine.role === "control-plane" ? [{ key: CONTROL_PLANE_TAINT, effect: "NoSchedule" }] : [];
  return {
    labels: {
      "atlas-site/pool": machine.pool,
      "atlas-site/role": machine.role,
      ...addition.labels,
      ...pool.labels,
    },
    taints: [...controlPlaneTaints, ...pool.taints, ...addition.taints],
  };
}

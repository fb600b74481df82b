import type { MachinePlan } from "../../cloud/plan";
import type { Pool } from "../../../stacks/site/site";

/** A file of the user data. */
export interface BootFile {
  readonly path: string;
  readonly content: string;
  /** Octal, as cloud-init wants it. */
  readonly permissions: string;
}

/** What a feature wants on a machine before it becomes a node. */
export interface NodeAddition {
  /** Files of the user data; a path must be no other addition's and none of the cluster's own. */
  readonly files: readonly BootFile[];
  /**
   * Shell commands that run once, in this order, before containerd starts. A command that fails is told on the console and
   * does not keep the machine from becoming a node: what needs its work must find out by itself (taint, probe).
   */
  readonly commands: readonly string[];
  /** Memory in MiB that the addition's programs take outside of pods; the kubelet keeps it from jobs. Default: none. */
  readonly reservedMemoryMb?: number;
  /** Taints the node registers with beside its pool's. */
  readonly taints: readonly { readonly key: string; readonly effect: Pool["taints"][number]["effect"] }[];
  /** Labels the node registers with beside its pool's; the stack file's own win. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Sizes in GB of blank volumes beside the boot disk; a command finds its volume by the size. */
  readonly blankVolumesGb?: readonly number[];
}

/** What a feature adds to each machine, as a pure function of machine and pool. */
export type NodeAdditions = (machine: MachinePlan, pool: Pool) => NodeAddition;

/** Nothing. */
export const NO_ADDITION: NodeAddition = { files: [], commands: [], taints: [] };

/** Several additions as one, in their order. */
export function merged(parts: readonly NodeAddition[]): NodeAddition {
  return {
    files: parts.flatMap(({ files }) => files),
    commands: parts.flatMap(({ commands }) => commands),
    taints: parts.flatMap(({ taints }) => taints),
    labels: Object.assign({}, ...parts.map(({ labels }) => labels)) as Record<string, string>,
    blankVolumesGb: parts.flatMap(({ blankVolumesGb = [] }) => blankVolumesGb),
    reservedMemoryMb: parts.reduce((sum, { reservedMemoryMb = 0 }) => sum + reservedMemoryMb, 0),
  };
}

/** Several features' additions, in their order. */
export function together(additions: readonly NodeAdditions[]): NodeAdditions {
  return (machine, pool) => merged(additions.map((add) => add(machine, pool)));
}

import type { Cloud, Site } from "../../stacks/site/site";
import type { FirewallRule } from "../cloud/firewall";
import type { EgressRule } from "../kubernetes/networkPolicy";
import type { Resources } from "../kubernetes/resources";
import type { NodeAdditions } from "./kubeadm/nodeAddition";

/** Volume claims of one service, all alike. */
export interface VolumeClaims {
  /** Key of the pool that their pods run on, in the stack file. */
  readonly poolPath: readonly string[];
  /** That pool. */
  readonly pool: string;
  /** Key of their size. */
  readonly sizePath: readonly string[];
  /** GiB of each. */
  readonly sizeGb: number;
  readonly count: number;
  /** Whether their pods are spread over the machines of the pool. */
  readonly spread: boolean;
}

/** Something that pods of jobs may reach beside the servers of pilots: a NetworkPolicy in each queue's namespace. */
export interface JobEgress {
  /** Name of the policy. */
  readonly name: string;
  /** What it opens and for what, for people. */
  readonly why: string;
  readonly egress: EgressRule[];
}

/**
 * What a feature adds to parts of the site that other layers build. Each part is a pure function of the site, so a check or a
 * page that reads one part depends on the keys of that part alone. A part that is absent adds nothing.
 */
export interface Contribution {
  /** The feature, by the name of its folder. */
  readonly feature: string;
  /** Files, commands, taints, labels and blank volumes of the machines that the program creates. */
  readonly machines?: (site: Site) => NodeAdditions;
  /** Ports of the machines that the feature opens, beside those that Kubernetes itself needs. */
  readonly openings?: (cloud: Cloud, site: Site) => FirewallRule[];
  /** Requests of each pod of the feature that runs on every batch node. */
  readonly daemons?: (site: Site) => Resources[];
  /** Volumes that the feature's services claim of the site's storage class. */
  readonly claims?: (site: Site) => VolumeClaims[];
  /** What jobs reach of the feature. */
  readonly jobEgress?: (site: Site) => JobEgress[];
  /** Keys of taints by which the feature keeps jobs from a node, in whichever mode: no job may tolerate them. */
  readonly closedTaints?: readonly string[];
  /** MiB that the feature's programs take of a batch machine outside of pods; the kubelet keeps it from jobs. */
  readonly hostMemoryMb?: (site: Site) => number;
  /** MB that the feature keeps on the boot disk of a batch node. */
  readonly nodeDiskMb?: (site: Site) => number;
}

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

/** A secret key of the stack that a feature cannot do without. */
export interface RequiredSecret {
  /** Name of the key, without `atlas-site:`. */
  readonly key: string;
  /** Key of the stack file that makes the secret necessary. */
  readonly path: readonly string[];
}

/** Something that pods of jobs may reach beside the servers of pilots: a NetworkPolicy in each queue's namespace. */
export interface JobEgress {
  /** Name of the policy. */
  readonly name: string;
  /** What it opens and for what, for people. */
  readonly why: string;
  readonly egress: EgressRule[];
}

/** Pods whose metrics are collected; scrape job, right of discovery and NetworkPolicies all come from this. */
export interface ScrapeTarget {
  /** Value of the label `job`. */
  readonly job: string;
  readonly namespace: string;
  /** Label of the pods as a selector, `key=value`. */
  readonly selector: string;
  /** Name of the port with the metrics. */
  readonly port: string;
  /** Number of that port, for NetworkPolicies. */
  readonly portNumber: number;
  /** Whether a NetworkPolicy must allow the scrape, since the namespace denies ingress by default; default: false. */
  readonly defaultDeny?: boolean;
  /** Whether the pods are one on each node, so that their series carry its name as label `node`. */
  readonly perNode?: boolean;
  /** Whether the pods' names distinguish them, as label `pod`. */
  readonly named?: boolean;
  /** Whether the pods listen on their node's address, past every NetworkPolicy. */
  readonly hostNetwork?: boolean;
  /** Whether labels of the series win over the target's: for pods that report on other objects. */
  readonly honorLabels?: boolean;
  /** Whether they speak TLS with a self-signed certificate and let the API review the client's token. */
  readonly guarded?: boolean;
  /** Families of series, as regular expressions, that no rule and no dashboard uses. */
  readonly unused?: readonly string[];
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
  /** Pods of the feature whose metrics are collected, where the site is monitored. */
  readonly scrapeTargets?: (site: Site) => ScrapeTarget[];
  /** Secret keys that the feature cannot do without. */
  readonly requiredSecrets?: (site: Site) => RequiredSecret[];
  /** What jobs reach of the feature. */
  readonly jobEgress?: (site: Site) => JobEgress[];
  /** Keys of taints by which the feature keeps jobs from a node, in whichever mode: no job may tolerate them. */
  readonly closedTaints?: readonly string[];
  /** MiB that the feature's programs take of a batch machine outside of pods; the kubelet keeps it from jobs. */
  readonly hostMemoryMb?: (site: Site) => number;
  /** MB that the feature keeps on the boot disk of a batch node. */
  readonly nodeDiskMb?: (site: Site) => number;
}

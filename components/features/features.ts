/**
 * Every feature of a site, and what all of them together contribute. Layers below get the sums as arguments, so none of them
 * knows a feature by name.
 */
import type { Site } from "../../stacks/site/site";
import type { FirewallRule } from "../cloud/firewall";
import { capabilities } from "../cluster/capabilities";
import type { NodeLoad } from "../cluster/capacity";
import type { Contribution, JobEgress, RequiredSecret, ScrapeTarget, VolumeClaims } from "../cluster/contribution";
import { type NodeAdditions, together } from "../cluster/kubeadm/nodeAddition";
import type { Resources } from "../kubernetes/resources";
import { cvmfsContribution } from "../cvmfs/contribution";
import { harvesterContribution } from "../harvester/contribution";
import { monitoringContribution } from "../monitoring/contribution";
import { networkContribution } from "../network/contribution";
import { storageContribution } from "../storage/contribution";
import { traceabilityContribution } from "../traceability/contribution";

/** The features, in the order in which their commands run on a machine. */
export const FEATURES: readonly Contribution[] = [
  networkContribution,
  cvmfsContribution,
  storageContribution,
  monitoringContribution,
  traceabilityContribution,
  harvesterContribution,
];

/** What the features add to each machine. */
export function machineAdditions(site: Site): NodeAdditions {
  return together(FEATURES.flatMap(({ machines }) => (machines === undefined ? [] : [machines(site)])));
}

/** Ports that the features open; none where the machines are not the program's own. */
export function openings(site: Site): FirewallRule[] {
  const { machines } = capabilities(site);
  return machines === undefined ? [] : FEATURES.flatMap((feature) => feature.openings?.(machines, site) ?? []);
}

/** Requests of each pod that runs on every batch node. */
export function daemons(site: Site): Resources[] {
  return FEATURES.flatMap((feature) => feature.daemons?.(site) ?? []);
}

/** MB that features keep on the boot disk of a batch node. */
export function nodeDiskMb(site: Site): number {
  return FEATURES.reduce((sum, feature) => sum + (feature.nodeDiskMb?.(site) ?? 0), 0);
}

/** MiB that programs of features take of a batch machine outside of pods. */
export function hostMemoryMb(site: Site): number {
  return FEATURES.reduce((sum, feature) => sum + (feature.hostMemoryMb?.(site) ?? 0), 0);
}

/** What the features take of every batch node. */
export function nodeLoad(site: Site): NodeLoad {
  return { daemons: daemons(site), diskMb: nodeDiskMb(site), hostMemoryMb: hostMemoryMb(site) };
}

/** Volumes that services of the site claim of its storage class. */
export function claims(site: Site): VolumeClaims[] {
  return FEATURES.flatMap((feature) => feature.claims?.(site) ?? []);
}

/** What jobs reach beside the servers of pilots, and which taints they may not tolerate. */
export function jobBounds(site: Site): { jobEgress: JobEgress[]; closedTaints: string[] } {
  return {
    jobEgress: FEATURES.flatMap((feature) => feature.jobEgress?.(site) ?? []),
    closedTaints: FEATURES.flatMap(({ closedTaints = [] }) => closedTaints),
  };
}

/** Pods of the features whose metrics are collected; those of monitoring itself are its own. */
export function scrapeTargets(site: Site): ScrapeTarget[] {
  return FEATURES.flatMap((feature) => feature.scrapeTargets?.(site) ?? []);
}

/** Secret keys that the features cannot do without. */
export function requiredSecrets(site: Site): RequiredSecret[] {
  return FEATURES.flatMap((feature) => feature.requiredSecrets?.(site) ?? []);
}

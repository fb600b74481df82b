/**
 * Every feature of a site, and what all of them together contribute to machines and firewall. Layers below get the sums as
 * arguments, so none of them knows a feature by name.
 */
import type { Site } from "../../stacks/site/site";
import type { FirewallRule } from "../cloud/firewall";
import { capabilities } from "../cluster/capabilities";
import type { Contribution } from "../cluster/contribution";
import { type NodeAdditions, together } from "../cluster/kubeadm/nodeAddition";
import { cvmfsContribution } from "../cvmfs/contribution";
import { monitoringContribution } from "../monitoring/contribution";
import { storageContribution } from "../storage/contribution";

/** The features, in the order in which their commands run on a machine. */
export const FEATURES: readonly Contribution[] = [cvmfsContribution, storageContribution, monitoringContribution];

/** What the features add to each machine. */
export function machineAdditions(site: Site): NodeAdditions {
  return together(FEATURES.flatMap(({ machines }) => (machines === undefined ? [] : [machines(site)])));
}

/** Ports that the features open; none where the machines are not the program's own. */
export function openings(site: Site): FirewallRule[] {
  const { machines } = capabilities(site);
  return machines === undefined ? [] : FEATURES.flatMap((feature) => feature.openings?.(machines, site) ?? []);
}

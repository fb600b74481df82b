import type { ResourcePolicy } from "../model/policy";
import { FOUNDATION_TYPES, lossOf } from "./dataHolders";

/** What everything stands on should not be replaced by a slip. */
export const protectFoundations: ResourcePolicy = {
  kind: "resource",
  name: "protect-foundations",
  title: "Network, subnet and load balancer of a site with jobs on it are protected",
  why: "They can be made again, but every machine goes with them, and the load balancer's address may be another one afterwards.",
  level: "advisory",
  severity: "medium",
  frameworks: [{ framework: "atlas-site", version: "1", control: "protect on what holds data or an address" }],
  remediation: "Set protect: true on them; a site that is built and torn down by tests needs it not.",
  types: FOUNDATION_TYPES,
  check: (resource) =>
    resource.protect ? [] : [{ path: "", message: `${lossOf(resource) ?? "it"} would go with one update` }],
};

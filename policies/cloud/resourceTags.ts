import { violation, type ResourcePolicy } from "../model/policy";
import { tagValue, TYPES } from "./openstack";

/** In a project with many users everybody sees whose it is. */
export const resourceTags: ResourcePolicy = {
  kind: "resource",
  name: "resource-tags",
  title: "Everything in the cloud that takes tags has one with the site's name",
  why: "Cleaning up a shared project, an administrator deletes what nobody owns; bills and quotas are told by tag.",
  level: "advisory",
  severity: "low",
  frameworks: [{ framework: "atlas-site", version: "1", control: "tags site, pool" }],
  remediation: "Add tags: [`site=<name>`].",
  types: [
    TYPES.machine,
    TYPES.port,
    TYPES.network,
    TYPES.subnet,
    TYPES.router,
    TYPES.securityGroup,
    TYPES.floatingIp,
    TYPES.loadBalancer,
  ],
  check: ({ props }) =>
    tagValue(props, "site") === undefined ? [violation(props.at("tags"), "no tag says which site it belongs to")] : [],
};

import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { FirewallRule, Group } from "./firewall";
import { tags } from "./plan";

/** What the `SecurityGroups` are made from. */
export interface SecurityGroupsArgs {
  /** Site name: first part of every name in the cloud. */
  siteName: string;
  /** Groups to make. */
  groups: readonly Group[];
  /** Ingress rules of all groups together. Egress stays open, as Neutron makes it. */
  rules: readonly FirewallRule[];
}

/** Security groups by role, with the rule table of `planFirewall`. */
export class SecurityGroups extends pulumi.ComponentResource {
  private readonly made = new Map<Group, openstack.networking.SecGroup>();

  constructor(name: string, args: SecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cloud:SecurityGroups", name, {}, opts);
    for (const group of args.groups) {
      const made = new openstack.networking.SecGroup(
        `${name}-${group}`,
        {
          name: `${args.siteName}-${group}`,
          description: `${group} machines of site ${args.siteName}`,
          tags: tags(args.siteName),
        },
        { parent: this },
      );
      this.made.set(group, made);
    }
    for (const rule of args.rules) {
      new openstack.networking.SecGroupRule(
        `${name}-${rule.name}`,
        {
          direction: "ingress",
          ethertype: "IPv4",
          securityGroupId: this.id(rule.group),
          protocol: rule.protocol,
          ...(rule.ports === undefined ? {} : { portRangeMin: rule.ports[0], portRangeMax: rule.ports[1] }),
          ...("group" in rule.from ? { remoteGroupId: this.id(rule.from.group) } : { remoteIpPrefix: rule.from.cidr }),
          description: rule.why,
        },
        {
          parent: this,
          // Neutron refuses a second rule that differs in its description only.
          deleteBeforeReplace: true,
          // With a group its rules go; one by one the provider waits five seconds for each.
          deletedWith: this.group(rule.group),
        },
      );
    }
    this.registerOutputs({ ids: Object.fromEntries([...this.made].map(([group, { id }]) => [group, id])) });
  }

  /**
   * Neutron id of a group.
   * @throws Error for a group the site does not have.
   */
  id(group: Group): pulumi.Output<string> {
    return this.group(group).id;
  }

  private group(group: Group): openstack.networking.SecGroup {
    const made = this.made.get(group);
    if (made === undefined) {
      throw new Error(`the site has no security group "${group}"; it has ${[...this.made.keys()].join(", ")}`);
    }
    return made;
  }
}

import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Cloud } from "../../stacks/site/site";
import { ApiEndpoint } from "./ApiEndpoint";
import { type FirewallRule, planFirewall, planGroups } from "./firewall";
import { imageId } from "./image";
import { Network } from "./Network";
import type { PoolPlan, Role } from "./plan";
import { controlPlaneMachines, internalApiAddress, serverGroups } from "./plan";
import { SecurityGroups } from "./SecurityGroups";

/** What the `Foundation` is made from. */
export interface FoundationArgs {
  /** Site name: first part of every name in the cloud. */
  siteName: string;
  /** The stack file's cloud section. */
  cloud: Cloud;
  /** Ports that features open on the machines. */
  openings: readonly FirewallRule[];
  /** Every pool of the site. */
  pools: readonly PoolPlan[];
}

/** Everything in the cloud that machines stand on: network, security groups, server groups, image, API endpoint. */
export class Foundation extends pulumi.ComponentResource {
  readonly networkId: pulumi.Output<string>;
  readonly subnetId: pulumi.Output<string>;
  readonly groups: SecurityGroups;
  readonly apiEndpoint: ApiEndpoint;
  /** Image the machines boot from. */
  readonly imageId: pulumi.Output<string>;
  /** What a floating IP must wait for. */
  readonly routed: pulumi.Resource[];
  private readonly serverGroups = new Map<Role, pulumi.Output<string>>();

  constructor(name: string, args: FoundationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cloud:Foundation", name, {}, opts);
    const { siteName, cloud } = args;
    const parent = { parent: this };
    const network = new Network(name, { siteName, cloud }, parent);
    this.networkId = network.networkId;
    this.subnetId = network.subnetId;
    this.routed = network.routed;
    const rules = planFirewall(cloud, args.openings);
    this.groups = new SecurityGroups(name, { siteName, groups: planGroups(cloud), rules }, parent);
    for (const { role } of serverGroups(cloud)) {
      const group = new openstack.compute.ServerGroup(
        `${name}-${role}`,
        { name: `${siteName}-${role}`, policies: ["soft-anti-affinity"] },
        parent,
      );
      this.serverGroups.set(role, group.id);
    }
    this.imageId = imageId(cloud.image, parent);
    this.apiEndpoint = new ApiEndpoint(
      name,
      {
        siteName,
        cloud,
        subnetId: this.subnetId,
        controlPlane: controlPlaneMachines(args.pools),
        internalAddress: internalApiAddress(siteName, cloud),
        routed: network.routed,
      },
      parent,
    );
    this.registerOutputs({ networkId: this.networkId, subnetId: this.subnetId });
  }

  /** Nova id of the server group that spreads the machines of a role over hypervisors; undefined: the role has none. */
  serverGroupId(role: Role): pulumi.Output<string> | undefined {
    return this.serverGroups.get(role);
  }
}

import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Cloud } from "../../stacks/site/site";
import { addressRange, gatewayAddress } from "./addresses";
import { tags } from "./plan";

/** What a `Network` is made from. */
export interface NetworkArgs {
  /** Site name: first part of every name in the cloud. */
  siteName: string;
  /** The stack file's cloud section. */
  cloud: Cloud;
}

/**
 * The machine network: network, subnet and, when the site names an external network, a router; or an existing network and
 * subnet, adopted by id. An adopted network is never changed and keeps its own router.
 */
export class Network extends pulumi.ComponentResource {
  /** Neutron id of the network. */
  readonly networkId: pulumi.Output<string>;
  /** Neutron id of the subnet. */
  readonly subnetId: pulumi.Output<string>;
  /** What a floating IP must wait for: without the router's interface it reaches nothing. */
  readonly routed: pulumi.Resource[] = [];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cloud:Network", name, {}, opts);
    const { siteName, cloud } = args;
    if (cloud.network.adopt !== undefined) {
      this.networkId = pulumi.output(cloud.network.adopt.networkId);
      this.subnetId = pulumi.output(cloud.network.adopt.subnetId);
    } else {
      const parent = { parent: this };
      const network = new openstack.networking.Network(name, { name: siteName, tags: tags(siteName) }, parent);
      const subnet = new openstack.networking.Subnet(
        name,
        {
          name: siteName,
          networkId: network.id,
          cidr: cloud.network.cidr,
          ipVersion: 4,
          gatewayIp: gatewayAddress(cloud.network.cidr),
          allocationPools: [addressRange(cloud.network.dynamicAddresses)],
          dnsNameservers: cloud.network.dnsNameservers,
          tags: tags(siteName),
        },
        parent,
      );
      this.networkId = network.id;
      this.subnetId = subnet.id;
      if (cloud.externalNetwork !== undefined) {
        this.routed.push(this.createRouter(name, siteName, cloud.externalNetwork));
      }
    }
    this.registerOutputs({ networkId: this.networkId, subnetId: this.subnetId });
  }

  private createRouter(name: string, siteName: string, externalNetwork: string): pulumi.Resource {
    const external = openstack.networking.getNetworkOutput({ name: externalNetwork, external: true }, { parent: this });
    const router = new openstack.networking.Router(
      name,
      { name: siteName, externalNetworkId: external.id, tags: tags(siteName) },
      // The look-up may some day find another network of that name: no reason to move a running site.
      { parent: this, ignoreChanges: ["externalNetworkId"] },
    );
    return new openstack.networking.RouterInterface(
      name,
      { routerId: router.id, subnetId: this.subnetId },
      { parent: this, deleteBeforeReplace: true },
    );
  }
}

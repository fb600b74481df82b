import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Cloud } from "../../stacks/site/site";
import { imageId } from "./image";
import type { Foundation } from "./Foundation";
import { tags } from "./plan";

/** What a `Bastion` is made from. */
export interface BastionArgs {
  /** Site name. */
  siteName: string;
  /** The stack file's cloud section. */
  cloud: Cloud;
  /** The bastion's own part of it. */
  bastion: NonNullable<Cloud["bastion"]>;
  /** Network and groups to build on. */
  foundation: Foundation;
}

/** The only way in by ssh: one small machine with a floating IP, reachable from the CIDRs the site names. */
export class Bastion extends pulumi.ComponentResource {
  /** Floating IP. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: BastionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cloud:Bastion", name, {}, opts);
    const { siteName, cloud, bastion, foundation } = args;
    const port = new openstack.networking.Port(
      name,
      {
        name: `${siteName}-bastion`,
        networkId: foundation.networkId,
        fixedIps: [{ subnetId: foundation.subnetId, ipAddress: bastion.address }],
        securityGroupIds: [foundation.groups.id("bastion")],
        tags: tags(siteName, "bastion"),
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new openstack.compute.Instance(
      name,
      {
        name: `${siteName}-bastion`,
        flavorName: bastion.flavor.name,
        imageId: imageId(bastion.image, { parent: this }),
        ...(cloud.keyPair === undefined ? {} : { keyPair: cloud.keyPair }),
        networks: [{ port: port.id }],
        configDrive: true,
      },
      {
        parent: this,
        ignoreChanges: ["imageId", "flavorName", "keyPair", "configDrive"],
        replacementTrigger: bastion.generation,
        deleteBeforeReplace: true,
      },
    );
    const floatingIp = new openstack.networking.FloatingIp(
      name,
      { pool: cloud.externalNetwork ?? "", description: `Bastion of site ${siteName}` },
      { parent: this, protect: true },
    );
    new openstack.networking.FloatingIpAssociate(
      name,
      { floatingIp: floatingIp.address, portId: port.id },
      { parent: this, dependsOn: foundation.routed, deleteBeforeReplace: true },
    );
    this.address = floatingIp.address;
    this.registerOutputs({ address: this.address });
  }
}

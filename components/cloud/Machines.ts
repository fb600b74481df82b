import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../kubernetes/transform";
import type { Cloud } from "../../stacks/site/site";
import { groupOf } from "./firewall";
import type { Foundation } from "./Foundation";
import type { MachinePlan, PoolPlan } from "./plan";
import { tags } from "./plan";

/** What the `Machines` of a pool are made from. */
export interface MachinesArgs {
  /** Site name. */
  siteName: string;
  /** The stack file's cloud section. */
  cloud: Cloud;
  /** The pool's plan. */
  pool: PoolPlan;
  /** Network, groups and image to build on. */
  foundation: Foundation;
  /** Sizes in GB of the blank Cinder volumes that a machine gets beside its boot disk. They are deleted with the machine. */
  blankVolumesGb: (machine: MachinePlan) => readonly number[];
  /** User data of a machine, base64: what cloud-init gets. It may hold keys, so it is kept secret. */
  userData: (machine: MachinePlan) => pulumi.Input<string>;
  /** Changes to objects before they are registered. */
  transform?: { instance?: Transform<openstack.compute.InstanceArgs> };
}

/**
 * Inputs that never touch a running machine. Nova would replace or rebuild it for each of them; the pool's `generation`
 * is the one way to do that on purpose, and then all of them take effect.
 */
const FIXED_AT_BIRTH = [
  "userData",
  "imageId",
  "imageName",
  "flavorName",
  "availabilityZone",
  "blockDevices",
  "configDrive",
  "keyPair",
  "schedulerHints",
  "tags",
];

/** The machines of one pool: a port with its planned address and an instance each, nothing more. */
export class Machines extends pulumi.ComponentResource {
  /** Nova ids, in index order. */
  readonly instanceIds: pulumi.Output<string>[] = [];
  /** Neutron port ids, in index order. */
  readonly portIds: pulumi.Output<string>[] = [];

  constructor(name: string, args: MachinesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cloud:Machines", name, {}, opts);
    for (const machine of args.pool.machines) {
      const port = this.createPort(`${name}-${machine.index}`, machine, args);
      const instance = this.createInstance(`${name}-${machine.index}`, machine, port, args);
      this.portIds.push(port.id);
      this.instanceIds.push(instance.id);
    }
    this.registerOutputs({ instanceIds: this.instanceIds });
  }

  private createPort(name: string, machine: MachinePlan, args: MachinesArgs): openstack.networking.Port {
    return new openstack.networking.Port(
      name,
      {
        name: machine.name,
        networkId: args.foundation.networkId,
        fixedIps: [{ subnetId: args.foundation.subnetId, ipAddress: machine.address }],
        securityGroupIds: [args.foundation.groups.id(groupOf(machine.role))],
        tags: tags(args.siteName, machine.pool),
      },
      { parent: this, deleteBeforeReplace: true },
    );
  }

  private createInstance(
    name: string,
    machine: MachinePlan,
    port: openstack.networking.Port,
    args: MachinesArgs,
  ): openstack.compute.Instance {
    const disks = blockDevices(args.foundation.imageId, machine.bootVolumeGb, args.blankVolumesGb(machine));
    const group = args.foundation.serverGroupId(machine.role);
    return new openstack.compute.Instance(
      ...transformed<openstack.compute.InstanceArgs>(
        args.transform?.instance,
        name,
        {
          name: machine.name,
          flavorName: machine.flavor.name,
          ...(disks === undefined ? { imageId: args.foundation.imageId } : { blockDevices: disks }),
          ...(machine.zone === undefined ? {} : { availabilityZone: machine.zone }),
          ...(args.cloud.keyPair === undefined ? {} : { keyPair: args.cloud.keyPair }),
          networks: [{ port: port.id }],
          ...(group === undefined ? {} : { schedulerHints: [{ group }] }),
          configDrive: true,
          userData: pulumi.secret(args.userData(machine)),
          tags: tags(args.siteName, machine.pool),
        },
        {
          parent: this,
          ignoreChanges: FIXED_AT_BIRTH,
          replacementTrigger: machine.generation,
          // The port, and so the address, goes from the old machine to the new one.
          deleteBeforeReplace: true,
        },
      ),
    );
  }
}

/** Nova's list of disks, the boot disk first; undefined where the image on the flavor's disk is all. */
function blockDevices(
  imageId: pulumi.Input<string>,
  bootVolumeGb: number | undefined,
  blankVolumesGb: readonly number[],
) {
  if (bootVolumeGb === undefined && blankVolumesGb.length === 0) {
    return undefined;
  }
  const boot = { uuid: imageId, sourceType: "image", bootIndex: 0, deleteOnTermination: true };
  return [
    bootVolumeGb === undefined
      ? { ...boot, destinationType: "local" }
      : { ...boot, destinationType: "volume", volumeSize: bootVolumeGb },
    ...blankVolumesGb.map(blankVolume),
  ];
}

function blankVolume(sizeGb: number) {
  return {
    sourceType: "blank",
    destinationType: "volume",
    volumeSize: sizeGb,
    // No disk to boot from, whatever comes first on the bus.
    bootIndex: -1,
    deleteOnTermination: true,
  };
}

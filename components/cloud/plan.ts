/** What the cloud layer will make, as plain values: nothing here knows Pulumi. */
import type { Cloud, Pool } from "../../stacks/site/site";
import { endpointAddress, machineAddress } from "./addresses";

/** Role of a machine; decides its security groups, server group and user data. */
export type Role = Pool["role"];

/** One machine, fully decided before anything exists. */
export interface MachinePlan {
  /** Host name, Nova name and node name: `<site>-<pool>-<index>`. */
  readonly name: string;
  /** Pool's name in the stack file. */
  readonly pool: string;
  /** Position in the pool, from 0; with the pool it is the machine's identity for ever. */
  readonly index: number;
  readonly role: Role;
  /** Fixed IPv4 address. */
  readonly address: string;
  /** Availability zone; undefined: Nova chooses. */
  readonly zone?: string;
  readonly flavor: Pool["flavor"];
  /** A new number means a new machine. */
  readonly generation: number;
  /** Size of the Cinder boot volume in GB; undefined: the flavor's disk. */
  readonly bootVolumeGb?: number;
}

/** A pool and its machines, in index order. */
export interface PoolPlan {
  readonly name: string;
  readonly role: Role;
  readonly machines: readonly MachinePlan[];
}

/** Every pool of the site, in the order of the stack file. */
export function planPools(siteName: string, cloud: Cloud): PoolPlan[] {
  return Object.entries(cloud.pools).map(([name, pool]) => ({
    name,
    role: pool.role,
    machines: Array.from({ length: pool.count }, (_, index) => planMachine(siteName, name, pool, index)),
  }));
}

function planMachine(siteName: string, poolName: string, pool: Pool, index: number): MachinePlan {
  return {
    name: `${siteName}-${poolName}-${index}`,
    pool: poolName,
    index,
    role: pool.role,
    address: machineAddress(pool.addresses, index),
    zone: pool.zones.length === 0 ? undefined : pool.zones[index % pool.zones.length],
    flavor: pool.flavor,
    generation: pool.generation,
    bootVolumeGb: pool.bootVolumeGb,
  };
}

/** Every machine of the control plane, in index order. */
export function controlPlaneMachines(pools: readonly PoolPlan[]): MachinePlan[] {
  return pools.filter((pool) => pool.role === "control-plane").flatMap((pool) => [...pool.machines]);
}

/**
 * Address inside the machine network by which machines and pods' nodes reach the Kubernetes API: the load balancer's, or
 * the only control-plane machine's. Known before anything exists, so certificates and kubeconfigs can be made first.
 * @throws RangeError without a control-plane machine; the site's checks say so first, with file and line
 */
export function internalApiAddress(siteName: string, cloud: Cloud): string {
  if (cloud.apiEndpoint.kind === "loadBalancer") {
    return endpointAddress(cloud.network.cidr);
  }
  const [machine] = controlPlaneMachines(planPools(siteName, cloud));
  if (machine === undefined) {
    throw new RangeError(`site ${siteName} has no control-plane machine; give one pool the role control-plane`);
  }
  return machine.address;
}

/**
 * Roles whose machines a server group spreads over hypervisors: what one failed hypervisor must not take as a whole. Batch
 * machines have none: Nova's scheduler spreads them anyway, and a group takes ten members where nobody raised the quota.
 */
const SPREAD: readonly Role[] = ["control-plane", "services"];

/** Whether machines of a role are in a server group. */
export function isSpread(role: Role): boolean {
  return SPREAD.includes(role);
}

/** Server groups of a site, each with the number of its machines. */
export function serverGroups(cloud: Cloud): { readonly role: Role; readonly members: number }[] {
  return SPREAD.map((role) => {
    const pools = Object.values(cloud.pools).filter((pool) => pool.role === role);
    return { role, members: pools.reduce((sum, { count }) => sum + count, 0) };
  }).filter(({ members }) => members > 0);
}

/** What the plan takes of the project's quota. */
export interface Demand {
  readonly instances: number;
  readonly cores: number;
  readonly ramMb: number;
  readonly ports: number;
  readonly floatingIps: number;
}

/** Sum over all machines, the bastion, the load balancer and the router. */
export function demand(siteName: string, cloud: Cloud): Demand {
  const flavors = planPools(siteName, cloud).flatMap((pool) => pool.machines.map((machine) => machine.flavor));
  if (cloud.bastion !== undefined) {
    flavors.push(cloud.bastion.flavor);
  }
  const { kind, floatingIp } = cloud.apiEndpoint;
  const makesRouter = cloud.externalNetwork !== undefined && cloud.network.adopt === undefined;
  return {
    instances: flavors.length,
    cores: flavors.reduce((sum, flavor) => sum + flavor.vcpus, 0),
    ramMb: flavors.reduce((sum, flavor) => sum + flavor.ramMb, 0),
    ports: flavors.length + (kind === "loadBalancer" ? 1 : 0) + (makesRouter ? 1 : 0),
    floatingIps: (kind === "floatingIp" || floatingIp ? 1 : 0) + (cloud.bastion === undefined ? 0 : 1),
  };
}

/** Tags every resource of the site carries in OpenStack, so that an administrator sees whose it is. */
export function tags(siteName: string, pool?: string): string[] {
  return ["atlas-site", `site=${siteName}`, ...(pool === undefined ? [] : [`pool=${pool}`])];
}

/**
 * What an engine that was killed may have left in the cloud: resources it was creating when it died. The cloud may have
 * them, the state knows only that they were being made. Pure: state in, list out.
 */

/** The parts of `pulumi stack export` we read. */
export interface ExportedState {
  readonly deployment: {
    readonly resources?: readonly { readonly type: string; readonly id?: string }[];
    readonly pending_operations?: readonly {
      readonly type: string;
      readonly resource: { readonly type: string; readonly urn: string; readonly inputs?: Record<string, unknown> };
    }[];
  };
}

/** How the `openstack` client names a kind of resource, and what it must be asked with. */
export interface Kind {
  /** Pulumi type. */
  readonly type: string;
  /** Words before `list` and `delete`. */
  readonly noun: readonly string[];
  /** Input whose value stands after `list` and before the id of `delete`: the resource lives inside another. */
  readonly inside?: string;
  /** Flags of `delete`. */
  readonly deleteFlags?: readonly string[];
}

/** Kinds the cloud layer makes, in the order in which they can be deleted. */
export const KINDS: readonly Kind[] = [
  { type: "openstack:compute/instance:Instance", noun: ["server"], deleteFlags: ["--wait"] },
  { type: "openstack:loadbalancer/monitor:Monitor", noun: ["loadbalancer", "healthmonitor"], deleteFlags: ["--wait"] },
  {
    type: "openstack:loadbalancer/member:Member",
    noun: ["loadbalancer", "member"],
    inside: "poolId",
    deleteFlags: ["--wait"],
  },
  { type: "openstack:loadbalancer/pool:Pool", noun: ["loadbalancer", "pool"], deleteFlags: ["--wait"] },
  { type: "openstack:loadbalancer/listener:Listener", noun: ["loadbalancer", "listener"], deleteFlags: ["--wait"] },
  {
    type: "openstack:loadbalancer/loadBalancer:LoadBalancer",
    noun: ["loadbalancer"],
    deleteFlags: ["--cascade", "--wait"],
  },
  { type: "openstack:networking/port:Port", noun: ["port"] },
  { type: "openstack:networking/router:Router", noun: ["router"] },
  { type: "openstack:networking/subnet:Subnet", noun: ["subnet"] },
  { type: "openstack:networking/network:Network", noun: ["network"] },
  { type: "openstack:networking/secGroup:SecGroup", noun: ["security", "group"] },
  { type: "openstack:compute/serverGroup:ServerGroup", noun: ["server", "group"] },
];

/** A resource that was being made: the cloud may have it under this name. */
export interface Orphan {
  readonly kind: Kind;
  readonly name: string;
  /** Id of the resource it lives inside, where its kind has one. */
  readonly inside?: string;
}

/** What the state says was being made, of the kinds we can find by name, in the order of deletion. */
export function possibleOrphans(state: ExportedState): Orphan[] {
  const creating = (state.deployment.pending_operations ?? []).filter((operation) => operation.type === "creating");
  return KINDS.flatMap((kind) =>
    creating
      .filter(({ resource }) => resource.type === kind.type && typeof resource.inputs?.name === "string")
      .map(({ resource }) => ({
        kind,
        name: resource.inputs?.name as string,
        ...(kind.inside === undefined ? {} : { inside: resource.inputs?.[kind.inside] as string }),
      })),
  );
}

/** What was being made that has no name to be found by: the administrator must look for it. */
export function unnamedOrphans(state: ExportedState): string[] {
  const found = new Set(KINDS.map((kind) => kind.type));
  return (state.deployment.pending_operations ?? [])
    .filter(
      ({ type, resource }) =>
        type === "creating" && resource.type.startsWith("openstack:") && !found.has(resource.type),
    )
    .map(({ resource }) => resource.urn);
}

/** Ids the state knows: never touched. */
export function knownIds(state: ExportedState): Set<string> {
  return new Set((state.deployment.resources ?? []).map((resource) => resource.id).filter((id) => id !== undefined));
}

/** Resources whose loss an update cannot make good. */
import type { Resource } from "../model/policy";
import { TYPES } from "../cloud/openstack";

/** Why each type must not go by mistake, by type token. */
const HOLDERS: Readonly<Record<string, string>> = {
  [TYPES.volume]: "a volume with its data",
  [TYPES.share]: "a share with its data",
  [TYPES.floatingIp]: "an address that stands in kubeconfigs and certificates",
  "kubernetes:core/v1:PersistentVolumeClaim": "a claim, whose volume may go with it",
};

/** Why the site cannot do without a resource for a moment, by type token. */
const FOUNDATIONS: Readonly<Record<string, string>> = {
  [TYPES.network]: "the network of every machine",
  [TYPES.subnet]: "the subnet of every machine",
  [TYPES.loadBalancer]: "the address of the API",
};

/** Types of what holds data or an address. */
export const HOLDER_TYPES: readonly string[] = Object.keys(HOLDERS);

/** Types of what everything else stands on. */
export const FOUNDATION_TYPES: readonly string[] = Object.keys(FOUNDATIONS);

/** What would be lost with a resource, in words; undefined for one that can be made again. */
export function lossOf({ type, name }: Pick<Resource, "type" | "name">): string | undefined {
  // The CAs of a cluster are drawn once and kept in the stack's state.
  return type === "pulumi:index:Stash" && /(^|-)cas$/.test(name)
    ? "the cluster's CAs"
    : (HOLDERS[type] ?? FOUNDATIONS[type]);
}

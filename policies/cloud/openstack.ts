/** Resources of OpenStack, as policies look at them. */
import type { Field } from "../model/field";
import { MACHINE } from "../model/userData";
import type { Resource } from "../model/policy";

/** Type tokens. */
export const TYPES = {
  machine: MACHINE,
  port: "openstack:networking/port:Port",
  network: "openstack:networking/network:Network",
  subnet: "openstack:networking/subnet:Subnet",
  router: "openstack:networking/router:Router",
  securityGroup: "openstack:networking/secGroup:SecGroup",
  securityGroupRule: "openstack:networking/secGroupRule:SecGroupRule",
  floatingIp: "openstack:networking/floatingIp:FloatingIp",
  floatingIpAssociate: "openstack:networking/floatingIpAssociate:FloatingIpAssociate",
  loadBalancer: "openstack:loadbalancer/loadBalancer:LoadBalancer",
  listener: "openstack:loadbalancer/listener:Listener",
  member: "openstack:loadbalancer/member:Member",
  serverGroup: "openstack:compute/serverGroup:ServerGroup",
  volume: "openstack:blockstorage/volume:Volume",
  share: "openstack:sharedfilesystem/share:Share",
  image: "openstack:images/image:Image",
} as const;

/** Everybody, in both protocols. */
export const WORLD: readonly string[] = ["0.0.0.0/0", "::/0"];

/** Whether a value is given, be it one that only the update will know. */
export function isGiven(field: Field): boolean {
  return !field.known || field.present;
}

/** Resources of one type. */
export function ofType(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter((resource) => resource.type === type);
}

/** Pool a machine or port belongs to, by its tag; undefined when it has none. @throws UnknownField */
export function poolOf({ props }: Resource): string | undefined {
  return tagValue(props, "pool");
}

/** Value of a tag `key=value`. @throws UnknownField */
export function tagValue(props: Field, key: string): string | undefined {
  const tag = props.at("tags").texts.find((text) => text.startsWith(`${key}=`));
  return tag?.slice(key.length + 1);
}

import { notApplicable, type Finding, type Resource, type StackPolicy } from "../model/policy";
import type { FlavorSize, Quota } from "../model/siteSettings";
import { ofType, TYPES } from "../cloud/openstack";

/** What the resources of a stack need at least. */
type Need = Readonly<Record<keyof Quota, number>>;

const UNITS: Readonly<Record<keyof Quota, string>> = {
  instances: "machines",
  cores: "cores",
  ramMb: "MiB of memory",
  ports: "ports",
  floatingIps: "floating IPs",
  volumes: "volumes",
  volumesGb: "GB of volumes",
};

/** The cloud does not say no half way through. */
export const quotaSums: StackPolicy = {
  kind: "stack",
  name: "quota-sums",
  title: "All resources of the stack together stay within the project's quota (settings quota, flavors)",
  why: "The cloud refuses the machine that is one too many, after all those before it were made: half a site, and the rest of the update does not happen.",
  level: "mandatory",
  severity: "medium",
  frameworks: [{ framework: "atlas-site", version: "1", control: "sums stay within the declared quota" }],
  remediation: "Make pools smaller, or have the quota raised and then say so in cloud.quota of the stack file.",
  check: (resources, settings) => {
    const limits = Object.entries(settings.quota) as [keyof Quota, number][];
    if (limits.length === 0) {
      return notApplicable("the quota is not known");
    }
    const need = needOf(resources, settings.flavors);
    const beyond = limits
      .filter(([part, limit]) => need[part] > limit)
      .map(([part, limit]): Finding => ({ path: "", message: `${need[part]} ${UNITS[part]} are needed, of ${limit}` }));
    return [...beyond, ...unknownFlavors(resources, settings.flavors)];
  },
};

function flavorNames(resources: readonly Resource[]): string[] {
  return ofType(resources, TYPES.machine).map(({ props }) => props.at("flavorName").text ?? "");
}

function unknownFlavors(resources: readonly Resource[], flavors: Readonly<Record<string, FlavorSize>>): Finding[] {
  const missing = new Set(flavorNames(resources).filter((name) => flavors[name] === undefined));
  return [...missing].map((name) => ({ unknown: `size of flavor "${name}"` }));
}

function needOf(resources: readonly Resource[], flavors: Readonly<Record<string, FlavorSize>>): Need {
  const count = (type: string) => ofType(resources, type).length;
  const names = flavorNames(resources);
  const sizes = names.flatMap((name) => flavors[name] ?? []);
  const volumes = [...volumesOf(resources), ...bootVolumesOf(resources)];
  return {
    instances: names.length,
    cores: sum(sizes.map(({ vcpus }) => vcpus)),
    ramMb: sum(sizes.map(({ ramMb }) => ramMb)),
    // A load balancer has one for its address; what Neutron needs for itself (router, DHCP) is not counted.
    ports: count(TYPES.port) + count(TYPES.loadBalancer),
    floatingIps: count(TYPES.floatingIp),
    volumes: volumes.length,
    volumesGb: sum(volumes),
  };
}

function volumesOf(resources: readonly Resource[]): number[] {
  return ofType(resources, TYPES.volume).map(({ props }) => props.at("size").number ?? 0);
}

function bootVolumesOf(resources: readonly Resource[]): number[] {
  return ofType(resources, TYPES.machine)
    .flatMap(({ props }) => props.at("blockDevices").items)
    .filter((device) => device.at("destinationType").is("volume"))
    .map((device) => device.at("volumeSize").number ?? 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

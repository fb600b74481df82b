import { catalog, lab } from "./settings";

/** A flavor of the lab's cloud. */
export interface Flavor {
  name: string;
  vcpus: number;
  ramMb: number;
  diskGb: number;
}

/**
 * Flavors, in the shapes sites use. The machines see the host's processors and memory; the flavor's figures reach them
 * as `FLAVOR_VCPUS` and `FLAVOR_RAM_MB` in /etc/lab-machine.env, so that a kubelet can declare what it should have.
 */
export const flavors: readonly Flavor[] = [
  { name: "m1.control", vcpus: 2, ramMb: 4096, diskGb: 20 },
  { name: "m1.services", vcpus: 2, ramMb: 4096, diskGb: 40 },
  { name: "m1.batch", vcpus: 16, ramMb: 32768, diskGb: 80 },
];

/** Name of the one image; the machine tree behind it is made by test/lab/image. */
export const imageName = "debian-12-kubernetes";

/** External network: 203.0.113.0/24 is reserved for documentation (RFC 5737) and exists only inside the namespace. */
export const external = {
  name: "public",
  cidr: "203.0.113.0/24",
  gateway: "203.0.113.1",
  first: "203.0.113.10",
  last: "203.0.113.250",
} as const;

/** Input of atlas_lab/identity.py. */
export function identityPlan(): object {
  return {
    password: lab.password,
    project: lab.project,
    user: lab.user,
    region: lab.region,
    catalog: catalog.map(({ type, service, url }) => ({ type, service, url })),
  };
}

/** Input of atlas_lab/content.py. */
export function contentPlan(): object {
  return {
    flavors,
    external,
    image: {
      name: imageName,
      minDiskGb: 10,
      text: "Stands for the machine tree that the lab's compute driver boots; this file is never read.\n",
    },
  };
}

import { Address4 } from "ip-address";

/** The n-th address of a network, counted from its first (n = 0), whatever the network's base is. */
function nth(cidr: string, n: number): string {
  const first = new Address4(cidr).startAddress().bigInt();
  return Address4.fromBigInt(first + BigInt(n)).correctForm();
}

/** Addresses in a network, its first and last included. */
export function networkSize(cidr: string): number {
  return 2 ** (32 - new Address4(cidr).subnetMask);
}

/** Router address of the machine network: its first host address. */
export function gatewayAddress(networkCidr: string): string {
  return nth(networkCidr, 1);
}

/** Address of the load balancer that stands before the Kubernetes API: the second host address of the machine network. */
export function endpointAddress(networkCidr: string): string {
  return nth(networkCidr, 2);
}

/** How many machines a pool's block can ever hold: its first and last address stay free. */
export function poolCapacity(block: string): number {
  return Math.max(0, networkSize(block) - 2);
}

/**
 * Fixed address of a machine: host address `index` of its pool's block, so it depends on nothing but pool and index.
 * @throws RangeError when the block is too small; the site's checks say so first, with file and line.
 */
export function machineAddress(block: string, index: number): string {
  if (index < 0 || index >= poolCapacity(block)) {
    throw new RangeError(`block ${block} has ${poolCapacity(block)} machine addresses, index ${index} is outside it`);
  }
  return nth(block, index + 1);
}

/** First and last address of a block, as Neutron's allocation pools want them. */
export function addressRange(block: string): { start: string; end: string } {
  return { start: nth(block, 1), end: nth(block, networkSize(block) - 2) };
}

/** Address of the cluster's name service: by kubeadm's rule the tenth of the service network. */
export function dnsServiceAddress(serviceCidr: string): string {
  return nth(serviceCidr, 10);
}

/** How IPv4 networks lie to one another. */
import { Address4 } from "ip-address";

/** Whether every address of one network is in another. */
export function contains(outer: string, inner: string): boolean {
  return new Address4(inner).isInSubnet(new Address4(outer));
}

/** Whether two networks share an address: then one of them holds the other. */
export function overlaps(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

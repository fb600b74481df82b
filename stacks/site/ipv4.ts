/** Arithmetic on IPv4 networks as pairs of numbers: what the schema and the cross-checks need, and no more. */
import { Address4 } from "ip-address";

/** An IPv4 network as the inclusive range of its addresses. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Dotted text of an address given as a number. */
export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/**
 * Number of an IPv4 address.
 * @returns undefined when the text is not one: an octet above 255, or one with a leading zero, which some programs read
 * as octal and others do not
 */
export function addressNumber(text: string): number | undefined {
  if (text.includes("/") || /(^|\.)0\d/.test(text) || !Address4.isValid(text)) {
    return undefined;
  }
  return Number(new Address4(text).bigInt());
}

/**
 * Range of a network in CIDR notation, whatever address in it the text names.
 * @returns undefined when the text is not CIDR notation
 */
export function networkRange(cidr: string): Range | undefined {
  const [, dotted, bits] = /^([\d.]+)\/(\d{1,2})$/.exec(cidr) ?? [];
  const address = dotted === undefined ? undefined : addressNumber(dotted);
  const prefix = Number(bits);
  if (address === undefined || !(prefix <= 32) || String(prefix) !== bits) {
    return undefined;
  }
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

/** Length of a network's prefix: 22 for 10.64.0.0/22. */
export function prefixLength(cidr: string): number {
  return Number(cidr.slice(cidr.indexOf("/") + 1));
}

/**
 * The network as it is written properly, with its first address: 10.64.0.0/22 for 10.64.1.7/22.
 * @returns undefined when the text is not CIDR notation
 */
export function canonicalCidr(cidr: string): string | undefined {
  const range = networkRange(cidr);
  return range === undefined ? undefined : `${addressText(range.first)}/${prefixLength(cidr)}`;
}

/** Range of a network the schema has accepted. */
export function parsedRange(cidr: string): Range {
  const range = networkRange(cidr);
  if (range === undefined) {
    throw new RangeError(`"${cidr}" is no IPv4 network in CIDR notation; the schema lets none like it pass`);
  }
  return range;
}

/** Whether two networks share an address. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [parsedRange(one), parsedRange(other)];
  return a.first <= b.last && b.first <= a.last;
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: string, inner: string): boolean {
  const [o, i] = [parsedRange(outer), parsedRange(inner.includes("/") ? inner : `${inner}/32`)];
  return o.first <= i.first && i.last <= o.last;
}

/**
 * The first network of a size inside another that shares no address with those taken.
 * @param outer where to look
 * @param prefix length of the prefix wanted
 * @param taken networks and single addresses (`10.64.0.1/32`) in use
 * @returns undefined when there is none
 */
export function freeNetwork(outer: string, prefix: number, taken: readonly string[]): string | undefined {
  const { first, last } = parsedRange(outer);
  const size = 2 ** (32 - prefix);
  const used = taken.map(parsedRange).sort((a, b) => a.first - b.first);
  let start = Math.ceil(first / size) * size;
  for (const range of used) {
    if (range.first <= start + size - 1 && start <= range.last) {
      start = Math.ceil((range.last + 1) / size) * size;
    }
  }
  return start + size - 1 <= last ? `${addressText(start)}/${prefix}` : undefined;
}

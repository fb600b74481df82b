/** IPv4 networks. */

/** First and last address of a network in CIDR notation, as numbers; undefined when it is none. */
function rangeOf(cidr: string): { readonly first: number; readonly last: number } | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const numbers = match?.slice(1).map(Number) ?? [];
  const prefix = numbers[4];
  if (prefix === undefined || numbers.slice(0, 4).some((part) => part > 255) || prefix > 32) {
    return undefined;
  }
  const size = 2 ** (32 - prefix);
  const address = numbers.slice(0, 4).reduce((sum, part) => sum * 256 + part, 0);
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

/** Whether a network lies inside another; false when one of them is none. */
export function liesIn(inner: string, outer: string): boolean {
  const [one, other] = [rangeOf(inner), rangeOf(outer)];
  return one !== undefined && other !== undefined && other.first <= one.first && one.last <= other.last;
}

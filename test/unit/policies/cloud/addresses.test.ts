/** Networks as the pack reads them, held against how the program reads them: two programs that share no line. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { liesIn } from "../../../../policies/cloud/addresses";
import { addressText, contains } from "../../../../stacks/site/ipv4";

/** A network by its number and prefix length, its host bits zero. */
const network = fc
  .tuple(fc.nat(0xff_ff_ff_ff), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => `${addressText(address - (address % 2 ** (32 - prefix)))}/${prefix}`);

test("a network lies inside another when the program says so too", () => {
  fc.assert(
    fc.property(network, network, (inner, outer) => {
      expect(liesIn(inner, outer)).toBe(contains(outer, inner));
    }),
  );
});

test("every network lies in itself and in everything, and its two halves lie in it and not in each other", () => {
  fc.assert(
    fc.property(network, (whole) => {
      expect([liesIn(whole, whole), liesIn(whole, "0.0.0.0/0")]).toEqual([true, true]);
    }),
  );
  const halves = ["10.64.0.0/23", "10.64.2.0/23"];
  expect(halves.map((half) => liesIn(half, "10.64.0.0/22"))).toEqual([true, true]);
  expect([liesIn(halves[0], halves[1]), liesIn(halves[1], halves[0])]).toEqual([false, false]);
});

test("an address inside a network counts for the network", () => {
  expect(liesIn("10.64.0.77/22", "10.64.0.0/22")).toBe(true);
  expect(liesIn("10.64.0.0/22", "10.64.3.255/22")).toBe(true);
});

test.each(["10.64.0.256/24", "10.64.0.0/33", "10.64.0.0", "10.64.0/24", "::/0", "cluster", ""])(
  "what is no network lies nowhere, and nothing lies in it: %s",
  (text) => {
    expect([liesIn(text, "0.0.0.0/0"), liesIn("10.64.0.0/24", text)]).toEqual([false, false]);
  },
);

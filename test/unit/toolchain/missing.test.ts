import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inventory } from "../../toolchain/inventory";
import { isOlder, missing, storedName, type Present, type Wanted } from "../../toolchain/missing";

const wanted: Wanted[] = inventory().map((item, index) => ({ ...item, key: index.toString(16).padStart(16, "0") }));
const nothing: Present = { stored: new Set(), installedPlugins: new Map() };
const everything = new Set(wanted.map(storedName));

function toBuild(present: Present): string[] {
  return missing(wanted, present).build.flatMap((job) => job.wanted.map(({ binary }) => binary.name));
}

describe("what is missing", () => {
  it("is everything on an empty machine, grouped by module in the inventory's order", () => {
    const decision = missing(wanted, nothing);
    expect(toBuild(nothing)).toEqual(wanted.map(({ binary }) => binary.name));
    expect(decision.build.map((job) => job.module.folder)).toEqual([...new Set(wanted.map((w) => w.module.folder))]);
  });

  it("is exactly what the store lacks, for any content of the store", () => {
    fc.assert(
      fc.property(fc.subarray(wanted), (present) => {
        const names = present.map(({ binary }) => binary.name);
        const decision = missing(wanted, { ...nothing, stored: new Set(present.map(storedName)) });
        const built = decision.build.flatMap((job) => job.wanted.map(({ binary }) => binary.name));
        expect([...built, ...names].sort()).toEqual(wanted.map(({ binary }) => binary.name).sort());
        expect([...decision.stored.keys()].sort()).toEqual([...names].sort());
      }),
    );
  });

  it("counts a binary of another key as missing", () => {
    const stale = wanted.map((item) => storedName({ ...item, key: "f".repeat(16) }));
    expect(toBuild({ ...nothing, stored: new Set(stale) })).toHaveLength(wanted.length);
  });

  it("takes an installed Pulumi of 3.240 or later with its language host, and no older one", () => {
    const installed = (version: string): Present => ({
      ...nothing,
      installedPulumi: { version, pulumi: "/opt/pulumi", languageHost: "/opt/pulumi-language-nodejs" },
    });
    const decision = missing(wanted, installed("v3.240.0"));
    expect(Object.fromEntries(decision.installed)).toEqual({
      pulumi: "/opt/pulumi",
      "pulumi-language-nodejs": "/opt/pulumi-language-nodejs",
    });
    expect(toBuild(installed("v3.240.0"))).not.toContain("pulumi");
    expect(toBuild(installed("v3.239.9"))).toEqual(toBuild(nothing));
  });

  it("takes an installed plugin at exactly the wanted version, even when a built one is there", () => {
    const plugin = wanted.find(({ binary }) => binary.name === "pulumi-resource-openstack")!;
    const at = (version: string): Present => ({
      stored: everything,
      installedPlugins: new Map([[`openstack@${version}`, "/home/a/plugin"]]),
    });
    expect(missing(wanted, at(plugin.binary.version)).installed.get(plugin.binary.name)).toBe("/home/a/plugin");
    expect(missing(wanted, at("9.9.9")).installed.size).toBe(0);
  });
});

describe("version order", () => {
  it("is numeric, with or without v, and blind to build suffixes", () => {
    expect(isOlder("v3.99.0", "3.240.0")).toBe(true);
    expect(isOlder("3.240.0", "v3.240")).toBe(false);
    expect(isOlder("3.240.0-alpha.1+dirty", "3.240.0")).toBe(false);
    expect(isOlder("1.26.8", "1.26.10")).toBe(true);
  });
});

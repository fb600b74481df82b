import { describe, expect, it } from "vitest";
import { preflightProblems, type HostFacts } from "../../lab/preflight";

const good: HostFacts = {
  uid: 0,
  os: { id: "debian", version: "12" },
  availableMemoryMb: 12_000,
  freeDiskMb: 40_000,
  cache: "/var/cache/atlas-site",
  state: "/var/cache/atlas-site/lab",
  tree: "/src/atlas-site/test/lab",
  namespaces: [],
  ownLab: false,
  missingCommands: [],
  fileSystems: ["ext4", "overlay"],
};

const bad: [string, Partial<HostFacts>, RegExp][] = [
  ["not root", { uid: 1000 }, /user id 1000.*as root/],
  ["another distribution", { os: { id: "ubuntu", version: "24.04" } }, /ubuntu 24\.04.*Debian 12/],
  ["another Debian", { os: { id: "debian", version: "13" } }, /debian 13/],
  ["little memory", { availableMemoryMb: 6000 }, /6000 MiB available, 8192 needed/],
  ["little disk", { freeDiskMb: 9000 }, /9000 MiB free at \/var\/cache\/atlas-site, 15360 needed.*ATLAS_SITE_CACHE/],
  ["a comma in the cache's path", { cache: "/var/a,b" }, /cache folder \/var\/a,b.*special characters/],
  ["a blank in the checkout's path", { tree: "/my src/lab" }, /checkout \/my src\/lab.*clone into another/],
  ["a cache path too long for a socket", { state: `/${"x".repeat(100)}` }, /would be 109 bytes, 107 are allowed/],
  ["somebody else's lab", { namespaces: ["atlas-lab"] }, /network namespace atlas-lab exists.*ip netns del atlas-lab/],
  ["a command missing after the installation", { missingCommands: ["mariadbd"] }, /commands not found: mariadbd/],
  ["no overlay file system", { fileSystems: ["ext4"] }, /overlay.*modprobe/],
];

describe("preflight", () => {
  it("accepts a good machine", () => {
    expect(preflightProblems(good, "nspawn")).toEqual([]);
  });

  it.each(bad)("refuses %s and says how to fix it", (_, facts, message) => {
    const problems = preflightProblems({ ...good, ...facts }, "nspawn");
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it("tells all problems at once", () => {
    const all = { ...good, uid: 1000, availableMemoryMb: 100, freeDiskMb: 100, namespaces: ["atlas-lab"] };
    expect(preflightProblems(all, "nspawn")).toHaveLength(4);
  });

  it("takes a namespace for its own when this cache has the record of its lab", () => {
    expect(preflightProblems({ ...good, namespaces: ["atlas-lab"], ownLab: true }, "nspawn")).toEqual([]);
  });

  it("asks for less when no machine is to boot", () => {
    const small = { ...good, availableMemoryMb: 5000, freeDiskMb: 6000, fileSystems: ["ext4"] };
    expect(preflightProblems(small, "nspawn")).toHaveLength(3);
    expect(preflightProblems(small, "fake")).toEqual([]);
  });
});

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = join(__dirname, "../../lab/image/files/usr/local/lib/lab-machine/flavor-files");
let folder: string;

/** A host of some processors and 24 GiB. */
function host(processors: number): void {
  folder = mkdtempSync(join(tmpdir(), "flavor-"));
  const paragraph = (n: number) =>
    `processor\t: ${n}\nmodel name\t: Some CPU\ncore id\t\t: ${n}\nsiblings\t: ${processors}\n`;
  const all = Array.from({ length: processors }, (_, n) => n);
  for (const n of all) mkdirSync(join(folder, `sys/devices/system/cpu/cpu${n}`), { recursive: true });
  mkdirSync(join(folder, "sys/devices/system/cpu/cpufreq"));
  mkdirSync(join(folder, "proc"));
  writeFileSync(join(folder, "proc/cpuinfo"), `${all.map(paragraph).join("\n")}\n`);
  const memory = [
    "MemTotal:       25165824 kB",
    "MemFree:        12582912 kB",
    "MemAvailable:   18874368 kB",
    "Buffers: 7 kB",
  ];
  writeFileSync(join(folder, "proc/meminfo"), `${memory.join("\n")}\n`);
}

function flavor(vcpus: number, ramMb: number): { nodes: string[][]; cpuinfo: string; meminfo: string } {
  const out = join(folder, `out-${vcpus}`);
  execFileSync("bash", [script, out, String(vcpus), String(ramMb), join(folder, "proc"), join(folder, "sys")]);
  const nodes = readdirSync(join(out, "node")).map((node) => {
    const entries = readdirSync(join(out, "node", node)).filter((entry) => entry.startsWith("cpu"));
    return entries.map((entry) => readlinkSync(join(out, "node", node, entry)));
  });
  const read = (name: string) => readFileSync(join(out, name), "utf8");
  return { nodes, cpuinfo: read("cpuinfo"), meminfo: read("meminfo") };
}

beforeEach(() => host(2));
afterEach(() => rmSync(folder, { recursive: true }));

describe("files that show a flavor", () => {
  it("count the flavor's processors, by numbers that the host really has, on smaller and larger hosts", () => {
    for (const vcpus of [1, 2, 3, 8, 64]) {
      const { nodes, cpuinfo } = flavor(vcpus, 16384);
      expect(nodes.flat()).toHaveLength(vcpus);
      expect(nodes.flat().filter((path) => !/^\/sys\/devices\/system\/cpu\/cpu[01]$/.test(path))).toEqual([]);
      for (const node of nodes) expect(new Set(node).size).toBe(node.length);
      const numbers = [...cpuinfo.matchAll(/^processor\t: (\d+)$/gm)].map((match) => Number(match[1]));
      expect(numbers).toEqual(Array.from({ length: vcpus }, (_, n) => n));
      expect(cpuinfo.match(new RegExp(`^siblings\t: ${vcpus}$`, "gm"))).toHaveLength(vcpus);
    }
  });

  it("show the flavor's memory, with the host's share of it free", () => {
    const { meminfo } = flavor(8, 16384);
    expect(meminfo).toMatch(/^MemTotal: +16777216 kB$/m);
    expect(meminfo).toMatch(/^MemFree: +8388608 kB$/m);
    expect(meminfo).toMatch(/^Buffers: 7 kB$/m);
  });
});

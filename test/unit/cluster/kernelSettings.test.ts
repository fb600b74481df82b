import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  KERNEL_FILES,
  KERNEL_UNIT,
  kernelScript,
  kernelUnit,
  sysctls,
} from "../../../components/cluster/kubeadm/kernelSettings";
import { bootFiles } from "../../../components/cluster/kubeadm/userData";
import { bashProblem } from "../../support/bootMachine";
import { clusterParts, FAKE_SECRETS } from "../../support/clusterParts";
import { removeFolder } from "../../support/removeFolder";

const BRIDGE_KEY = "/proc/sys/net/bridge/bridge-nf-call-iptables";
const SWAPS_HEADER = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

/** What the machine's kernel and image are like. */
interface Kernel {
  /** br_netfilter: built in, to be loaded, or not there at all. */
  readonly module?: "built in" | "loadable" | "missing";
  /** Swap areas in use at the start. */
  readonly swap?: readonly string[];
  /** Swap areas that swapoff cannot turn off. */
  readonly stuck?: readonly string[];
  readonly sysctlFails?: boolean;
}

interface Run {
  readonly exitCode: number | null;
  readonly console: string;
  readonly calls: readonly string[];
}

/** Runs the script in a folder that stands for the machine, with stand-ins for modprobe, sysctl and swapoff. */
function prepare({ module = "loadable", swap = [], stuck = [], sysctlFails = false }: Kernel): Run {
  const folder = mkdtempSync(join(tmpdir(), "atlas-site-kernel-"));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const standIn = (name: string, body: string) => {
    write(`bin/${name}`, `#!/bin/bash\ncd ${folder}\necho "${name} $*" >> calls\n${body}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  };
  const swaps = (areas: readonly string[]) => SWAPS_HEADER + areas.map((area) => `${area} file 1 0 -2\n`).join("");
  try {
    write("/dev/console", "");
    write("/proc/swaps", swaps(swap));
    write("left", swaps(stuck));
    if (module === "built in") write(BRIDGE_KEY, "0\n");
    const load = `mkdir -p .${dirname(BRIDGE_KEY)}; echo 1 > .${BRIDGE_KEY}`;
    const missing = "echo 'modprobe: FATAL: Module br_netfilter not found' >&2; exit 1";
    standIn("modprobe", module === "loadable" ? load : missing);
    standIn("sysctl", sysctlFails ? "echo 'permission denied on key' >&2; exit 255" : "");
    standIn("swapoff", `cp left proc/swaps${stuck.length > 0 ? "; echo 'Cannot allocate memory' >&2; exit 255" : ""}`);
    const moved = kernelScript()
      .replaceAll(/(?<![\w/])\/(proc|dev)\//g, `${folder}/$1/`)
      .replaceAll("tee ", "tee -a ");
    const env = { PATH: `${join(folder, "bin")}:/usr/bin:/bin` };
    const { status } = spawnSync("bash", ["-c", moved], { env, timeout: 20_000 });
    const read = (path: string) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : "");
    return {
      exitCode: status,
      console: read("/dev/console").replaceAll(folder, ""),
      calls: read("calls").split("\n").filter(Boolean),
    };
  } finally {
    removeFolder(folder);
  }
}

describe("the program that prepares a machine's kernel", () => {
  test("is sound bash", () => {
    expect(bashProblem(kernelScript())).toBe("");
  });

  test("loads br_netfilter before it sets the sysctls that exist only with it, then turns swap off", () => {
    const { exitCode, console, calls } = prepare({ swap: ["/swap.img"] });
    expect([exitCode, console]).toEqual([0, ""]);
    expect(calls).toEqual(["modprobe br_netfilter", `sysctl -q -p ${KERNEL_FILES.sysctls}`, "swapoff -a"]);
  });

  test("accepts a kernel with br_netfilter built in, where modprobe finds no module", () => {
    expect(prepare({ module: "built in" })).toMatchObject({ exitCode: 0, console: "" });
  });

  test("fails without br_netfilter, with the reason and the fix on the console", () => {
    const { exitCode, console } = prepare({ module: "missing" });
    expect(exitCode).toBe(1);
    expect(console).toMatch(/no br_netfilter, without which Services .*fix: an image with this kernel module/);
    expect(console).toContain("Module br_netfilter not found");
  });

  test("fails when a sysctl is refused, and prints which", () => {
    const { exitCode, console } = prepare({ sysctlFails: true });
    expect(exitCode).toBe(1);
    expect(console).toContain(`sysctl -p ${KERNEL_FILES.sysctls}: permission denied on key`);
  });

  test("fails when swap stays on, with the areas that are still in use", () => {
    const { exitCode, console } = prepare({ swap: ["/swap.img", "/dev/vdb"], stuck: ["/dev/vdb"] });
    expect(exitCode).toBe(1);
    expect(console).toContain("swap is still on (/dev/vdb)");
    expect(console).toContain("Cannot allocate memory");
  });
});

describe("kernel settings in user data", () => {
  test("have netfilter see bridged packets of both families", () => {
    expect(sysctls()).toMatch(/^net\.bridge\.bridge-nf-call-iptables = 1$/m);
    expect(sysctls()).toMatch(/^net\.bridge\.bridge-nf-call-ip6tables = 1$/m);
  });

  test("are applied at every boot by a unit the kubelet requires, after the image's own sysctls and swap", () => {
    const unit = kernelUnit();
    expect(unit).toContain("RequiredBy=kubelet.service");
    expect(unit).toContain("Before=kubelet.service");
    expect(unit).toMatch(/^After=.*swap\.target/m);
    expect(unit).toMatch(/^After=.*systemd-sysctl\.service/m);
    expect(unit).toContain(`ExecStart=${KERNEL_FILES.script}`);
    expect(KERNEL_FILES.unit.endsWith(`/${KERNEL_UNIT}`)).toBe(true);
  });

  test("are part of every machine's user data", () => {
    const { plan, machine, machines } = clusterParts("zonesVolumesTaints");
    expect(machines.size).toBeGreaterThan(3);
    for (const name of machines.keys()) {
      const paths = bootFiles(plan, ...machine(name), FAKE_SECRETS).map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(Object.values(KERNEL_FILES)));
    }
  });
});

/** The program that looks after a machine's repositories, run for real: what it waits for, what it fixes, what cannot hold it up. */
import { execFileSync } from "node:child_process";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Watch } from "../../../components/cvmfs/machine/watch";
import type { MachineFolder, Run } from "./machineRun";
import { runWatch, watchedMachine } from "./watchRun";

let machine: MachineFolder;
const run = (command: string, watch: Partial<Watch>) => runWatch(machine, command, watch);

beforeEach(() => {
  machine = watchedMachine();
});

afterEach(() => machine.dispose());

function listsOf(made: Run, repository: string): number {
  return made.calls.filter((call) => call.startsWith("ls ") && call.endsWith(repository)).length;
}

describe("the gate", () => {
  test("opens as soon as every repository answers", () => {
    const made = run("gate 20", { repositories: ["well.cern.ch", "late.cern.ch"] });
    expect(made.console).toBe("atlas-site: CVMFS: every repository answers\n");
    expect(made.exitCode).toBe(0);
    expect(made.seconds).toBeLessThan(10);
    // Who is well is not asked again.
    expect([listsOf(made, "well.cern.ch"), listsOf(made, "late.cern.ch")]).toEqual([1, 3]);
  });

  test("opens at its deadline in any case and names who is missing, the hung one among them", () => {
    execFileSync("mkfifo", [join(machine.path, "fifo")]);
    const made = run("gate 3", { repositories: ["well.cern.ch", "hung.cern.ch", "gone.cern.ch"] });
    expect(made.exitCode).toBe(0);
    expect(made.console).toContain("goes on without: hung.cern.ch gone.cern.ch. The node takes no jobs");
    expect(made.seconds).toBeGreaterThan(2);
    expect(made.seconds).toBeLessThan(8);
    // A second look only after the first was ended by force, a second after its time was up.
    expect(listsOf(made, "hung.cern.ch")).toBeLessThanOrEqual(2);
  });

  test("is not deceived by an empty folder, which is what an unmounted repository looks like", () => {
    machine.standIn("ls", "exit 0");
    expect(run("gate 1", { repositories: ["empty.cern.ch"] }).console).toContain("goes on without: empty.cern.ch");
  });

  test("does not wait for squids that come with the cluster", () => {
    const made = run("gate 60", { repositories: ["gone.cern.ch"], proxies: ["127.0.0.1:1"] });
    expect(made.console).toContain("no proxy answers yet (127.0.0.1:1), so this machine does not wait");
    expect(made.console).toContain("goes on without: gone.cern.ch");
    expect(made.seconds).toBeLessThan(15);
  });

  test("waits when a proxy answers: then CVMFS may come any moment", async () => {
    const server = await listening();
    const { port } = server.address() as AddressInfo;
    const made = run("gate 4", { repositories: ["gone.cern.ch"], proxies: ["127.0.0.1:1", `127.0.0.1:${port}`] });
    server.close();
    expect(made.console).not.toContain("no proxy answers");
    expect(made.seconds).toBeGreaterThan(3);
  });
});

async function listening(): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

describe("healing", () => {
  const mounts = ["well.cern.ch", "dead.cern.ch", "gone.cern.ch"];

  test("mounts what is missing, and anew what lost its client, and leaves the rest alone", () => {
    machine.mounts("/cvmfs/well.cern.ch", "/cvmfs/dead.cern.ch");
    const made = run("fix", { mounts });
    const acts = made.calls.filter((call) => /^(systemctl|umount) /.test(call));
    expect(acts.map((call) => call.replaceAll(machine.path, ""))).toEqual([
      "systemctl start --no-block /cvmfs/gone.cern.ch.unit",
      "umount --lazy /cvmfs/dead.cern.ch",
      "systemctl start --no-block /cvmfs/dead.cern.ch.unit",
    ]);
    expect(made.console).toBe("atlas-site: CVMFS: dead.cern.ch lost its client and is mounted anew\n");
  });

  test("neither waits for a hung repository nor takes it away", () => {
    execFileSync("mkfifo", [join(machine.path, "fifo")]);
    machine.mounts("/cvmfs/hung.cern.ch");
    const made = run("fix", { mounts: ["hung.cern.ch"] });
    expect(made.calls.filter((call) => /^(systemctl|umount) /.test(call))).toEqual([]);
    expect(made.seconds).toBeLessThan(8);
  });

  test("knows a mount by its whole path", () => {
    machine.mounts("/cvmfs/well.cern.ch.old");
    const made = run("fix", { mounts: ["well.cern.ch"] });
    expect(made.calls.join("\n")).toContain("systemctl start --no-block");
  });
});

test("start has every unit enabled and started, those of later boots enabled only, backslashes kept", () => {
  const units = ["cvmfs-atlas\\x2dcondb.cern.ch.mount", "atlas-site-cvmfs-mounts.timer"];
  expect(run("start", { units, atBoot: ["gate.service"] }).calls).toEqual([
    `systemctl enable --quiet ${units.join(" ")} gate.service`,
    `systemctl start --no-block ${units.join(" ")}`,
  ]);
});

test("an unknown word is refused", () => {
  expect(run("stop", {}).exitCode).toBe(2);
});

/** The same program on mounts of other kinds: the automounter's, those without their configuration, and at a shutdown. */
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

/** Calls that change the machine, with its paths. */
function acts(made: Run): string[] {
  return made.calls
    .filter((call) => /^(systemctl|umount) /.test(call))
    .map((call) => call.replaceAll(machine.path, ""));
}

describe("healing with the automounter", () => {
  test("a repository whose client died is unmounted, and the next access mounts it", () => {
    machine.mounts("/cvmfs/well.cern.ch", "/cvmfs/dead.cern.ch");
    const made = run("fix", {});
    expect(acts(made)).toEqual(["umount --lazy /cvmfs/dead.cern.ch"]);
    expect(made.console).toBe("atlas-site: CVMFS: dead.cern.ch lost its client and is mounted anew\n");
  });

  test("a file system of another kind below /cvmfs is not the client's and is not changed", () => {
    machine.write("/proc/self/mountinfo", `30 22 0:40 / ${machine.path}/cvmfs/dead.cern.ch ro - ext4 /dev/vdb ro\n`);
    expect(acts(run("fix", {}))).toEqual([]);
  });
});

describe("the configuration repository", () => {
  const mounts = ["config.cern.ch", "well.cern.ch"];
  /** `cvmfs_talk parameters`, as the client 2.12 prints the line that matters. */
  const talk = (value: string) =>
    machine.standIn("cvmfs_talk", `echo "CVMFS_CONFIG_REPO_DEFAULT_ENV=${value}    # from /etc/cvmfs/x.conf"`);

  test("is named once on the console while the others wait for it, and once more when it is there", () => {
    machine.standIn("mount.cvmfs");
    run("fix", { mounts });
    const waits = "config.cern.ch, with the servers and keys of all others, is not mounted; they wait for it";
    expect(run("fix", { mounts }).console).toBe(`atlas-site: CVMFS: ${waits}\n`);
    machine.mounts("/cvmfs/config.cern.ch", "/cvmfs/well.cern.ch");
    run("fix", { mounts });
    expect(run("fix", { mounts }).console.split("\n").slice(1)).toEqual([
      "atlas-site: CVMFS: config.cern.ch is mounted",
      "",
    ]);
  });

  test("is not missed where an image shows its repositories without a client", () => {
    expect(run("fix", { mounts }).console).toBe("");
  });

  test("makes a repository that was mounted without it mounted anew, and leaves others as they are", () => {
    machine.mounts("/cvmfs/config.cern.ch", "/cvmfs/well.cern.ch");
    talk("1");
    expect(acts(run("fix", { mounts }))).toEqual([]);
    talk("");
    const made = run("fix", { mounts });
    expect(acts(made).slice(0, 2)).toEqual([
      "umount /cvmfs/well.cern.ch",
      "systemctl start --no-block /cvmfs/well.cern.ch.unit",
    ]);
    expect(made.console).toContain("well.cern.ch ran without config.cern.ch and is mounted anew");
  });

  test("takes no repository away from jobs that use it, and says so once", () => {
    machine.mounts("/cvmfs/config.cern.ch", "/cvmfs/well.cern.ch");
    machine.write("/busy", "");
    talk("");
    run("fix", {});
    expect(run("fix", {}).console).toBe(
      "atlas-site: CVMFS: well.cern.ch runs without config.cern.ch until the jobs that use it end\n",
    );
  });
});

describe("an automounter of the image", () => {
  const AUTOFS = (path: string) => `20 1 0:30 / ${path}/cvmfs rw - autofs /etc/auto.cvmfs rw\n`;

  test("loses its map of /cvmfs before the units mount there, and keeps its other maps", () => {
    machine.write("/proc/self/mountinfo", AUTOFS(machine.path));
    machine.write("/etc/auto.master.d/cvmfs.autofs", "/cvmfs /etc/auto.cvmfs\n");
    machine.write("/etc/auto.master", `/home /etc/auto.home\n${machine.path}/cvmfs /etc/auto.cvmfs\n`);
    machine.standIn("systemctl", '[ "$1" = restart ] && : > proc/self/mountinfo');
    const made = run("start", { mounts: ["well.cern.ch"], units: ["x.mount"] });
    expect(made.calls[0]).toBe("systemctl restart autofs.service");
    expect(machine.read("/etc/auto.master")).toBe("/home /etc/auto.home\n");
    expect(machine.read("/etc/auto.master.d/cvmfs.autofs")).toBe("");
    expect(made.console).toContain("gave /cvmfs up");
  });

  test("that does not give /cvmfs up is named on the console with what to do", () => {
    machine.write("/proc/self/mountinfo", AUTOFS(machine.path));
    const made = run("start", { mounts: ["well.cern.ch"], units: ["x.mount"] });
    expect(made.console).toContain("an automounter holds /cvmfs and does not give it up");
    expect(made.calls.at(-1)).toBe("systemctl start --no-block x.mount");
  });

  test("is not touched where the site wants the automounter", () => {
    machine.write("/proc/self/mountinfo", AUTOFS(machine.path));
    expect(acts(run("start", { units: ["autofs.service"] })).join()).not.toContain("restart");
  });
});

describe("the end", () => {
  test("unmounts every repository and comes when the client has ended", () => {
    machine.mounts("/cvmfs/well.cern.ch", "/cvmfs/dead.cern.ch");
    machine.write("/client-runs", "");
    const made = run("end 20", {});
    expect(acts(made)).toEqual(["umount /cvmfs/well.cern.ch", "umount /cvmfs/dead.cern.ch"]);
    expect(made.console).toBe("atlas-site: CVMFS: the client has closed its cache\n");
    expect(made.seconds).toBeLessThan(8);
  });

  test("detaches a mount that stays busy for half the time", () => {
    machine.mounts("/cvmfs/well.cern.ch");
    machine.write("/client-runs", "");
    machine.write("/busy", "");
    const made = run("end 4", {});
    expect(acts(made).at(-1)).toBe("umount --lazy /cvmfs/well.cern.ch");
    expect(made.console).toContain("the client has closed its cache");
  });

  test("is bounded: a client that does not end is named, and the shutdown goes on", () => {
    machine.standIn("pgrep", "exit 0");
    const made = run("end 2", {});
    expect(made.console).toContain("the client did not end within 2 s");
    expect(made.exitCode).toBe(0);
    expect(made.seconds).toBeLessThan(8);
  });
});

/** The program that looks after a machine's repositories, run for real: what it waits for, what it fixes, what cannot hold it up. */
import { execFileSync } from "node:child_process";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { watchScript, type Watch } from "../../../components/cvmfs/machine/watch";
import { MachineFolder, type Run } from "./machineRun";

let machine: MachineFolder;

beforeEach(() => {
  machine = new MachineFolder();
  machine.standIn("systemctl");
  machine.standIn("umount", FORGET_MOUNT);
  machine.standIn("pgrep", "[ -e client-runs ]");
  machine.standIn("systemd-escape", 'echo "${@: -1}.unit"');
  machine.standIn("ls", LIST);
});

afterEach(() => machine.dispose());

/** Takes the mount out of the kernel's list, unless something uses it or the mount is only detached. */
const FORGET_MOUNT = `path="\${@: -1}"
[ -e "busy" ] && [ "$1" != --lazy ] && exit 32
grep -v " $path " proc/self/mountinfo > left; cp left proc/self/mountinfo
[ -s left ] || rm -f client-runs`;

/**
 * Answers like the client of each repository would. `hung` blocks for good and shrugs off a polite end, `late` is well at
 * the third look, `dead` has lost its client.
 */
const LIST = `case "\${@: -1}" in
  */well*) echo README;;
  */late*) [ "$(grep -c /late calls)" -ge 3 ] && echo README;;
  */dead*) echo "ls: cannot access: Transport endpoint is not connected" >&2; exit 2;;
  */hung*) trap '' TERM; read -r nothing < fifo;;
  *) echo "ls: No such file or directory" >&2; exit 2;;
esac`;

const NOTHING: Watch = {
  repositories: [],
  mounts: [],
  configuration: "config.cern.ch",
  units: [],
  atBoot: [],
  proxies: [],
};

function run(command: string, watch: Partial<Watch>): Run {
  const script = watchScript({ ...NOTHING, ...watch })
    // Shorter than on a machine, so that a test takes seconds.
    .replace("probe_seconds=10", "probe_seconds=1")
    .replace("SECONDS + 5", "SECONDS + 1");
  return machine.run(script, ...command.split(" "));
}

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

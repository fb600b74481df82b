/** The programs of a first boot that install the client and make its cache, run for real with stand-ins for apt and disks. */
import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cacheVolumeFiles } from "../../../components/cvmfs/machine/cacheVolume";
import { installScript } from "../../../components/cvmfs/machine/install";
import { MachineFolder } from "./machineRun";

const OLD_KEY = "70B9890488208E315ED45208230D389D8AE45CE7";
const NEW_KEY = "FD80468D49B3B24C341741FC8CE0A76C497EA957";

let machine: MachineFolder;

beforeEach(() => {
  machine = new MachineFolder();
  machine.standIn("sleep");
  machine.standIn("systemctl");
});

afterEach(() => machine.dispose());

function keyring(...fingerprints: string[]): string {
  return fingerprints
    .flatMap((fingerprint) => [
      "pub:-:4096:1:AAAA:1:::-:::scESC::::::23::0:",
      `fpr:::::::::${fingerprint}:`,
      // A subkey's fingerprint is no key of its own.
      "sub:-:4096:1:BBBB:1::::::e::::::23:",
      "fpr:::::::::0000000000000000000000000000000000000000:",
    ])
    .map((line) => `echo '${line}'`)
    .join("\n");
}

describe("the client's installation", () => {
  beforeEach(() => {
    machine.write("/etc/apt/sources.list.d/debian.sources", "");
    machine.write("/etc/os-release", "ID=debian\nVERSION_CODENAME=bookworm\n");
    machine.standIn("cvmfs2", "exit 127");
    machine.standIn("curl");
    machine.standIn("gpg", keyring(OLD_KEY, NEW_KEY));
    machine.standIn("apt-get");
    machine.standIn("apt-mark");
    machine.standIn(
      "apt-cache",
      `case $2 in
  cvmfs|cvmfs-libs|cvmfs-snapshotter)
    echo "     $2 | 2.14.1~1+debian12 | https://repository bookworm-prod/main amd64 Packages"
    echo "     $2 | 2.13.30~1+debian12 | https://repository bookworm-prod/main amd64 Packages"
    echo "     $2 | 2.13.3~1+debian12 | https://repository bookworm-prod/main amd64 Packages";;
esac`,
    );
  });

  test("takes exactly the wanted version of the packages there are, and holds them", () => {
    const made = machine.run(installScript("2.13.3", ["cvmfs-snapshotter"]));
    expect(made.exitCode).toBe(0);
    const wanted = "cvmfs=2.13.3~1+debian12 cvmfs-libs=2.13.3~1+debian12 cvmfs-snapshotter=2.13.3~1+debian12";
    const install = made.calls.filter((call) => / install /.test(call));
    expect(install).toEqual([expect.stringContaining(`install cvmfs-config-default ${wanted}`)]);
    expect(made.calls).toContain("apt-mark hold cvmfs-config-default cvmfs cvmfs-libs cvmfs-snapshotter");
    expect(machine.read("/etc/apt/sources.list.d/cernvm.list")).toBe(
      "deb [signed-by=/etc/apt/keyrings/cernvm.gpg] https://cvmrepo.s3.cern.ch/cvmrepo/apt bookworm-prod main\n",
    );
  });

  test("says which versions there are when the wanted one is not among them", () => {
    const made = machine.run(installScript("2.13.2", []));
    expect(made.exitCode).toBe(1);
    expect(made.console).toContain(
      "GAVE UP: no cvmfs 2.13.2 for bookworm; there are 2.14.1~1+debian12 2.13.30~1+debian12 2.13.3~1+debian12",
    );
    expect(made.calls.filter((call) => / install /.test(call))).toEqual([]);
  });

  test("trusts no key but CernVM's, and no keyring without one", () => {
    for (const keys of [keyring(NEW_KEY, "A".repeat(40)), "true"]) {
      machine.standIn("gpg", keys);
      const made = machine.run(installScript("2.13.3", []));
      expect(made.exitCode).toBe(1);
      expect(made.console).toContain("the repository's keys are not CernVM's");
      expect(made.calls.filter((call) => /apt-get/.test(call))).toEqual([]);
    }
  });

  test("tries again what a network can fail at, and gives up after the fifth time", () => {
    machine.standIn("apt-get", 'case "$*" in *update*) [ "$(grep -c update calls)" -ge 3 ];; esac');
    expect(machine.run(installScript("2.13.3", [])).exitCode).toBe(0);
    machine.standIn("curl", "exit 6");
    const made = machine.run(installScript("2.13.3", []));
    expect(made.console).toContain("GAVE UP: no keys from https://cvmrepo.s3.cern.ch/cvmrepo/apt");
    expect(made.calls.filter((call) => call.startsWith("curl")).length).toBe(1 + 5);
  });

  test("does nothing when the client is there", () => {
    machine.standIn("cvmfs2", "echo 'CernVM-FS version 2.13.3'");
    const made = machine.run(installScript("2.13.3", []));
    expect(made.calls).toEqual(["cvmfs2 --version"]);
    expect(made.exitCode).toBe(0);
  });
});

describe("the cache volume", () => {
  const script = cacheVolumeFiles(1)[0].content;
  const disk = () => join(machine.path, "disk");

  /** Disks as lsblk would list them; each is a file of that name. */
  function disks(...names: string[]): void {
    const bytes = 1024 ** 3;
    const lines = names.map((name) => `echo "${join(machine.path, name)} disk ${bytes}"`).join("; ");
    machine.standIn("lsblk", `case "$*" in *NAME,TYPE,SIZE*) ${lines || "true"};; *) echo one;; esac`);
    names.forEach((name) => {
      machine.write(`/${name}`, "");
      truncateSync(join(machine.path, name), bytes);
    });
  }

  /** blkid: no file system with our label yet; whether a disk is blank the real one says. */
  function noLabelYet(): void {
    machine.standIn("blkid", '[ "$1" = --label ] && exit 2\n/usr/sbin/blkid "$@"');
    machine.standIn("udevadm");
  }

  test("is made a file system of, with the label by which it is mounted", () => {
    disks("disk");
    noLabelYet();
    const made = machine.run(script);
    expect([made.exitCode, made.console]).toEqual([0, ""]);
    const label = execFileSync("/usr/sbin/blkid", ["--probe", "--match-tag", "LABEL", "--output", "value", disk()]);
    expect(String(label)).toBe("cvmfs-cache\n");
    expect(made.calls).toContain("systemctl enable --quiet --now var-lib-cvmfs.mount");
  });

  test("is never a disk that somebody uses, nor one of two", () => {
    disks("disk");
    noLabelYet();
    execFileSync("mkfs.ext4", ["-q", "-L", "data", disk()], { env: { PATH: "/usr/sbin:/sbin:/usr/bin:/bin" } });
    expect(machine.run(script).console).toContain("want one blank disk of 1 GB, found: none");
    disks("one", "two");
    const made = machine.run(script);
    expect(made.console).toMatch(/want one blank disk of 1 GB, found: \/one\n\/two/);
    expect(made.exitCode).toBe(1);
    expect(made.calls.join("\n")).not.toContain("systemctl enable");
  });

  test("keeps what is on it at later boots", () => {
    machine.standIn("blkid", '[ "$1" = --label ]');
    machine.standIn("mkfs.ext4");
    const made = machine.run(script);
    expect(made.calls).toEqual(["blkid --label cvmfs-cache", "systemctl enable --quiet --now var-lib-cvmfs.mount"]);
  });
});

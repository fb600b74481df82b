import { copyFileSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import { endingWithUs, run } from "../../images/command";
import type { Toolchain } from "../../toolchain";
import { debianRelease, enabledUnits, machineBinaries, machinePackages, maskedUnits } from "./packages";

/** Files that are copied into the tree as they are. */
export const filesFolder = join(__dirname, "files");

/**
 * The Debian archives that this host's apt uses, mirrors and proxies included, as lines of a sources.list.
 *
 * @throws Error when apt knows no archive of the release
 */
export async function aptSources(): Promise<string[]> {
  const format = "$(ORIGIN)|$(CODENAME)|deb $(REPO_URI) $(RELEASE) $(COMPONENT)";
  const text = await run("apt-get", "indextargets", "--format", format, "Created-By: Packages");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => line.split("|"))
    .filter(([origin, codename]) => origin === "Debian" && codename.startsWith(debianRelease))
    .map(([, , source]) => source);
  if (lines.length === 0) {
    throw new Error(
      `apt on this host has no index of Debian ${debianRelease}, from which the lab's machines are made. ` +
        "Run `apt-get update`; if that does not help, add a Debian 12 archive to /etc/apt.",
    );
  }
  return [...new Set(lines)];
}

/** Installs Debian with all packages into a folder that must not exist. Takes about a minute. */
export async function makeBaseTree(root: string): Promise<void> {
  const options = ["--mode=root", "--variant=minbase", "--format=directory", "--quiet", "--skip=check/empty"];
  const [program, args] = endingWithUs(
    "mmdebstrap",
    ...options,
    `--include=${machinePackages.join(",")}`,
    "--aptopt=APT::Install-Recommends false",
    // Nobody reads manuals on a machine of the lab; a third of the files is saved.
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    debianRelease,
    root,
    ...(await aptSources()),
  );
  await run(program, ...args);
}

/**
 * Turns a copy of the base tree into the machine image: our files and binaries in, units on and off, everything out that
 * must differ from machine to machine.
 *
 * @param base the base tree; its files are shared by hard links and stay as they are
 */
export async function makeMachineTree(toolchain: Toolchain, base: string, root: string): Promise<void> {
  await run("cp", "-al", base, root);
  for (const entry of readdirSync(filesFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    replaceFile(root, source.slice(filesFolder.length + 1), (target) => {
      copyFileSync(source, target);
      chmodSync(target, lstatSync(source).mode & 0o111 ? 0o755 : 0o644);
    });
  }
  for (const [name, path] of Object.entries(machineBinaries)) {
    replaceFile(root, path, (target) => copyFileSync(toolchain.binary(name), target));
  }
  for (const unit of maskedUnits) await run("systemctl", `--root=${root}`, "--quiet", "mask", unit);
  await run("systemctl", `--root=${root}`, "--quiet", "enable", ...enabledUnits);
  await run("systemctl", `--root=${root}`, "--quiet", "disable", "containerd.service", "kubelet.service");
  await run("systemctl", `--root=${root}`, "--quiet", "set-default", "multi-user.target");

  for (const entry of readdirSync(join(root, "etc/ssh"))) {
    if (entry.startsWith("ssh_host_")) rmSync(join(root, "etc/ssh", entry));
  }
  // Empty, not missing: systemd then makes one at boot without taking the boot for a first one.
  replaceFile(root, "etc/machine-id", (target) => writeFileSync(target, ""));
  replaceFile(root, "etc/hostname", (target) => writeFileSync(target, "machine\n"));
  for (const folder of ["var/lib/cloud", "var/log/journal"]) {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
  for (const folder of ["etc/kubernetes/patches", "etc/containerd/conf.d", "etc/cni/net.d", "var/lib/containerd"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const folder of ["var/lib/kubelet", "var/lib/etcd", "var/lib/cloud/seed"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
}

/** Removes before writing: the file may be a hard link into the base tree, or a link to somewhere else. */
function replaceFile(root: string, path: string, write: (target: string) => void): void {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  write(target);
}

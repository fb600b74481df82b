/**
 * Runs a machine's programs in a folder: files of the machine lie below it, and stand-ins take the place of what would
 * touch the real machine (systemctl, apt-get, mkfs and the like). What they are called with is the program's behaviour.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { removeFolder } from "../../support/removeFolder";

/** What a program did. */
export interface Run {
  readonly console: string;
  /** Calls of the stand-ins, in order. */
  readonly calls: readonly string[];
  readonly exitCode: number | null;
  readonly seconds: number;
}

/** Paths of the machine that are moved below the folder. */
const MOVED = [
  "/cvmfs",
  "/proc/self/mountinfo",
  "/dev/console",
  "/var/log",
  "/etc/apt",
  "/etc/auto.master",
  "/run/atlas-site-cvmfs",
  "/etc/os-release",
  "/etc/containerd",
];

/** A folder that stands for a machine; it is gone when `dispose` is called. */
export class MachineFolder {
  readonly path = mkdtempSync(join(tmpdir(), "atlas-site-cvmfs-"));

  constructor() {
    ["/var/log", "/dev", "/cvmfs"].forEach((path) => mkdirSync(join(this.path, path), { recursive: true }));
    this.write("/proc/self/mountinfo", "");
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    writeFileSync(join(this.path, path), content);
  }

  read(path: string): string {
    const whole = join(this.path, path);
    return existsSync(whole) ? readFileSync(whole, "utf8").replaceAll(this.path, "") : "";
  }

  /**
   * Puts a stand-in on the machine's path; each call of it is noted.
   * @param body what it does besides, in bash, with the folder as its working directory
   */
  standIn(name: string, body = ""): void {
    this.write(`/bin/${name}`, `#!/bin/bash\ncd ${this.path}\necho "${name} $*" >> calls\n${body}\n`);
    chmodSync(join(this.path, "bin", name), 0o755);
  }

  /** The kernel's list of mounts, by their paths. */
  mounts(...paths: string[]): void {
    const lines = paths.map(
      (path, i) => `${30 + i} 22 0:${40 + i} / ${join(this.path, path)} ro,nodev - fuse cvmfs2 ro\n`,
    );
    this.write("/proc/self/mountinfo", lines.join(""));
  }

  /** Runs a program. */
  run(script: string, ...args: string[]): Run {
    const place = (text: string) =>
      MOVED.reduce(
        (moved, path) => moved.replaceAll(new RegExp(`(?<![\\w/])${path}`, "g"), join(this.path, path)),
        text,
      );
    // A console keeps what it was told; the file that stands for it must be appended to for that.
    writeFileSync(join(this.path, "program"), place(script.replaceAll("> /dev/console", ">> /dev/console")));
    const started = Date.now();
    const env = { PATH: `${join(this.path, "bin")}:/usr/bin:/bin:/usr/sbin:/sbin`, HOME: this.path, TMPDIR: this.path };
    const { status } = spawnSync("bash", ["--norc", join(this.path, "program"), ...args], {
      env,
      timeout: 25_000,
      stdio: "ignore",
    });
    const seconds = (Date.now() - started) / 1000;
    const calls = this.read("calls").split("\n").filter(Boolean);
    return { console: this.read("/dev/console"), calls, exitCode: status, seconds };
  }

  dispose(): void {
    removeFolder(this.path);
  }
}

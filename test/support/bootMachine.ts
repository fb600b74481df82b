/**
 * Runs a machine's boot program in a folder, with stand-ins for kubeadm, curl, systemctl and the like: which of them are
 * called, in which order, is the machine's behaviour. Files of the machine lie below the folder.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bootScript } from "../../components/cluster/kubeadm/bootScript";
import { KERNEL_UNIT } from "../../components/cluster/kubeadm/kernelSettings";
import { bootFiles } from "../../components/cluster/kubeadm/userData";
import { FAKE_SECRETS, type ClusterParts } from "./clusterParts";
import { removeFolder } from "./removeFolder";

/** What the machine finds. */
export interface Surroundings {
  /** Endpoints (`host:port`) at which our API answers from the start. */
  readonly answering?: readonly string[];
  /** How often the API is asked for the token before it knows it; `never` for never. */
  readonly tokenAfter?: number | "never";
  /** How many times `kubeadm join` fails before it succeeds. */
  readonly failingJoins?: number;
  readonly initFails?: boolean;
  readonly containerdFails?: boolean;
  /** The unit that prepares the kernel fails. */
  readonly kernelFails?: boolean;
  /** Content of the image's list of preflight checks to ignore. */
  readonly preflightIgnored?: string;
  /** Seconds the machine may take, instead of the site's minutes. */
  readonly deadlineSeconds?: number;
}

/** What the machine did. */
export interface Boot {
  /** Calls of kubeadm, in order. */
  readonly kubeadm: readonly string[];
  /** Calls of everything else but curl. */
  readonly calls: readonly string[];
  readonly console: string;
  readonly exitCode: number | null;
  /** Whether kubeadm found the CA's key in its place. */
  readonly sawCaKey: boolean;
}

/** Folders of the machine that are moved below the run's folder. */
const MOVED = ["/etc/atlas-site", "/etc/kubernetes", "/var/log", "/dev/console"];

/** Boots a machine of a cluster. */
export function boot(parts: ClusterParts, name: string, surroundings: Surroundings = {}): Boot {
  const folder = mkdtempSync(join(tmpdir(), "atlas-site-boot-"));
  try {
    return bootIn(folder, parts, name, surroundings);
  } finally {
    removeFolder(folder);
  }
}

function bootIn(folder: string, parts: ClusterParts, name: string, surroundings: Surroundings): Boot {
  const [machine, pool] = parts.machine(name);
  const place = (text: string) =>
    MOVED.reduce((moved, path) => moved.replaceAll(new RegExp(`(?<![\\w/])${path}`, "g"), join(folder, path)), text);
  for (const { path, content } of bootFiles(parts.plan, machine, pool, FAKE_SECRETS)) {
    write(join(folder, path), content);
  }
  for (const path of ["/var/log", "/dev", "/etc/kubernetes"]) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  if (surroundings.preflightIgnored !== undefined) {
    write(join(folder, "/etc/kubernetes/preflight-ignored"), surroundings.preflightIgnored);
  }
  const script = bootScript(parts.plan, machine, [], FAKE_SECRETS.token.split(".")[0]);
  const seconds = surroundings.deadlineSeconds ?? 20;
  // A console keeps what it was told; the file that stands for it must be appended to for that.
  const shortened = script
    .replace(/^DEADLINE_SECONDS='\d+'$/m, `DEADLINE_SECONDS=${seconds}`)
    .replaceAll("> /dev/console", ">> /dev/console");
  writeFileSync(join(folder, "boot"), place(shortened));
  makeStandIns(folder, surroundings);
  const env = { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, HOME: folder };
  const { status } = spawnSync("bash", [join(folder, "boot")], { env, timeout: 25_000 });
  const read = (path: string) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : "");
  const lines = (path: string) => read(path).split("\n").filter(Boolean);
  return {
    kubeadm: lines("kubeadm-calls").map((line) => line.replaceAll(folder, "")),
    calls: lines("calls"),
    console: read("/dev/console").replaceAll(folder, ""),
    exitCode: status,
    sawCaKey: read("authority-key-seen") !== "",
  };
}

function makeStandIns(folder: string, surroundings: Surroundings): void {
  const { answering = [], tokenAfter = 0, failingJoins = 0 } = surroundings;
  const standIn = (name: string, body: string) => {
    write(join(folder, "bin", name), `#!/bin/bash\ncd ${folder}\n${body}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  };
  const note = (name: string) => `echo "${name} $*" >> calls`;
  const tokenKnown = tokenAfter === "never" ? "false" : `[ "$(wc -l < asked)" -gt ${tokenAfter} ]`;
  standIn(
    "curl",
    `for url; do :; done
case $url in
  *cluster-info) echo asked >> asked; if ${tokenKnown}; then echo '"jws-kubeconfig-abcdef"'; else echo '{}'; fi;;
  ${answering.map((endpoint) => `https://${endpoint}/readyz) exit 0;;`).join("\n  ")}
  *) exit 7;;
esac`,
  );
  standIn(
    "kubeadm",
    `echo "$*" >> kubeadm-calls
[ -s etc/kubernetes/pki/ca.key ] && echo yes > authority-key-seen
case $1 in
  init) ${surroundings.initFails ? 'echo "error: disk on fire"; exit 1' : "exit 0"};;
  join) echo x >> joins; [ "$(wc -l < joins)" -gt ${failingJoins} ] || { echo "error: etcd is busy"; exit 1; };;
  reset) rm -rf etc/kubernetes/pki;;
esac`,
  );
  const failing = [
    ...(surroundings.containerdFails ? ["containerd.service"] : []),
    ...(surroundings.kernelFails ? [KERNEL_UNIT] : []),
  ];
  standIn(
    "systemctl",
    [note("systemctl"), ...failing.map((unit) => `case "$*" in *${unit}*) exit 1;; esac`)].join("\n"),
  );
  standIn("journalctl", `${note("journalctl")}\necho "kubelet: last words"`);
  // Waiting is counted, not done: a boot takes a second instead of minutes.
  standIn("sleep", `${note("sleep")}\n/usr/bin/sleep 0.02`);
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Whether bash can read a program; the error otherwise. */
export function bashProblem(script: string): string {
  try {
    execFileSync("bash", ["-n"], { input: script, stdio: ["pipe", "pipe", "pipe"] });
    return "";
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr);
  }
}

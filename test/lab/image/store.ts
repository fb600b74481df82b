import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync, openSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { imageCatalogue, pinnedReferences } from "../../images/catalogue";
import { endingWithUs, pipe, run } from "../../images/command";
import type { Toolchain } from "../../toolchain";

/** How long containerd may take to answer, and to note an image, in milliseconds; it takes well below a second. */
const patience = 300_000;

/**
 * Makes a containerd store that holds all images of a layout, unpacked and known to the CRI plugin, by running
 * containerd once on this host. Machines then get clones of it and have nothing to import at boot.
 *
 * @param layout OCI layout of all images
 * @param store folder to make, which becomes a machine's /var/lib/containerd
 */
export async function makeContainerdStore(toolchain: Toolchain, layout: string, store: string): Promise<void> {
  mkdirSync(store, { recursive: true });
  // A short path, as a socket's must be, and always the same, so that a killed run's remains are found.
  const scratch = join(tmpdir(), `atlas-site-store-${createHash("sha256").update(store).digest("hex").slice(0, 12)}`);
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { mode: 0o700 });
  const socket = join(scratch, "containerd.sock");
  const log = join(scratch, "log");
  writeFileSync(join(scratch, "config.toml"), configuration(store, scratch, socket));
  const output = openSync(log, "a");
  const command = endingWithUs(toolchain.binary("containerd"), "--config", join(scratch, "config.toml"));
  const containerd = spawn(...command, {
    stdio: ["ignore", output, output],
    // Its own folder first: importing needs no other program, but unpacking asks for some by name.
    env: { ...process.env, PATH: `${toolchain.binDir}:${process.env.PATH ?? ""}` },
  });
  closeSync(output);
  const ctr = (...args: string[]) =>
    run(toolchain.binary("ctr"), "--address", socket, "--namespace", "k8s.io", ...args);
  try {
    await answering(containerd, () => ctr("version"), log);
    const importing = ["--address", socket, "--namespace", "k8s.io", "images", "import", "--snapshotter", "overlayfs"];
    await pipe(["tar", "-C", layout, "-cf", "-", "."], [toolchain.binary("ctr"), ...importing, "-"]);
    for (const reference of imageCatalogue.flatMap(({ references }) => references)) {
      const pinned = pinnedReferences().includes(reference) ? ["io.cri-containerd.pinned=pinned"] : [];
      await ctr("images", "label", reference, "io.cri-containerd.image=managed", ...pinned);
    }
    await knownToCri(ctr, log);
  } finally {
    await stop(containerd);
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Nothing outside the scratch folder and the store may be touched: the host may run a containerd of its own. */
function configuration(store: string, scratch: string, socket: string): string {
  return [
    "version = 3",
    `root = "${store}"`,
    `state = "${join(scratch, "state")}"`,
    'disabled_plugins = ["io.containerd.nri.v1.nri"]',
    "[grpc]",
    `address = "${socket}"`,
    "[ttrpc]",
    `address = "${socket}.ttrpc"`,
    '[plugins."io.containerd.internal.v1.opt"]',
    `path = "${join(scratch, "opt")}"`,
    '[plugins."io.containerd.cri.v1.runtime".cni]',
    `conf_dir = "${join(scratch, "cni")}"`,
    "",
  ].join("\n");
}

async function answering(containerd: ChildProcess, ask: () => Promise<unknown>, log: string): Promise<void> {
  let failure: unknown;
  containerd.on("error", (error) => (failure = error));
  const deadline = Date.now() + patience;
  while (Date.now() < deadline && containerd.exitCode === null && failure === undefined) {
    try {
      await ask();
      return;
    } catch {
      await sleep(50);
    }
  }
  const why = failure ?? (containerd.exitCode === null ? `no answer within ${patience / 1000} s` : "it has ended");
  throw new Error(`containerd, started to unpack the lab's images, does not answer: ${String(why)}\n${tail(log)}`);
}

/** The CRI plugin notes an image by adding a name that is the image's identity; the kubelet asks by that name. */
async function knownToCri(ctr: (...args: string[]) => Promise<string>, log: string): Promise<void> {
  const wanted = imageCatalogue.length;
  const deadline = Date.now() + patience;
  let known = 0;
  while (Date.now() < deadline) {
    const names = (await ctr("images", "ls", "-q")).trim().split("\n");
    known = names.filter((name) => name.startsWith("sha256:")).length;
    if (known >= wanted) return;
    await sleep(100);
  }
  throw new Error(
    `containerd's CRI plugin has noted ${known} of ${wanted} images within ${patience / 1000} s\n${tail(log)}`,
  );
}

async function stop(containerd: ChildProcess): Promise<void> {
  if (containerd.exitCode !== null || containerd.pid === undefined) return;
  const ended = new Promise((resolve) => containerd.once("exit", resolve));
  containerd.kill("SIGTERM");
  const kill = setTimeout(() => containerd.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(kill);
}

function tail(log: string): string {
  return existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n").slice(-10).join("\n") : "";
}

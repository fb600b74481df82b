import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Toolchain } from "../toolchain";
import { imageCatalogue, slices, type SliceName } from "./catalogue";
import { addLayer, finishLayout, type Blob } from "./layout";
import { mergedFolders, sliceFiles } from "./slice";

/** What Debian would do by its alternatives mechanism: the kernel interface of today, nf_tables. */
const commandLinks: Readonly<Record<string, string>> = Object.fromEntries(
  ["iptables", "ip6tables"].flatMap((command) =>
    ["", "-save", "-restore"].map((suffix) => [`usr/sbin/${command}${suffix}`, "xtables-nft-multi"]),
  ),
);

/**
 * Makes all images of the lab as one OCI layout, from the toolchain's binaries and slices of a Debian tree. No registry
 * and no container daemon has a part in it.
 *
 * @param tree an installed Debian 12 tree with the packages of all slices
 * @param layout folder to make the layout in; must not exist
 */
export async function makeImages(toolchain: Toolchain, tree: string, layout: string): Promise<void> {
  mkdirSync(layout, { recursive: true });
  const packedSlices = new Map<SliceName, Blob>();
  const below = new Set<string>();
  for (const name of Object.keys(slices) as SliceName[]) {
    packedSlices.set(name, await inScratch(layout, (stage) => fillSlice(stage, tree, name, below)));
  }
  const images = [];
  for (const { references, slices: needed, binaries, entrypoint } of imageCatalogue) {
    const layers = needed.map((name) => packedSlices.get(name)!);
    if (Object.keys(binaries).length > 0) {
      layers.push(await inScratch(layout, (stage) => fillBinaries(stage, toolchain, binaries, needed.length > 0)));
    }
    images.push({ references, layers, entrypoint });
  }
  finishLayout(layout, images, process.arch === "arm64" ? "arm64" : "amd64");
}

async function inScratch(layout: string, fill: (stage: string) => Promise<void> | void): Promise<Blob> {
  const stage = mkdtempSync(`${layout}-stage-`);
  try {
    chmodSync(stage, 0o755);
    await fill(stage);
    return await addLayer(layout, stage);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/**
 * @param below paths that lower slices hold already: the userland is below all others and is filled first
 */
async function fillSlice(stage: string, tree: string, name: SliceName, below: Set<string>): Promise<void> {
  if (name === "userland") {
    for (const folder of mergedFolders) {
      mkdirSync(join(stage, "usr", folder), { recursive: true });
      symlinkSync(`usr/${folder}`, join(stage, folder));
    }
    for (const folder of ["etc", "run", "var", "proc", "sys", "dev", "root"]) mkdirSync(join(stage, folder));
    for (const file of ["passwd", "group"]) copyFileSync(join(tree, "etc", file), join(stage, "etc", file));
    writeFileSync(join(stage, "etc/nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
    mkdirSync(join(stage, "etc/ssl/certs"), { recursive: true });
    copyFileSync(join(tree, "etc/ssl/certs/ca-certificates.crt"), join(stage, "etc/ssl/certs/ca-certificates.crt"));
    mkdirSync(join(stage, "tmp"));
    chmodSync(join(stage, "tmp"), 0o1777);
    symlinkSync("dash", join(stage, "usr/bin/sh"));
  }
  if (name === "network-tools") {
    mkdirSync(join(stage, "usr/sbin"), { recursive: true });
    for (const [path, target] of Object.entries(commandLinks)) symlinkSync(target, join(stage, path));
  }
  for (const path of await sliceFiles(tree, slices[name])) {
    if (below.has(path)) continue;
    const target = join(stage, path);
    if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) continue;
    mkdirSync(dirname(target), { recursive: true });
    copyEntry(join(tree, path), target);
    if (name === "userland") below.add(path);
  }
}

function fillBinaries(
  stage: string,
  toolchain: Toolchain,
  binaries: Readonly<Record<string, string>>,
  onDebian: boolean,
): void {
  for (const [name, path] of Object.entries(binaries)) {
    // Above Debian's merged folders a real folder `bin` would hide the link and everything behind it.
    const merged = onDebian ? path.replace(/^\/(bin|sbin)\//, "/usr/$1/") : path;
    mkdirSync(dirname(join(stage, merged)), { recursive: true });
    copyFileSync(toolchain.binary(name), join(stage, merged));
    chmodSync(join(stage, merged), 0o755);
  }
  if (onDebian) return;
  mkdirSync(join(stage, "tmp"), { recursive: true });
  chmodSync(join(stage, "tmp"), 0o1777);
}

function copyEntry(source: string, target: string): void {
  const entry = lstatSync(source);
  if (entry.isSymbolicLink()) {
    symlinkSync(readlinkSync(source), target);
  } else {
    copyFileSync(source, target);
    chmodSync(target, entry.mode & 0o7777);
  }
}

/**
 * `npm run site -- handover <stack> [folder]`: writes for each queue of a stack what the operators of the central Harvester
 * need. Says where, and never what: kubeconfigs hold private keys.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import {
  handoverFiles,
  leftOver,
  MANIFEST,
  refuseForeign,
  type HandoverFile,
  type HandoverOutputs,
  type Manifest,
} from "./handoverFiles";

/**
 * Writes the handover of a stack.
 * @param folder default `handover/<stack>`
 */
export function handover(stack: string, say: (line: string) => void, folder = join("handover", stack)): void {
  const shown = execFileSync("pulumi", ["stack", "output", "--stack", stack, "--json", "--show-secrets"], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
    stdio: ["ignore", "pipe", "inherit"],
  });
  writeHandover(stack, JSON.parse(shown) as HandoverOutputs, folder, say);
}

/**
 * Writes a handover from a stack's outputs.
 * @throws Error before anything is written, when the folder holds what is not this stack's
 */
export function writeHandover(
  stack: string,
  outputs: HandoverOutputs,
  folder: string,
  say: (line: string) => void,
): void {
  const files = handoverFiles(stack, outputs);
  const present = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const manifest = present.includes(MANIFEST) ? readManifest(join(folder, MANIFEST)) : undefined;
  refuseForeign(folder, files, present, manifest, stack);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  files.forEach((file) => write(folder, file));
  files.forEach(({ path, mode }) =>
    say(`${join(folder, path)}${mode === 0o600 ? " (secret, readable to you alone)" : ""}`),
  );
  leftOver(files, present, manifest).forEach((path) => {
    say(`${join(folder, path)} is of an earlier handover and no longer part of it: delete it`);
  });
}

/** In one step, and never readable to others for a moment. */
function write(folder: string, { path, content, mode }: HandoverFile): void {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const half = `${target}.part`;
  writeFileSync(half, content, { mode: 0o600 });
  chmodSync(half, mode);
  renameSync(half, target);
}

function readManifest(path: string): Manifest {
  const read = parse(readFileSync(path, "utf8")) as Partial<Manifest> | null;
  if (typeof read?.stack !== "string" || !Array.isArray(read.files)) {
    throw new Error(`${path} is not the list that this command writes; nothing was written. Name another folder`);
  }
  return { stack: read.stack, files: read.files };
}

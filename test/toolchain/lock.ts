import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Does something while holding a lock file, so that two runs on one machine never make the same thing twice.
 *
 * The file holds the owner's process id. A lock whose owner is gone is taken over: a killed run leaves no trouble.
 *
 * @param path the lock file; its folder is made
 * @param what for the message to whoever waits, e.g. "the toolchain"
 * @param log gets one line when waiting begins
 */
export async function withLock<T>(
  path: string,
  what: string,
  log: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!take(path)) {
    const owner = ownerOf(path);
    if (owner !== undefined && !isAlive(owner)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) log(`waiting for process ${owner ?? "unknown"}, which is making ${what} (lock file ${path})`);
    told = true;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** @returns undefined when the file has just gone, or its owner has not written into it yet */
function ownerOf(path: string): number | undefined {
  try {
    const text = readFileSync(path, "utf8").trim();
    return text === "" ? undefined : Number(text);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Does something while holding a lock file, so that two runs on one machine never make the same thing twice.
 *
 * The file holds the owner's process id. A lock whose owner is gone is taken over, so a killed run blocks nobody.
 *
 * @param path the lock file; its folder is made
 * @param what for the message of a process that waits, e.g. "the toolchain"
 * @param log gets one line when waiting begins
 */
export async function withLock<T>(
  path: string,
  what: string,
  log: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  if (!tryToTake(path)) await taking(path, what, log, () => false);
  return holding(path, work);
}

/**
 * As `withLock`, but ends the waiting, and does nothing, once the work is needless.
 *
 * @param needless asked again and again while another process holds the lock
 */
export async function withLockUnless(
  needless: () => boolean,
  path: string,
  what: string,
  log: (line: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  if (tryToTake(path) || (await taking(path, what, log, needless))) await holding(path, work);
}

/** @returns whether the lock is taken in the end; false only when `needless` was true first */
async function taking(
  path: string,
  what: string,
  log: (line: string) => void,
  needless: () => boolean,
): Promise<boolean> {
  let reported = false;
  while (!tryToTake(path)) {
    const owner = ownerOf(path);
    if (owner !== undefined && !isAlive(owner)) {
      rmSync(path, { force: true });
      continue;
    }
    if (needless()) return false;
    if (!reported) log(`waiting for process ${owner ?? "unknown"}, which is making ${what} (lock file ${path})`);
    reported = true;
    await sleep(200);
  }
  return true;
}

async function holding<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryToTake(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** @returns undefined when the file has just been removed, or its owner has not written into it yet */
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
    // EPERM: it lives, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

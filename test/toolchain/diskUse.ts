import { execFile } from "node:child_process";

/**
 * Disk space that a folder takes, hard-linked files counted once.
 *
 * @returns MiB; files that appear or vanish meanwhile are counted or not
 */
export function diskUseMb(folder: string): Promise<number> {
  return new Promise((resolve) => {
    // du reports files that vanish under it by its exit code, and prints the sum all the same.
    execFile("du", ["--summarize", "--block-size=1M", folder], (_, stdout) => {
      resolve(Number.parseInt(stdout, 10) || 0);
    });
  });
}

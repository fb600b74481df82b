import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { namespaceFile } from "../namespace";
import type { LabStack } from "./labStack";

/** How long to wait for the moment of the kill. */
const DEADLINE_MS = 180_000;

/**
 * Runs `pulumi up` and ends it by SIGKILL, with its plugins, at the worst moment: the first machine is being made, the
 * cloud has it, the state does not.
 * @throws Error when that moment does not come
 */
export async function killedDuringUp(stack: LabStack, log: (line: string) => void): Promise<void> {
  const child = spawn(
    "nsenter",
    [
      `--net=${namespaceFile}`,
      "--",
      "pulumi",
      "up",
      "--yes",
      "--skip-preview",
      "--suppress-progress",
      "--non-interactive",
    ],
    // A group of its own, so that the plugins die with the engine, as they would with the machine they run on.
    {
      cwd: stack.project,
      env: { ...process.env, ...stack.environment },
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const moment = new Promise<void>((resolve, reject) => {
    setTimeout(
      () => reject(new Error(`no machine was being made within ${DEADLINE_MS / 1000} s`)),
      DEADLINE_MS,
    ).unref();
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (/compute:Instance .* creating/.test(line)) {
        setTimeout(resolve, 4_000);
      }
    });
  });
  try {
    await moment;
    log("kill -9 of pulumi and its plugins while Nova makes machines");
  } finally {
    process.kill(-child.pid!, "SIGKILL");
  }
  await ended;
}

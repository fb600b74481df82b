import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../lab";
import { namespaceFile } from "../namespace";
import { PATIENCE_MS } from "../patience";
import { tail, type LabStack } from "./labStack";

/**
 * Runs `pulumi up` and ends it by SIGKILL, with its plugins, at the worst moment: the first machine has been powered on, so
 * the cloud has it, and the state does not.
 * @throws Error when that moment does not come
 */
export async function killedDuringUp(lab: Lab, stack: LabStack, log: (line: string) => void): Promise<void> {
  const machines = join(lab.stateDir, "machines");
  const before = readdirSync(machines);
  const poweredOn = () =>
    readdirSync(machines).some((id) => !before.includes(id) && existsSync(join(machines, id, "pid.json")));
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
  const ended = once(child, "close");
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  const end = Date.now() + 2 * PATIENCE_MS;
  try {
    while (!poweredOn()) {
      if (child.exitCode !== null || Date.now() > end) {
        const why = child.exitCode === null ? `within ${(2 * PATIENCE_MS) / 1000} s` : `before pulumi up had ended`;
        throw new Error(`no machine was powered on ${why}; what pulumi said last:\n${tail(said)}`);
      }
      await sleep(50);
    }
    log("kill -9 of pulumi and its plugins while Nova makes machines");
  } finally {
    if (child.exitCode === null) process.kill(-child.pid!, "SIGKILL");
  }
  await ended;
}

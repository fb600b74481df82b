/** Running a program of the tests, with its lines passed on as they come. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Say } from "./console";

/** How to run a program. */
export interface Command {
  /** Program and arguments. */
  readonly argv: readonly string[];
  /** Variables laid over the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A stage that says nothing for so long says that it still lives. */
const SILENCE_MS = 60_000;

/**
 * Runs a program in the tree's root.
 * @returns whether it ended with exit code 0
 */
export function run({ argv, env }: Command, say: Say): Promise<boolean> {
  return new Promise((resolve) => {
    const [program, ...args] = argv;
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let last = Date.now();
    const pass = (line: string) => {
      last = Date.now();
      say(line);
    };
    const heart = setInterval(() => {
      if (Date.now() - last >= SILENCE_MS) {
        pass(`… ${argv.slice(0, 3).join(" ")} is still at work`);
      }
    }, 5_000);
    createInterface({ input: child.stdout }).on("line", pass);
    createInterface({ input: child.stderr }).on("line", pass);
    const end = (ok: boolean, why?: string) => {
      clearInterval(heart);
      if (why !== undefined) {
        say(`${argv.join(" ")}: ${why}`);
      }
      resolve(ok);
    };
    child.on("error", (error) => end(false, `did not start: ${error.message}`));
    child.on("close", (code, signal) => {
      end(code === 0, code === 0 ? undefined : code === null ? `ended by ${signal}` : `exit code ${code}`);
    });
  });
}

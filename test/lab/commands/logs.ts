import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { currentPaths } from "../lab";
import type { LabPaths } from "../settings";

/** How many lines of each file are shown. */
const shownLines = 200;

/**
 * Without a name: all logs there are. With one: the end of that service's or machine's files; `-f` goes on with what
 * comes.
 *
 * @throws when there is no such log
 */
export async function logs(args: string[]): Promise<void> {
  const paths = currentPaths();
  const follow = args.includes("-f");
  const name = args.find((arg) => !arg.startsWith("-"));
  if (!name) {
    if (allLogs(paths).length === 0) console.log(`no logs in ${paths.logs}: no lab runs`);
    for (const file of allLogs(paths)) console.log(`${String(statSync(file).size).padStart(9)}  ${file}`);
    return;
  }
  // An earlier machine's console before that of the one there is: the end of the output is what is looked for.
  const files = logsOf(allLogs(paths), name).reverse();
  if (files.length === 0)
    throw new Error(`no log of "${name}" in ${paths.logs} or ${paths.consoles}; all there are: npm run lab -- logs`);
  await new Promise<void>((resolve) => {
    const tail = spawn("tail", ["-n", String(shownLines), ...(follow ? ["-F"] : []), ...files], { stdio: "inherit" });
    tail.on("close", () => resolve());
  });
}

/** Log files that belong to a service or machine: `nova-compute` has nova-compute.out, `octavia` also uwsgi-octavia.log. */
export function logsOf(files: readonly string[], name: string): string[] {
  return files.filter((file) => {
    const own = file.split("/").pop()?.split(".")[0];
    return own === name || own === `uwsgi-${name}` || (name === "nova-api" && own === "uwsgi-nova");
  });
}

function allLogs(paths: LabPaths): string[] {
  return [paths.logs, paths.consoles].flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .map((file) => join(folder, file))
          .filter((file) => statSync(file).size > 0)
          .sort()
      : [],
  );
}

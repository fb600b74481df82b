/** The pilot's command, run by a real bash as process 1 of a namespace of its own, with a starter and a pilot of straw. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pilotCommand } from "../../../components/harvester/pilotCommand";
import { bashProblem } from "../../support/bootMachine";

let folder: string;
let running: ChildProcess | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pilot-"))));
afterEach(() => {
  running?.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** As a container: the command is process 1, which gets no signal it has not asked for, and sees no process but its own. */
const CONTAINER = [
  ...(process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"]),
  "--pid",
  "--fork",
  "--kill-child",
  "--mount-proc",
];

/** Starts the command as the container would; the starter is this Python program. */
function start(starter: string): { ended: Promise<number | null>; stop: () => void } {
  mkdirSync(join(folder, "executables"));
  mkdirSync(join(folder, "home"));
  writeFileSync(join(folder, "executables", "pilots_starter.py"), starter);
  const { command, args } = pilotCommand();
  const child = spawn("unshare", [...CONTAINER, ...command, ...args], {
    env: { PATH: process.env.PATH, HOME: join(folder, "home"), EXEC_DIR: join(folder, "executables") },
    stdio: "inherit",
  });
  running = child;
  const stop = () => {
    const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").split(" ");
    process.kill(Number(first), "SIGTERM");
  };
  return { stop, ended: new Promise((resolve) => child.on("exit", (code) => resolve(code))) };
}

async function appears(file: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!existsSync(join(folder, file))) {
    if (Date.now() > end) {
      throw new Error(`waited 20 s for the file ${file} that the starter writes`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A starter that runs a pilot as the real one does: below a shell that is no pilot, in a pipe. */
function starterWithPilot(): string {
  writeFileSync(
    join(folder, "pilot.py"),
    `import pathlib, signal, sys, time
def stop(*_):
    pathlib.Path("${folder}/reported").write_text("preempted")
    sys.exit(17)
signal.signal(signal.SIGTERM, stop)
pathlib.Path("${folder}/pilot-runs").touch()
time.sleep(60)
`,
  );
  return `import subprocess, sys
code = subprocess.call(["bash", "-c", "set -o pipefail; python3 ${folder}/pilot.py | cat"])
open("${folder}/log-uploaded", "w").close()
sys.exit(code)
`;
}

describe("the pilot's command", () => {
  test("is sound bash", () => {
    expect(bashProblem(pilotCommand().args[0])).toBe("");
  });

  test("runs the starter in the scratch and ends as it ends", async () => {
    const { ended } = start(`import os, sys\nopen("${folder}/where", "w").write(os.getcwd())\nsys.exit(64)\n`);
    expect(await ended).toBe(64);
    expect(readFileSync(join(folder, "where"), "utf8")).toBe(join(folder, "home"));
  });

  test("told to stop, tells the pilot, and waits for its report and its log", async () => {
    const { stop, ended } = start(starterWithPilot());
    await appears("pilot-runs");
    stop();
    expect(await ended).toBe(17);
    expect(readFileSync(join(folder, "reported"), "utf8")).toBe("preempted");
    expect(existsSync(join(folder, "log-uploaded"))).toBe(true);
  });

  test("told to stop before there is a pilot, ends the starter instead of waiting out the grace time", async () => {
    const { stop, ended } = start(
      `import pathlib, time\npathlib.Path("${folder}/starter-runs").touch()\ntime.sleep(60)\n`,
    );
    await appears("starter-runs");
    stop();
    expect(await ended).toBe(143);
  });
});

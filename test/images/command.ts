import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * Runs a program to its end and gives what it printed.
 *
 * @throws Error with the command and the end of its output when it fails or is not there
 */
export async function run(program: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { maxBuffer: 64 << 20 });
    return stdout;
  } catch (error) {
    const { code, stderr = "", stdout = "" } = error as { code?: number | string; stderr?: string; stdout?: string };
    if (code === "ENOENT") throw new Error(`${program} is not installed`);
    const output = `${stdout}${stderr}`.trimEnd().split("\n").slice(-15).join("\n  ");
    throw new Error(`${[program, ...args].join(" ").slice(0, 400)} ended with ${code ?? "a signal"}:\n  ${output}`);
  }
}

/**
 * A command line under which a program ends when we do, even when we are killed: nobody would end it otherwise, and the
 * next run would start a second one on the same folder.
 */
export function endingWithUs(program: string, ...args: string[]): [string, string[]] {
  return ["setpriv", ["--pdeathsig", "TERM", "--", program, ...args]];
}

/**
 * Pipes one program's output into another's input, and waits for both.
 *
 * @throws Error naming the one that failed, with what the second printed
 */
export async function pipe(from: readonly string[], into: readonly string[]): Promise<void> {
  const source = spawn(from[0], from.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
  const sink = spawn(into[0], into.slice(1), { stdio: [source.stdout!, "pipe", "pipe"] });
  // Node must not read from the pipe as well: it has handed it to the second program.
  source.stdout!.destroy();
  let output = "";
  for (const stream of [sink.stdout!, sink.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const ends = [source, sink].map(
    (child) =>
      new Promise<number | string>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
      }),
  );
  const [sourceEnd, sinkEnd] = await Promise.all(ends);
  if (sinkEnd !== 0) throw new Error(`${into.join(" ")} ended with ${sinkEnd}:\n  ${output.trim()}`);
  if (sourceEnd !== 0) throw new Error(`${from.join(" ")} ended with ${sourceEnd}`);
}

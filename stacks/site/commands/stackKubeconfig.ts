/** A kubeconfig of a stack, for as long as a command needs it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Writes the stack's output `operatorKubeconfig` to a file that only its owner may read, and removes it afterwards.
 * @param use gets the file's path
 * @param other what the caller can be given instead, for clusters whose CA the program does not hold
 * @throws Error when the stack has no such output; whatever `use` throws
 */
export function withOperatorKubeconfig<T>(stack: string, other: string, use: (path: string) => Promise<T>): Promise<T> {
  const never = `where the cluster is not the site's own there never is one: ${other}`;
  return withKubeconfig(stack, "operatorKubeconfig", never, use);
}

/** As `withOperatorKubeconfig`, with the administrator's kubeconfig: for what changes nodes. */
export function withAdministratorKubeconfig<T>(stack: string, use: (path: string) => Promise<T>): Promise<T> {
  return withKubeconfig(stack, "kubeconfig", "it is made with the cluster", use);
}

async function withKubeconfig<T>(
  stack: string,
  output: "kubeconfig" | "operatorKubeconfig",
  never: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const text = stackOutputs(stack)[output];
  if (typeof text !== "string") {
    throw new Error(`stack ${stack} has no output ${output}: run \`pulumi up --stack ${stack}\`; ${never}`);
  }
  return withKubeconfigText(text, use);
}

/** Writes a kubeconfig to a file that only its owner may read, and removes it afterwards. @param use gets its path */
export async function withKubeconfigText<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "atlas-site-kubeconfig-"));
  try {
    const path = join(folder, "kubeconfig");
    writeFileSync(path, text, { mode: 0o600 });
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A stack's outputs, with its secrets in clear. @throws Error that says what is missing */
export function stackOutputs(stack: string): Readonly<Record<string, unknown>> {
  return JSON.parse(outputsOf(stack)) as Record<string, unknown>;
}

function outputsOf(stack: string): string {
  try {
    return execFileSync("pulumi", ["stack", "output", "--stack", stack, "--json", "--show-secrets"], {
      encoding: "utf8",
      maxBuffer: 64 << 20,
      stdio: ["ignore", "pipe", "inherit"],
    });
  } catch (error) {
    // Of a failure pulumi has said the reason itself.
    throw (error as NodeJS.ErrnoException).code === "ENOENT"
      ? new Error("there is no program pulumi, which knows the stack's outputs; install it and have it in PATH")
      : new Error(`pulumi gave no outputs of stack ${stack}`);
  }
}

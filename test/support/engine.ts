/** The real pulumi command on a temporary file backend: nothing of the user's own Pulumi is read or written. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureToolchain, pulumiEnvironment } from "../toolchain";
import { ROOT } from "./sites";
import { removeFolder } from "./removeFolder";

/** Guards nothing: the backend lives as long as its test. */
const PASSPHRASE = "engine test";

/** What a command did. */
export interface Done {
  readonly code: number;
  /** Both streams. */
  readonly output: string;
}

/** A backend, a PULUMI_HOME and, when asked for, a project folder; gone with `close`. */
export class Engine {
  /** Environment of every command. */
  readonly environment: Readonly<Record<string, string>>;

  private constructor(
    /** Folder of everything. */
    readonly folder: string,
    toolchain: Record<string, string>,
    passphrase: string,
  ) {
    mkdirSync(this.backend, { recursive: true });
    this.environment = {
      ...toolchain,
      PULUMI_BACKEND_URL: `file://${this.backend}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      // The Automation API asks a command newer than its own line for no more than it knows.
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    };
  }

  /**
   * Opens one; builds the command where it is missing.
   * @param plugins provider plugins the test needs, e.g. `kubernetes`
   * @param passphrase opens the stacks' secrets
   */
  static async open(plugins: readonly string[] = [], passphrase = PASSPHRASE): Promise<Engine> {
    const binaries = plugins.map((plugin) => `pulumi-resource-${plugin}`);
    const toolchain = await ensureToolchain({ only: ["pulumi", "pulumi-language-nodejs", ...binaries] });
    const folder = mkdtempSync(join(tmpdir(), "atlas-site-engine-"));
    return new Engine(folder, pulumiEnvironment(toolchain, join(folder, "home")), passphrase);
  }

  private get backend(): string {
    return join(this.folder, "backend");
  }

  /** The project as a checkout has it, but with one stack file of the test's own; its state is empty. */
  async project(stack: string, stackFile: string): Promise<string> {
    const project = join(this.folder, "project");
    mkdirSync(join(project, "stacks"), { recursive: true });
    for (const name of [
      "Pulumi.yaml",
      "index.ts",
      "versions.ts",
      "package.json",
      "tsconfig.json",
      "tsconfig.pulumi.json",
      "components",
    ]) {
      symlinkSync(join(ROOT, name), join(project, name));
    }
    symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"));
    const made = await this.pulumi(["stack", "init", stack, "--secrets-provider", "passphrase"], project);
    if (made.code !== 0) {
      throw new Error(`pulumi stack init: ${made.output}`);
    }
    // Pulumi has written the salt of the passphrase; it goes to the end, so that the file keeps its lines.
    const file = join(project, "stacks", `Pulumi.${stack}.yaml`);
    const salt = /^encryptionsalt: .*$/m.exec(readFileSync(file, "utf8"))?.[0] ?? "";
    writeFileSync(file, `${stackFile}${salt}\n`);
    return project;
  }

  /** Runs the command, and tells how it ended. */
  pulumi(args: readonly string[], cwd: string): Promise<Done> {
    const env = { ...process.env, ...this.environment };
    return new Promise((resolve, reject) => {
      const options = { cwd, env, maxBuffer: 64 << 20 };
      execFile("pulumi", [...args, "--non-interactive"], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code !== "number") {
          reject(error as Error);
        } else {
          resolve({ code, output: stdout + stderr });
        }
      });
    });
  }

  /** Every file of the backend: states, histories, backups. */
  stateFiles(): { readonly path: string; readonly text: string }[] {
    const entries = readdirSync(this.backend, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path, text: readFileSync(path, "utf8") }));
  }

  /** Removes everything. */
  close(): void {
    removeFolder(this.folder);
  }
}

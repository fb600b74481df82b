import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isMap, parseDocument } from "yaml";
import { pulumiEnvironment, type Toolchain } from "../../toolchain";
import { grantQuotas, type Lab } from "../lab";
import type { ExecOptions, ExecResult } from "../namespace";
import { quotaPlan } from "../quotas";

/** Opens the lab's stack file. It guards nothing: the lab's keys live and die with the lab. */
export const LAB_PASSPHRASE = "lab";
const repository = resolve(__dirname, "../../..");

/**
 * The `lab` stack in the running lab: a project folder of its own, so that a test may change the stack file as a site
 * admin would, and a file backend in the lab's state folder. Every command runs inside the lab's network namespace.
 */
export class LabStack {
  /** Folder of the project: the checkout's program by links, a stack file of its own. */
  readonly project: string;
  /** Environment every command gets: cloud, toolchain, backend. */
  readonly environment: Record<string, string>;

  /** @param name of the stack: `lab`, or one whose stack file the caller writes before `prepare`
   * @param passphrase that opens its stack file */
  constructor(
    private readonly lab: Lab,
    readonly toolchain: Toolchain,
    private readonly name = "lab",
    passphrase = LAB_PASSPHRASE,
  ) {
    this.project = join(lab.stateDir, "site", "project");
    const backend = join(lab.stateDir, "site", "backend");
    mkdirSync(backend, { recursive: true });
    this.environment = {
      ...lab.cloudEnvironment,
      ...pulumiEnvironment(toolchain, join(lab.stateDir, "site", "pulumi-home")),
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_STACK: name,
    };
  }

  /** Makes project folder and stack; safe to repeat, keeps a stack file that is there. */
  async prepare(): Promise<void> {
    this.layOut();
    await this.initialize();
  }

  /** As `prepare`, and the project gets the quotas the stack file declares: for a stack that is to come up. */
  async prepareForUp(): Promise<void> {
    this.layOut();
    const declared = parseDocument(readFileSync(this.stackFile, "utf8")).getIn(["config", "atlas-site:cloud", "quota"]);
    const quotas = isMap(declared) ? (declared.toJSON() as Record<string, number>) : {};
    await Promise.all([this.initialize(), grantQuotas(this.lab, quotaPlan(quotas))]);
  }

  private layOut(): void {
    mkdirSync(join(this.project, "stacks"), { recursive: true });
    const linked = [
      "Pulumi.yaml",
      "index.ts",
      "versions.ts",
      "package.json",
      "tsconfig.json",
      "tsconfig.pulumi.json",
      "components",
      "node_modules",
    ];
    for (const name of linked) {
      link(join(repository, name), join(this.project, name));
    }
    if (!existsSync(this.stackFile)) {
      cpSync(join(repository, "stacks", `Pulumi.${this.name}.yaml`), this.stackFile);
    }
  }

  private async initialize(): Promise<void> {
    const listed = await this.pulumi(["stack", "ls", "--json"]);
    if (!(JSON.parse(listed.stdout) as { name: string }[]).some((stack) => stack.name === this.name)) {
      await this.pulumi(["stack", "init", this.name, "--secrets-provider", "passphrase"]);
    }
  }

  /** The stack file of this lab; a copy of the committed one. */
  get stackFile(): string {
    return join(this.project, "stacks", `Pulumi.${this.name}.yaml`);
  }

  /** Changes one value of the stack file, as an editor would. */
  edit(path: readonly (string | number)[], value: unknown): void {
    const document = parseDocument(readFileSync(this.stackFile, "utf8"));
    document.setIn(["config", ...path], value);
    writeFileSync(this.stackFile, document.toString({ lineWidth: 0 }));
  }

  /** Reads one value of the stack file. */
  read(path: readonly (string | number)[]): unknown {
    return parseDocument(readFileSync(this.stackFile, "utf8")).getIn(["config", ...path]);
  }

  /** Puts the committed stack file back. */
  resetFile(): void {
    rmSync(this.stackFile, { force: true });
    cpSync(join(repository, "stacks", `Pulumi.${this.name}.yaml`), this.stackFile);
  }

  /**
   * Runs `pulumi` and waits for it.
   * @throws Error with its output when it fails
   */
  async pulumi(args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const done = await this.attempt(args, options);
    if (done.code !== 0) {
      throw new Error(`pulumi ${args.join(" ")}: exit ${done.code}\n${tail(done.stdout + done.stderr)}`);
    }
    return done;
  }

  /** As `pulumi`, but the caller judges the exit code. */
  attempt(args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    return this.lab.exec("pulumi", [...args, "--non-interactive"], {
      cwd: this.project,
      ...options,
      env: { ...this.environment, ...options.env },
    });
  }

  /** `pulumi up`. */
  up(options: ExecOptions = {}): Promise<ExecResult> {
    return this.pulumi(["up", "--yes", "--skip-preview", "--suppress-progress"], options);
  }

  /**
   * `pulumi up` that must find nothing to do.
   * @throws Error when there was a change
   */
  upUnchanged(): Promise<ExecResult> {
    return this.pulumi(["up", "--yes", "--skip-preview", "--suppress-progress", "--expect-no-changes"]);
  }

  /** `pulumi refresh` that must find the cloud as the state says. */
  refreshUnchanged(): Promise<ExecResult> {
    return this.pulumi(["refresh", "--yes", "--skip-preview", "--suppress-progress", "--expect-no-changes"]);
  }

  /** `pulumi destroy`. */
  destroy(options: ExecOptions = {}): Promise<ExecResult> {
    return this.pulumi(["destroy", "--yes", "--skip-preview", "--suppress-progress"], options);
  }

  /**
   * `npm run site -- recover`: removes what a killed engine left in the cloud.
   * @returns what it said
   */
  recover(): Promise<string> {
    return this.site("recover");
  }

  /**
   * `npm run site -- COMMAND STACK …`, as an administrator runs it, with kubectl in his PATH.
   * @returns what it printed
   * @throws Error with its words when it fails
   */
  async site(command: string, ...more: string[]): Promise<string> {
    const done = await this.attemptSite(command, more);
    if (done.code !== 0) {
      throw new Error(`site ${command}: exit ${done.code}\n${done.stdout}${done.stderr}`);
    }
    return done.stdout;
  }

  /** As `site`, but the caller judges the exit code. */
  attemptSite(command: string, more: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    const program = join(repository, "stacks/site/commands/cli.ts");
    const path = `${dirname(this.toolchain.binary("kubectl"))}:${this.environment.PATH ?? process.env.PATH}`;
    return this.lab.exec(process.execPath, ["--import", "tsx", program, command, this.name, ...more], {
      cwd: this.project,
      ...options,
      env: { ...this.environment, PATH: path },
    });
  }

  /**
   * URNs that a preview would make, by the engine's own account of its steps.
   * @throws Error when the policy pack finds a mandatory violation
   */
  async previewedUrns(): Promise<string[]> {
    const shown = await this.pulumi(["preview", "--json", "--policy-pack", join(repository, "policies")]);
    const { steps } = JSON.parse(shown.stdout) as { steps: { op: string; urn: string }[] };
    return steps.filter(({ op }) => op === "create").map(({ urn }) => urn);
  }

  /** Stack outputs with their secrets in clear. */
  async outputs(): Promise<SiteOutputs> {
    const shown = await this.pulumi(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(shown.stdout) as SiteOutputs;
  }

  /** URNs in the state. */
  async urns(): Promise<string[]> {
    const exported = await this.pulumi(["stack", "export"]);
    const state = JSON.parse(exported.stdout) as { deployment: { resources?: { urn: string }[] } };
    return (state.deployment.resources ?? []).map((resource) => resource.urn);
  }

  /** Writes the kubeconfigs that are stack outputs to files only root reads, and says where they are. */
  async writeKubeconfigs(): Promise<{ administrator: string; operator: string; harvester: Record<string, string> }> {
    const outputs = await this.outputs();
    const folder = join(this.lab.stateDir, "site", "kubeconfigs");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const write = (name: string, text: string) => {
      const path = join(folder, `${name}.yaml`);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    const harvester = Object.entries(outputs.harvesterKubeconfigs).map(([queue, text]) => {
      return [queue, write(`harvester-${queue}`, text)] as const;
    });
    return {
      administrator: write("administrator", outputs.kubeconfig),
      operator: write("operator", outputs.operatorKubeconfig),
      harvester: Object.fromEntries(harvester),
    };
  }
}

/** What the program says at its end. */
export interface SiteOutputs {
  apiUrl: string;
  kubeconfig: string;
  operatorKubeconfig: string;
  harvesterKubeconfigs: Record<string, string>;
}

/** The last lines of a long output: where the reason stands. */
export function tail(text: string, lines = 40): string {
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}

function link(target: string, path: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

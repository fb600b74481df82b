/** One run of the whole program without cloud, cluster or engine. */
import * as pulumi from "@pulumi/pulumi";
import { namespace } from "../configKeys";
import { askedBy, placeholderSecrets } from "./placeholderSecrets";
import { plain } from "./properties";
import { record, type Recording } from "./recorder";

/** A stack output. */
export interface StackOutput {
  /** Its value; undefined in a preview when nobody can know it yet. */
  readonly value: unknown;
  readonly secret: boolean;
}

/** What a run of the program came to. */
export interface ProgramRun {
  readonly recording: Recording;
  readonly outputs: Readonly<Record<string, StackOutput>>;
}

/** How to run the program. */
export interface ProgramOptions {
  /** Stack name; with a file of that name the program reads it. */
  readonly stack: string;
  /** True: as `pulumi preview`, where nothing the cloud would answer is known. */
  readonly preview?: boolean;
  /** Sections for a stack without a file. */
  readonly sections?: Readonly<Record<string, unknown>>;
  /** The program, loaded anew. */
  readonly load: () => Promise<() => Record<string, unknown>> | (() => Record<string, unknown>);
}

interface Output {
  promise(withUnknowns?: boolean): Promise<unknown>;
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
}

/** What an output comes to. */
export async function settle(value: unknown): Promise<StackOutput> {
  const output = pulumi.output(value) as unknown as Output;
  const [known, secret, inner] = await Promise.all([output.isKnown, output.isSecret, output.promise(true)]);
  return { value: known ? plain(inner) : undefined, secret };
}

/**
 * Runs the program and records what it asks for.
 * @throws whatever the program throws, e.g. SiteError with all mistakes of the stack file
 */
export async function runProgramOnce(options: ProgramOptions): Promise<ProgramRun> {
  const { stack, preview, sections = {}, load } = options;
  const values = Object.entries(sections).map(([name, value]) => [`${namespace}:${name}`, JSON.stringify(value)]);
  const given = placeholderSecrets(askedBy(stack, sections));
  const secrets = Object.entries(given).map(([name, value]) => [`${namespace}:${name}`, value] as const);
  pulumi.runtime.setAllConfig(
    Object.fromEntries([...values, ...secrets]),
    secrets.map(([key]) => key),
  );
  // Pulumi keeps a stack trace for every promise; for hundreds of machines they take half of the run.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const { recording, result } = await record({ stack, preview }, async () => (await load())());
    const outputs: Record<string, StackOutput> = {};
    for (const [name, value] of Object.entries(result)) {
      outputs[name] = await settle(value);
    }
    return { recording, outputs };
  } finally {
    Error.stackTraceLimit = limit;
  }
}

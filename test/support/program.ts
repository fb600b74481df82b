/** Runs the whole program without cloud, cluster or engine, and records what it asks for. */
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import type { ApiProbe } from "../../components/cluster/apiReady";
import { namespace } from "../../stacks/configKeys";
import { record, type RecordOptions, type Recording } from "./recorder";
import { plain } from "./properties";
import { shippedStacks, variants, type Sections, type Variant } from "./sites";

/** A stack output. */
export interface StackOutput {
  /** Its value; undefined in a preview when nobody can know it yet. */
  readonly value: unknown;
  readonly secret: boolean;
}

/** One run of the program. */
export interface ProgramRun {
  readonly recording: Recording;
  readonly outputs: Readonly<Record<string, StackOutput>>;
  /** APIs the program waited for. */
  readonly waits: readonly ApiProbe[];
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

/** A kubeconfig as somebody with a cluster of their own would give it. Its certificate is text, not a certificate. */
export const FOREIGN_KUBECONFIG = [
  "apiVersion: v1",
  "kind: Config",
  "clusters: [{ name: guest, cluster: { server: 'https://guest.example:6443', certificate-authority-data: Q0E= } }]",
  "users: [{ name: admin, user: { token: foreign-administrator-token } }]",
  "contexts: [{ name: admin@guest, context: { cluster: guest, user: admin } }]",
  "current-context: admin@guest",
  "",
].join("\n");

const runs = new Map<string, Promise<ProgramRun>>();

/** Runs the program on a shipped stack (by its file) or on a variant (by configuration); once a test file each. */
export function runProgram(which: string, options: Omit<RecordOptions, "stack"> = {}): Promise<ProgramRun> {
  const key = `${which} ${options.preview ?? false}`;
  const run = runs.get(key) ?? runAnew(which, options);
  runs.set(key, run);
  return run;
}

async function runAnew(which: string, options: Omit<RecordOptions, "stack">): Promise<ProgramRun> {
  const stack = shippedStacks().includes(which) ? which : `variant-${which}`;
  const waits: ApiProbe[] = [];
  // There is no API to wait for; the waiting itself has tests of its own.
  vi.doMock("../../components/cluster/apiReady", () => ({
    waitForApi: (probe: ApiProbe) => Promise.resolve(void waits.push(probe)),
  }));
  // The program is run anew, as Pulumi does: nothing may be left over in a module from the run before.
  vi.resetModules();
  configure(stack.startsWith("variant-") ? variants[which as Variant] : {});
  const { recording, result } = await record({ stack, ...options }, async () => {
    const program = ((await import("../../index.js")) as unknown as { default: () => Record<string, unknown> }).default;
    return program();
  });
  const outputs: Record<string, StackOutput> = {};
  for (const [name, value] of Object.entries(result)) {
    outputs[name] = await settle(value);
  }
  return { recording, outputs, waits };
}

function configure(sections: Sections): void {
  const values = Object.entries(sections).map(([name, value]) => [`${namespace}:${name}`, JSON.stringify(value)]);
  const kubeconfig = `${namespace}:kubeconfig`;
  pulumi.runtime.setAllConfig({ ...Object.fromEntries(values), [kubeconfig]: FOREIGN_KUBECONFIG }, [kubeconfig]);
}

/** `npm run site -- drain|replace <stack> <machine>`: takes one machine out of service, or puts a new one in its place. */
import { parseArgs } from "node:util";
import { annotate } from "../life/act";
import { Kubectl } from "../life/client";
import { nextOfDrain, nextOfReplacement, type Intent, type Step } from "../life/decide";
import type { MachineFacts } from "../life/facts";
import { endOperation, operator, pauseOperation, underLease, unfinishedOperation } from "../life/lease";
import { lookAtMachine } from "../life/look";
import { reconcile, type Outcome } from "../life/reconcile";
import { siteMachine } from "../life/siteMachines";
import { withAdministratorKubeconfig } from "./stackKubeconfig";

/** What may stand behind the stack of `drain`. */
export const DRAIN_OPTIONS = ["MACHINE", "[--evict]", "[--for-minutes N]", "[--dry-run]", "[--cancel]"];

/** What may stand behind the stack of `replace`. */
export const REPLACE_OPTIONS = [
  "MACHINE",
  "[--dead]",
  "[--evict]",
  "[--lose-volumes]",
  "[--for-minutes N]",
  "[--dry-run]",
];

/** Exit codes beside 0 and 1: the same command goes on later; a person must decide. */
const EXIT_CODE = { done: 0, waiting: 3, refused: 4 } as const satisfies Record<Outcome, number>;

type Say = (line: string) => void;

interface Options {
  readonly machine: string;
  readonly dead: boolean;
  readonly evict: boolean;
  readonly loseVolumes: boolean;
  readonly dryRun: boolean;
  readonly cancel: boolean;
  readonly forMinutes?: number;
}

/** Empties a machine: no new pods, the pilots end by themselves, the rest moves. */
export function drain(stack: string, say: Say, ...args: string[]): Promise<void> {
  return operate("drain", stack, say, optionsOf(args, DRAIN_OPTIONS));
}

/** Puts a new machine in the place of one: drained first, unless it is dead. */
export function replace(stack: string, say: Say, ...args: string[]): Promise<void> {
  return operate("replace", stack, say, optionsOf(args, REPLACE_OPTIONS));
}

async function operate(kind: Intent["kind"], stack: string, say: Say, options: Options): Promise<void> {
  const { plan, pool } = siteMachine(stack, options.machine);
  if (plan.role === "control-plane") {
    throw new Error(
      `${plan.name} belongs to the control plane. Its etcd would lose a member, which this command does not repair; ` +
        "docs/operations.md says how the whole control plane is rebuilt",
    );
  }
  await withAdministratorKubeconfig(stack, async (path) => {
    const kubectl = new Kubectl(path);
    const facts = await lookAtMachine(stack, plan.name, kubectl);
    if (options.cancel) {
      await cancel(facts, kubectl, say);
      return;
    }
    const intent = intentOf(kind, facts, options);
    const next = (goal: Intent) => (now: MachineFacts, at: number) =>
      kind === "drain" ? nextOfDrain(now, goal, at) : nextOfReplacement(now, goal, pool.taints, at);
    if (options.dryRun) {
      say(`would begin with: ${stepText(next(intent)(facts, Date.now()))}. Nothing was done`);
      return;
    }
    const outcome = await underLease(kubectl, intent, async (goal) => {
      const { forMinutes } = options;
      const ended = await reconcile({ stack, kubectl, say, intent: goal, next: next(goal), forMinutes });
      // A drained machine stays cordoned, and the next operation on it may be another's.
      if (ended === "done") await endOperation(kubectl);
      else await pauseOperation(kubectl);
      return ended;
    });
    process.exitCode = EXIT_CODE[outcome];
  });
}

/** @throws Error when the state has no such instance */
function intentOf(kind: Intent["kind"], { name, recorded, node }: MachineFacts, options: Options): Intent {
  if (recorded === undefined) {
    throw new Error(`the state has no instance ${name}: \`pulumi up\` creates it`);
  }
  const { urn, serverId: oldServer } = recorded;
  const { dead, evict: evictJobs, loseVolumes } = options;
  const whose = { by: operator(), since: Date.now() };
  return { kind, machine: name, ...whose, urn, oldServer, oldNode: node?.uid, dead, evictJobs, loseVolumes };
}

/** Ends an operation on a machine that still runs, and puts the machine back into service. */
async function cancel({ name, node, server }: MachineFacts, kubectl: Kubectl, say: Say): Promise<void> {
  const unfinished = await unfinishedOperation(kubectl);
  if (unfinished !== undefined && unfinished.machine !== name) {
    throw new Error(`the unfinished operation is of ${unfinished.machine}, not of ${name}`);
  }
  if (server !== "ACTIVE" || node === undefined) {
    throw new Error(`${name} is past the point of return (server ${server ?? "gone"}): finish its replacement`);
  }
  await kubectl.run(["uncordon", name]);
  await annotate(kubectl, name, undefined);
  await endOperation(kubectl);
  say(`${name} takes jobs again`);
}

function stepText(step: Step): string {
  switch (step.kind) {
    case "cordon":
      return "cordon it";
    case "wait":
      return `wait for ${step.what}`;
    case "evict":
      return `evict ${step.pods.length} pods`;
    case "stop":
      return "stop its server";
    case "forget":
      return `delete ${step.node ? "its node and " : ""}${step.pods.length} pods`;
    case "renew":
      return "replace its instance";
    case "done":
      return `nothing, ${step.what}`;
    case "refuse":
      return `nothing: ${step.why}`;
  }
}

function optionsOf(args: readonly string[], allowed: readonly string[]): Options {
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      dead: flag,
      evict: flag,
      "lose-volumes": flag,
      "dry-run": flag,
      cancel: flag,
      "for-minutes": { type: "string" },
    },
  });
  const strange = Object.keys(values).filter(
    (name) => values[name as keyof typeof values] !== false && !allowed.some((one) => one.startsWith(`[--${name}`)),
  );
  const [machine, ...more] = positionals;
  const minutes = values["for-minutes"];
  const forMinutes = minutes === undefined ? undefined : Number(minutes);
  if (machine === undefined || more.length > 0 || strange.length > 0) {
    throw new Error(`say one machine of the stack, and of the options: ${allowed.join(" ")}`);
  }
  if (forMinutes !== undefined && !(forMinutes >= 0)) {
    throw new Error(`--for-minutes ${minutes} is no number of minutes`);
  }
  return {
    machine,
    dead: values.dead,
    evict: values.evict,
    loseVolumes: values["lose-volumes"],
    dryRun: values["dry-run"],
    cancel: values.cancel,
    forMinutes,
  };
}

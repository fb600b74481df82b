/**
 * What to do next with a machine, from what is true of it now. Pure: equal facts give equal steps, whoever asks and however
 * often the command was interrupted before.
 *
 * The order is Cluster API's for a machine that is deleted, with one step moved: ours keeps its name, so the node goes before
 * the new machine comes. A kubelet that finds its old node keeps that one's labels, stays cordoned and registers no taint,
 * and then nothing keeps jobs away until CVMFS is there.
 */
import type { MachineFacts, PodFact, TaintFact } from "./facts";

/** What an operation wants, written down before its first step. */
export interface Intent {
  readonly kind: "drain" | "replace";
  /** Name of the machine. */
  readonly machine: string;
  /** Who began it, as `user@host`. */
  readonly by: string;
  /** When, in milliseconds since the epoch. */
  readonly since: number;
  /** URN of the instance that is replaced. */
  readonly urn: string;
  /** Nova's id of the server that is replaced: another one in the state is the new machine. */
  readonly oldServer: string;
  /** Uid of the node that is replaced; undefined: there was none. */
  readonly oldNode?: string;
  /** The administrator says that the machine is dead: its pods are not waited for. */
  readonly dead: boolean;
  /** The administrator lets pilots be evicted. */
  readonly evictJobs: boolean;
  /** The administrator gives up what is on the machine's local volumes. */
  readonly loseVolumes: boolean;
}

/** The next step. */
export type Step =
  /** Keep new pods away, and write on the node why. */
  | { readonly kind: "cordon" }
  /** Nothing to do but to wait. */
  | { readonly kind: "wait"; readonly what: string }
  /** Ask Kubernetes to move these pods, which their disruption budgets may refuse for a while. */
  | { readonly kind: "evict"; readonly pods: readonly PodFact[] }
  /** Shut the server down, so that its kubelet cannot come back under the name. */
  | { readonly kind: "stop" }
  /** Delete what Kubernetes still believes to run there, then the node. */
  | { readonly kind: "forget"; readonly pods: readonly PodFact[]; readonly node: boolean }
  /** Replace the instance by Pulumi. */
  | { readonly kind: "renew" }
  | { readonly kind: "done"; readonly what: string }
  /** A person must decide; nothing was done in this step. */
  | { readonly kind: "refuse"; readonly why: string };

/** Nova's statuses of a server that computes nothing. */
const OFF = ["SHUTOFF", "ERROR", "DELETED", "SOFT_DELETED", "SHELVED", "SHELVED_OFFLOADED"];

/** How long a node must have been not Ready before a machine that Nova calls ACTIVE may be called dead, in milliseconds. */
const DEAD_AFTER_MS = 10 * 60_000;

/** Taints that Kubernetes itself puts on a node and takes away again. */
const PASSING_TAINT = "node.kubernetes.io/";

/** The next step of a drain. @param now in milliseconds since the epoch */
export function nextOfDrain(facts: MachineFacts, intent: Intent, now: number): Step {
  return emptied(facts, intent, now) ?? { kind: "done", what: `${facts.name} is empty and stays cordoned` };
}

/**
 * The next step of a replacement.
 * @param taints that the new machine's node keeps; any other says that it is not in service yet
 * @param now in milliseconds since the epoch
 */
export function nextOfReplacement(
  facts: MachineFacts,
  intent: Intent,
  taints: readonly TaintFact[],
  now: number,
): Step {
  const { name, recorded, server, node } = facts;
  if (recorded !== undefined && recorded.serverId !== intent.oldServer && !recorded.replacedNext) {
    return inService(facts, intent, taints);
  }
  if (facts.localClaims.length > 0 && !intent.loseVolumes) {
    return {
      kind: "refuse",
      why:
        `what is on ${name}'s local volumes would be lost: ${facts.localClaims.join(", ")}. ` +
        "Save it first, then say --lose-volumes",
    };
  }
  if (recorded !== undefined && server !== undefined && !OFF.includes(server)) {
    if (!intent.dead) {
      const first = emptied(facts, intent, now);
      return first ?? { kind: "stop" };
    }
    const alive = lifeSign(facts, now);
    return alive === undefined ? { kind: "stop" } : { kind: "refuse", why: alive };
  }
  // Another node of this name is the new machine's, and its pods are at work.
  const isOld = node !== undefined && node.uid === intent.oldNode;
  if (isOld || (node === undefined && facts.pods.length > 0)) {
    return { kind: "forget", pods: facts.pods, node: isOld };
  }
  return { kind: "renew" };
}

/** The next step on the way to a machine without work; undefined: it is empty. */
function emptied({ name, node, pods }: MachineFacts, intent: Intent, now: number): Step | undefined {
  if (node !== undefined && node.operation === undefined) {
    return { kind: "cordon" };
  }
  if (node?.cordoned === false) {
    return {
      kind: "refuse",
      why: `somebody has uncordoned ${name}. To go on, cordon it (kubectl cordon ${name}) and repeat the command; to give up: --cancel`,
    };
  }
  // A machine whose node was deleted may compute on: Kubernetes takes the pods off its list by itself, within a minute.
  const jobs = pods.filter(({ kind }) => kind === "job");
  if (jobs.length > 0 && !intent.evictJobs) {
    return { kind: "wait", what: `${jobs.length} pods of Jobs on ${name} to end by themselves${latestEnd(jobs, now)}` };
  }
  const movable = pods.filter(({ kind }) => kind !== "daemon");
  return movable.length === 0 ? undefined : { kind: "evict", pods: movable };
}

/** When the last of these must have ended. */
function latestEnd(jobs: readonly PodFact[], now: number): string {
  const ends = jobs.map(({ endsBy }) => endsBy).filter((end) => end !== undefined);
  if (ends.length < jobs.length) {
    return `; ${jobs.length - ends.length} of them have no deadline`;
  }
  return `; the last one's deadline is in ${Math.max(0, Math.ceil((Math.max(...ends) - now) / 60_000))} min`;
}

/** Why a machine cannot be called dead; undefined: it is. */
function lifeSign({ name, server, node }: MachineFacts, now: number): string | undefined {
  if (node === undefined) {
    return undefined;
  }
  const advice = `leave out --dead, and ${name} is drained first; or stop it yourself (openstack server stop ${name})`;
  if (node.ready) {
    return `${name} is not dead: its node is Ready. Do ${advice}`;
  }
  const minutes = Math.floor((now - node.since) / 60_000);
  return now - node.since < DEAD_AFTER_MS
    ? `${name} may be alive: Nova says ${server}, and its node is not Ready for ${minutes} min only, of ${DEAD_AFTER_MS / 60_000}. Wait, or ${advice}`
    : undefined;
}

/** Waits until the new machine takes jobs. */
function inService({ name, node }: MachineFacts, intent: Intent, taints: readonly TaintFact[]): Step {
  if (node === undefined || node.uid === intent.oldNode) {
    return { kind: "wait", what: `the new ${name} to become a node` };
  }
  if (!node.ready) {
    return { kind: "wait", what: `node ${name} to be Ready` };
  }
  const declared = new Set(taints.map(({ key, effect }) => `${key}:${effect}`));
  const others = node.taints.filter(({ key, effect }) => !declared.has(`${key}:${effect}`));
  const [own] = others.filter(({ key }) => !key.startsWith(PASSING_TAINT));
  if (others.length > 0) {
    return { kind: "wait", what: `taint ${(own ?? others[0])?.key} of ${name} to be lifted` };
  }
  return { kind: "done", what: `${name} is a new machine, and in service` };
}

/** What a corpus says about its files by their names alone. */
import type { Policy } from "../../policies/model/policy";
import { sameAs } from "./othersNames";

/** What the author of a file says about it. */
export type Expectation = "good" | "bad";

const GOOD = [
  ...["good", "pass", "passes", "passed", "passing", "success", "succeeds", "successful"],
  ...["allowed", "accepted", "valid", "correct", "compliant"],
];
const BAD = [
  ...["bad", "fail", "fails", "failed", "failing", "failure", "failures"],
  ...["disallowed", "denied", "rejected", "forbidden", "invalid", "incorrect", "noncompliant"],
  ...["violation", "violations", "violates", "violating"],
];
const WORDS: ReadonlyMap<string, Expectation> = new Map([
  ...GOOD.map((word) => [word, "good"] as const),
  ...BAD.map((word) => [word, "bad"] as const),
]);
const NEGATIONS = ["not", "non"];

/** Words of a piece of a path: `podcontroller-good02` has `podcontroller` and `good`. */
function wordsOf(piece: string): string[] {
  return piece.toLowerCase().match(/[a-z]+/g) ?? [];
}

/** Words of a file's name, where capitals begin words too: `podFailure.yaml`. */
function wordsOfFile(name: string): string[] {
  return wordsOf(name.replace(/([a-z0-9])([A-Z])/g, "$1-$2"));
}

/** Words that begin the names of checks: `forbidden-sysctls` and `allowed-repos` say what a file is about, not whether it is good. */
const OF_CHECKS: ReadonlySet<string> = new Set([
  ...["allowed", "accepted", "valid", "correct", "compliant"],
  ...["disallowed", "denied", "rejected", "forbidden", "invalid", "incorrect", "noncompliant"],
]);

function said(words: readonly string[], index: number): Expectation | undefined {
  if (index === 0 && words.length > 1 && OF_CHECKS.has(words[0])) {
    return undefined;
  }
  const word = WORDS.get(words[index]);
  return word !== undefined && NEGATIONS.includes(words[index - 1]) ? (word === "good" ? "bad" : "good") : word;
}

/** Names that count good and bad objects of one file, as `scope-2PASSED-1FAILED.yaml`: nothing is said of the file. */
const BOTH = /\d+_?(?:passed|good|allowed).*\d+_?(?:failed|bad|denied)/i;

/** The name's first word when it says something, else the last that does: in `bad-pod-success-first` it is `bad`. */
function saidBy(words: readonly string[]): Expectation | undefined {
  const all = words.map((_, index) => said(words, index));
  return all[0] ?? all.reverse().find((one) => one !== undefined);
}

/**
 * What a path says: the file's name (its first word, else the last for good or bad), else the nearest folder that says
 * something. `not-allowed` is bad. Folders are not divided at capitals: `runAsRootAllowed` is the name of a check.
 */
export function expectationOf(path: string): Expectation | undefined {
  const [file, ...folders] = path.split("/").reverse();
  const ofFile = BOTH.test(file) ? [] : wordsOfFile(file);
  return [ofFile, ...folders.map(wordsOf)].map(saidBy).find((one) => one !== undefined);
}

const SORTS = "pod|deployment|deploy|job|cronjob|daemonset|statefulset|service|svc|ingress|role|cr|rb|crb";
const GOOD_OR_BAD = new RegExp(`^(good|bad)(${SORTS})?$`);

/** What an object's own name says, as in the corpora that have good and bad in one file: `goodpod01`, `bad-job`, `dont-fire`. */
export function expectationOfName(name: string): Expectation | undefined {
  const words = wordsOf(name);
  const fire = words.indexOf("fire");
  if (fire >= 0) {
    return ["dont", "not"].includes(words[fire - 1]) ? "good" : "bad";
  }
  const found = words.map((word) => GOOD_OR_BAD.exec(word)?.[1]).find((word) => word !== undefined);
  return (found as Expectation | undefined) ?? saidBy(words);
}

/** Whether the objects of a file are bad by default: kube-linter calls those that are good `dont-fire`, in most files no other. */
export function firesUnlessSaid(names: readonly string[]): boolean {
  const fires = names.map((name) => wordsOf(name)).filter((words) => words.includes("fire"));
  return fires.length > 0 && fires.every((words) => words.includes("dont"));
}

/** A name without case, punctuation and number at the end: `Host_Ports12` and `hostPorts` are the same; `C-0012` stays. */
export function bare(name: string): string {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return /^c\d{4}$/.test(letters) ? letters : letters.replace(/\d+$/, "");
}

/** Names under which somebody else may know a policy. */
function namesOf({ name, frameworks }: Policy): string[] {
  const controls = frameworks.flatMap(({ control }) => control.replace(/^\w+: /, "").split(", "));
  const others = Object.entries(sameAs).flatMap(([other, policies]) => (policies.includes(name) ? [other] : []));
  return [name, ...controls, ...others].map(bare).filter((text) => text.length > 3);
}

/** Policies that a path names by their own name or by that of a control they stand for; none when it names none. */
export function policiesNamedIn<P extends Policy>(path: string, policies: readonly P[]): P[] {
  const pieces = path
    .replace(/\.\w+$/, "")
    .split("/")
    .map(bare);
  return policies.filter((policy) => namesOf(policy).some((name) => pieces.includes(name)));
}

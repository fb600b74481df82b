/** What a policy is: plain data that says what is demanded and why, and a pure predicate on plain objects. */
import { UnknownField, type Field } from "./field";
import type { KubernetesObject } from "./objects";
import type { Pod, Workload } from "./pods";
import type { Settings } from "./settings";

/** What a violation does: `mandatory` stops the deployment, `advisory` is told and no more. */
export type Level = "advisory" | "mandatory";

/** How bad it is when it is violated. */
export type Severity = "low" | "medium" | "high" | "critical";

/** Where somebody else demands the same. */
export interface Reference {
  /** e.g. `Pod Security Standards`. */
  readonly framework: string;
  /** e.g. `1.36`. */
  readonly version: string;
  /** Its name for the rule, e.g. `baseline: privileged`. */
  readonly control: string;
}

/** Something that is against the policy. */
export interface Violation {
  /** The field, from the root of the object it stands in; "" for the object itself. */
  readonly path: string;
  /** What is wrong, with the value seen. */
  readonly message: string;
  /** Which resource or object, where a policy looks at many: its `id`. */
  readonly subject?: string;
}

/** Something a preview cannot tell, because the value is made by the update. */
export interface Undecided {
  /** Path of the unknown field. */
  readonly unknown: string;
  /** As of a violation. */
  readonly subject?: string;
}

/** What a predicate found. */
export type Finding = Violation | Undecided;

/** Answer of a predicate that has nothing to say about an object, and why. */
export interface NotApplicable {
  readonly notApplicable: string;
  /** The setting without which it judges nothing. */
  readonly setting?: string;
}

/** Answer of a predicate: findings (none: it is as it should be), or that it does not apply. */
export type Answer = readonly Finding[] | NotApplicable;

/** What every policy says about itself. */
export interface Description {
  /** In kebab-case; unique. The name in reports, exemptions and configuration. */
  readonly name: string;
  /** One line that says what is demanded. */
  readonly title: string;
  /** What happens where it is not kept. */
  readonly why: string;
  /** `mandatory` only what is surely wrong; may differ for batch and infrastructure pods. */
  readonly level: Level | Readonly<Record<Workload, Level>>;
  readonly severity: Severity;
  readonly frameworks: readonly Reference[];
  /** What to change. */
  readonly remediation: string;
}

/** Judges pods, wherever their template stands. */
export interface PodPolicy extends Description {
  readonly kind: "pod";
  /** The level of the Pod Security Standards that demands it, when one does; `restricted` demands what `baseline` does too. */
  readonly profile?: "baseline" | "restricted";
  /** Which pods; all by default. */
  readonly workload?: Workload;
  check(pod: Pod, settings: Settings): Answer;
}

/** Judges one Kubernetes object by itself. */
export interface ObjectPolicy extends Description {
  readonly kind: "object";
  /** Kinds it applies to, e.g. `Role`; `group/Kind` where another group has the same kind. */
  readonly kinds: readonly string[];
  check(object: KubernetesObject, settings: Settings): Answer;
}

/** Judges all Kubernetes objects of a stack or file together. */
export interface ObjectSetPolicy extends Description {
  readonly kind: "objects";
  /** Without an object of these kinds it does not apply. */
  readonly kinds: readonly string[];
  check(objects: readonly KubernetesObject[], settings: Settings): Answer;
}

/** A resource as the engine is asked for it. */
export interface Resource {
  readonly urn: string;
  /** e.g. `openstack:compute/instance:Instance`. */
  readonly type: string;
  readonly name: string;
  /** Inputs; in a stack policy, after an update, outputs. */
  readonly props: Field;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** URN. */
  readonly parent?: string;
  readonly provider?: { readonly type: string; readonly name: string; readonly urn: string; readonly props: Field };
  /** URNs; empty where the engine does not tell. */
  readonly dependencies: readonly string[];
  /** Top-level inputs (of a stack: outputs) that are secret. Undefined where nobody tells: a pack is given them in clear. */
  readonly secrets?: readonly string[];
  /** What the update will do to it, e.g. `replace`. Undefined where nobody tells: a pack is not told. */
  readonly operation?: string;
}

/** Judges one resource by itself. */
export interface ResourcePolicy extends Description {
  readonly kind: "resource";
  /** Type tokens it applies to. */
  readonly types: readonly string[];
  check(resource: Resource, settings: Settings): Answer;
}

/** Judges all resources of a stack together. */
export interface StackPolicy extends Description {
  readonly kind: "stack";
  check(resources: readonly Resource[], settings: Settings): Answer;
}

/** A policy of any kind. */
export type Policy = PodPolicy | ObjectPolicy | ObjectSetPolicy | ResourcePolicy | StackPolicy;

/** Says that a field is against the policy. */
export function violation(field: Field, message: string): Violation {
  return { path: field.path, message };
}

/**
 * Says that a predicate does not apply.
 * @param setting the setting that it lacks, where that is why
 */
export function notApplicable(reason: string, setting?: string): NotApplicable {
  return { notApplicable: reason, ...(setting === undefined ? {} : { setting }) };
}

/** Whether a predicate said that it does not apply. */
export function isNotApplicable(answer: Answer): answer is NotApplicable {
  return "notApplicable" in answer;
}

/** Whether a finding is a violation. */
export function isViolation(finding: Finding): finding is Violation {
  return "message" in finding;
}

/** Findings of each thing by itself: an unknown value in one leaves the others judged. */
export function each<T>(things: Iterable<T>, find: (thing: T) => readonly Finding[] | Finding | undefined): Finding[] {
  const findings: Finding[] = [];
  for (const thing of things) {
    findings.push(...cautiously(() => find(thing)));
  }
  return findings;
}

/** Findings of one question; an unknown value becomes a finding that says so. */
export function cautiously(find: () => readonly Finding[] | Finding | undefined): readonly Finding[] {
  try {
    const found = find();
    return found === undefined ? [] : Array.isArray(found) ? (found as readonly Finding[]) : [found as Finding];
  } catch (error) {
    if (error instanceof UnknownField) {
      return [{ unknown: error.path }];
    }
    throw error;
  }
}

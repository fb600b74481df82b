/** Asks policies about objects and resources, whoever wants to know: the engine or a file on a command line. */
import { exemptionOf, type FoundExemption, type Subject } from "./exemptions";
import { isOfKind, type KubernetesObject } from "./objects";
import { podsOf, type Pod } from "./pods";
import {
  cautiously,
  isNotApplicable,
  isViolation,
  type Answer,
  type Finding,
  type Level,
  type ObjectPolicy,
  type ObjectSetPolicy,
  type PodPolicy,
  type Policy,
  type Resource,
  type ResourcePolicy,
  type StackPolicy,
  type Violation,
} from "./policy";
import type { Settings } from "./settings";

/** What a policy said about one thing. */
export interface Judgement {
  readonly policy: Policy;
  /** What a violation of it does, here. */
  readonly level: Level;
  /** What was judged; undefined where the policy looked at many and found nothing. */
  readonly subject?: Subject & { readonly id: string };
  readonly violations: readonly Violation[];
  /** Paths of values that are not known in this preview. */
  readonly unknown: readonly string[];
  /** Why the policy does not apply, when it does not. */
  readonly notApplicable?: string;
  /** The setting without which it does not apply. */
  readonly lacks?: string;
  /** The exemption that names this policy and this object, when there is one and the policy is violated. */
  readonly exemption?: FoundExemption;
}

/** Whether a judgement counts: violated, and no exemption holds. */
export function isViolated({ violations, exemption }: Judgement): boolean {
  return violations.length > 0 && (exemption === undefined || exemption.expired);
}

/** Policies that judge one object at a time. */
export type SingleObjectPolicy = PodPolicy | ObjectPolicy;

/** Day and settings of a run. */
export interface Run {
  readonly settings: Settings;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

function asked(ask: () => Answer): Answer {
  let reason: Answer | undefined;
  const findings = cautiously(() => {
    const answer = ask();
    if (isNotApplicable(answer)) {
      reason = answer;
      return [];
    }
    return answer;
  });
  return reason ?? findings;
}

function judgement(policy: Policy, level: Level, subject: Judgement["subject"], answer: Answer, run: Run): Judgement {
  if (isNotApplicable(answer)) {
    return {
      policy,
      level,
      subject,
      violations: [],
      unknown: [],
      notApplicable: answer.notApplicable,
      lacks: answer.setting,
    };
  }
  const violations = answer.filter(isViolation);
  const unknown = answer.flatMap((finding) => (isViolation(finding) ? [] : [finding.unknown]));
  const exemption =
    violations.length > 0 && subject !== undefined
      ? exemptionOf(policy.name, subject, run.settings, run.today)
      : undefined;
  return { policy, level, subject, violations, unknown, exemption };
}

/** What a violation by a pod does. */
export function levelFor(policy: Policy, workload: Pod["workload"]): Level {
  return typeof policy.level === "string" ? policy.level : policy.level[workload];
}

/** What a policy says about one object; nothing when it judges other kinds. */
export function judgeObject(policy: SingleObjectPolicy, object: KubernetesObject, run: Run): Judgement[] {
  if (policy.kind === "pod") {
    return podsOf(object, run.settings).map((pod) => {
      const other = policy.workload !== undefined && policy.workload !== pod.workload;
      const answer = other
        ? { notApplicable: `for ${policy.workload} pods, and this is ${pod.workload}` }
        : asked(() => policy.check(pod, run.settings));
      return judgement(policy, levelFor(policy, pod.workload), object, answer, run);
    });
  }
  if (!isOfKind(object, policy.kinds)) {
    return [];
  }
  const level = levelFor(policy, "infrastructure");
  return [
    judgement(
      policy,
      level,
      object,
      asked(() => policy.check(object, run.settings)),
      run,
    ),
  ];
}

/** What a policy says about one resource; nothing when it judges other types. */
export function judgeResource(policy: ResourcePolicy, resource: Resource, run: Run): Judgement[] {
  if (!policy.types.includes(resource.type)) {
    return [];
  }
  const answer = asked(() => policy.check(resource, run.settings));
  return [judgement(policy, levelFor(policy, "infrastructure"), asSubject(resource), answer, run)];
}

function asSubject({ urn, type, name }: Resource): Subject & { readonly id: string } {
  return { id: urn, kind: type, namespace: "", name };
}

/** What a policy says about all objects together: one judgement for each object it names, or one that all is well. */
export function judgeObjects(policy: ObjectSetPolicy, objects: readonly KubernetesObject[], run: Run): Judgement[] {
  const applies = objects.some((object) => isOfKind(object, policy.kinds));
  const answer = applies
    ? asked(() => policy.check(objects, run.settings))
    : { notApplicable: `there is no ${policy.kinds.join(", ")}` };
  return bySubject(policy, answer, objects, run);
}

/** What a policy says about a whole stack: one judgement for each resource it names, or one that all is well. */
export function judgeStack(policy: StackPolicy, resources: readonly Resource[], run: Run): Judgement[] {
  return bySubject(
    policy,
    asked(() => policy.check(resources, run.settings)),
    resources.map(asSubject),
    run,
  );
}

function bySubject(
  policy: Policy,
  answer: Answer,
  subjects: readonly (Subject & { readonly id: string })[],
  run: Run,
): Judgement[] {
  const level = levelFor(policy, "infrastructure");
  if (isNotApplicable(answer) || answer.length === 0) {
    return [judgement(policy, level, undefined, answer, run)];
  }
  const byId = new Map(subjects.map((subject) => [subject.id, subject]));
  return [...grouped(answer)].map(([id, findings]) =>
    judgement(policy, level, id === undefined ? undefined : byId.get(id), findings, run),
  );
}

function grouped(findings: readonly Finding[]): Map<string | undefined, Finding[]> {
  const groups = new Map<string | undefined, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.subject);
    if (group === undefined) {
      groups.set(finding.subject, [finding]);
    } else {
      group.push(finding);
    }
  }
  return groups;
}

/** What the rules of a Role or ClusterRole allow, as the API server reads them. */
import type { Field } from "../model/field";
import type { KubernetesObject } from "../model/objects";
import { each, violation, type Answer } from "../model/policy";

/** Kinds that hold rules. */
export const ROLE_KINDS = ["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"] as const;

/** Kinds that give a role to somebody. */
export const BINDING_KINDS = [
  "rbac.authorization.k8s.io/RoleBinding",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
] as const;

/** Something a rule may allow. */
export interface Power {
  /** API group; "" for the core. */
  readonly group: string;
  /** e.g. `pods/exec`. */
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Of these texts, those that a rule's list means: itself, or by `*`. */
function meant(list: Field, wanted: readonly string[]): string[] {
  const listed = list.texts;
  return wanted.filter((one) => listed.includes("*") || listed.includes(one));
}

/**
 * As `meant`; a resource is also meant by all resources' subresource of its name, and by all subresources of its resource:
 * `pods/*` means nothing to the API server, but its author meant everything of pods.
 */
function meantResources(list: Field, wanted: readonly string[]): string[] {
  const listed = list.texts;
  return wanted.filter((one) => {
    const slash = one.indexOf("/");
    const wild = slash > 0 ? [`*${one.slice(slash)}`, `${one.slice(0, slash)}/*`] : [];
    return ["*", one, ...wild].some((text) => listed.includes(text));
  });
}

/** What of a power a rule allows, as words; undefined when nothing. */
export function allowed(rule: Field, power: Power): string | undefined {
  if (meant(rule.at("apiGroups"), [power.group]).length === 0) {
    return undefined;
  }
  const resources = meantResources(rule.at("resources"), power.resources);
  const verbs = meant(rule.at("verbs"), power.verbs);
  return resources.length === 0 || verbs.length === 0 ? undefined : `${verbs.join(", ")} on ${resources.join(", ")}`;
}

/** Whether a rule counts for some names only. */
export function isNamed(rule: Field): boolean {
  return rule.at("resourceNames").texts.length > 0;
}

/**
 * One violation for each rule that allows one of the powers.
 * @param unlessNamed rules for some names only are let pass
 */
export function forbidden(role: KubernetesObject, powers: readonly Power[], unlessNamed = false): Answer {
  return each(role.root.at("rules").items, (rule) => {
    const found = powers.map((power) => allowed(rule, power)).filter((words) => words !== undefined);
    return found.length === 0 || (unlessNamed && isNamed(rule))
      ? undefined
      : violation(rule, `this rule allows ${found.join("; ")}`);
  });
}

/** What the checks of the Pod Security Standards have in common. */
import type { Field } from "./field";
import { containersOf, nameOf, type Pod } from "./pods";
import { each, violation, type Finding } from "./policy";
import type { Settings } from "./settings";

/** Whether the standards in force are those of this minor version of Kubernetes 1 or newer. */
export function atLeast(settings: Pick<Settings, "podSecurityVersion">, minor: number): boolean {
  return Number(settings.podSecurityVersion.slice("1.".length)) >= minor;
}

/** Whether root in the pod is nobody on the node, which since 1.35 loosens what the standards demand of users. */
export function hasOwnUsers(pod: Pod, settings: Settings): boolean {
  return atLeast(settings, 35) && pod.spec.at("hostUsers").is(false);
}

/** Whether the pod is for Windows, where Linux's means of confinement do not exist. */
export function isWindows(pod: Pod): boolean {
  return pod.spec.at("os", "name").is("windows");
}

/** Security contexts of the pod and of its containers, with what a message calls their owner. */
export function securityContexts(pod: Pod): { readonly of: string; readonly context: Field }[] {
  const containers = containersOf(pod).map((container) => ({
    of: nameOf(container),
    context: container.at("securityContext"),
  }));
  return [{ of: "the pod", context: pod.spec.at("securityContext") }, ...containers];
}

/**
 * Findings of a rule of this shape: every container must have a good value, of its own or from the pod; a bad value is
 * wrong in either place, also where nobody takes it over.
 * @param keys path of the value in a security context
 * @param isGood judges a value that is there
 * @param wanted what is wanted, for messages: `runAsNonRoot: true`
 */
export function demandedOfAll(
  pod: Pod,
  keys: readonly string[],
  isGood: (value: Field) => boolean,
  wanted: string,
): Finding[] {
  const ofPod = pod.spec.at("securityContext", ...keys);
  const bad = (value: Field, of: string) => violation(value, `${of} has ${show(value)}, not ${wanted}`);
  const own = each([ofPod], (value) => (value.present && !isGood(value) ? bad(value, "the pod") : undefined));
  const inherited = own.length === 0 && ofPod.known && ofPod.present;
  const containers = each(containersOf(pod), (container) => {
    const value = container.at("securityContext", ...keys);
    if (value.present) {
      return isGood(value) ? undefined : bad(value, nameOf(container));
    }
    // What the pod says is not known: then nobody knows this either, and the pod's finding says so already.
    return inherited || !ofPod.known
      ? undefined
      : violation(value, `neither ${nameOf(container)} nor the pod has ${wanted}`);
  });
  return [...own, ...containers];
}

/** A value as messages show it; never throws. */
export function show(field: Field): string {
  return field.known ? (JSON.stringify(field.value) ?? "nothing") : "(not known yet)";
}

/** Flags of the control plane's components, from kubeadm's configuration or from the pod that runs one. */
import type { Field } from "../model/field";
import type { KubernetesObject } from "../model/objects";
import { containersOf, podsOf } from "../model/pods";
import type { Settings } from "../model/settings";
import { notApplicable, type Answer } from "../model/policy";

/** A component of the control plane. */
export type Component = "kube-apiserver" | "kube-controller-manager" | "kube-scheduler";

/** Kinds that may hold flags. */
export const FLAG_KINDS = ["kubeadm.k8s.io/ClusterConfiguration", "Pod"] as const;

/** Where kubeadm keeps a component's flags. */
const SECTIONS: Readonly<Record<Component, string>> = {
  "kube-apiserver": "apiServer",
  "kube-controller-manager": "controllerManager",
  "kube-scheduler": "scheduler",
};

/** A component's flags. */
export interface Flags {
  /** Whose defaults stand behind a flag that is not given: kubeadm's, or the program's own. */
  readonly defaults: "kubeadm" | "program";
  /** Where the flags stand. */
  readonly place: Field;
  /** A flag by its name without dashes; undefined when it is not given. @throws UnknownField */
  get(name: string): { readonly value: string; readonly at: Field } | undefined;
}

/** The flags an object gives to a component; undefined when it gives none. @throws UnknownField */
export function flagsOf(object: KubernetesObject, component: Component, settings: Settings): Flags | undefined {
  return object.kind === "ClusterConfiguration"
    ? kubeadmFlags(object.root.at(SECTIONS[component], "extraArgs"))
    : programFlags(object, component, settings);
}

/** Answers by an object's flags for a component; does not apply where there are none. */
export function byFlags(
  object: KubernetesObject,
  component: Component,
  settings: Settings,
  answer: (flags: Flags) => Answer,
): Answer {
  const flags = flagsOf(object, component, settings);
  return flags === undefined ? notApplicable(`this runs no ${component}`) : answer(flags);
}

/** A list of name and value since v1beta4, a mapping before. */
function kubeadmFlags(place: Field): Flags {
  return {
    defaults: "kubeadm",
    place,
    get: (name) => {
      const listed = place.items.find((item) => item.at("name").is(name));
      const at = listed?.at("value") ?? place.at(name);
      return at.present ? { value: String(at.value), at } : undefined;
    },
  };
}

function programFlags(object: KubernetesObject, component: Component, settings: Settings): Flags | undefined {
  for (const container of podsOf(object, settings).flatMap((pod) => containersOf(pod, ["containers"]))) {
    const words = [...container.at("command").items, ...container.at("args").items];
    const program = words[0]?.text?.split("/").at(-1);
    if (program === component) {
      return { defaults: "program", place: container, get: (name) => flagAmong(words, name) };
    }
  }
  return undefined;
}

function flagAmong(words: readonly Field[], name: string): { value: string; at: Field } | undefined {
  const form = new RegExp(`^--?${name}(?:=(.*))?$`, "s");
  for (const [index, word] of words.entries()) {
    const match = form.exec(word.text ?? "");
    if (match !== null) {
      const next = words[index + 1]?.text;
      // A flag without "=" has the next word as its value, or is a switch.
      const value = match[1] ?? (next === undefined || next.startsWith("-") ? "true" : next);
      return { value, at: word };
    }
  }
  return undefined;
}

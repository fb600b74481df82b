/** Containers by the program they run, and the flags they give it. */
import type { Field } from "../model/field";
import type { KubernetesObject } from "../model/objects";
import { containersOf, podsOf } from "../model/pods";
import { notApplicable, type Answer } from "../model/policy";
import type { Settings } from "../model/settings";

/** Last part of an image's path, without tag and digest: `prometheus` of `quay.io/prometheus/prometheus:v3.16.0`. */
export function programOf(container: Field): string {
  const image = container.at("image").text ?? "";
  return image.replace(/@.*$/, "").split("/").at(-1)?.replace(/:.*$/, "") ?? "";
}

/** Answers by the container that runs a program; does not apply to an object without one. */
export function byProgram(
  object: KubernetesObject,
  settings: Settings,
  program: string,
  answer: (container: Field) => Answer,
): Answer {
  const containers = podsOf(object, settings).flatMap((pod) => containersOf(pod, ["containers"]));
  const found = containers.find((container) => programOf(container) === program);
  return found === undefined ? notApplicable(`this runs no ${program}`) : answer(found);
}

/** A flag's value among a container's arguments; undefined when it is not given. */
export function flagOf(container: Field, name: string): { readonly value: string; readonly at: Field } | undefined {
  for (const item of [...container.at("command").items, ...container.at("args").items]) {
    const [, flag, value] = /^--?([\w.-]+)=(.*)$/s.exec(item.text ?? "") ?? [];
    if (flag === name && value !== undefined) {
      return { value, at: item };
    }
  }
  return undefined;
}

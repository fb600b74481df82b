/** Which containers of a pod stay. */
import type { Field } from "../model/field";
import { containersOf, type Pod } from "../model/pods";

/** Containers that run as long as the pod, sidecars among them; not those that end before it starts. */
export function longContainers(pod: Pod): Field[] {
  const sidecars = containersOf(pod, ["initContainers"]).filter((one) => one.at("restartPolicy").is("Always"));
  return [...containersOf(pod, ["containers"]), ...sidecars];
}

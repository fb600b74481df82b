/** Job templates of Harvester: files without a namespace and without requests, which Harvester fills in when it submits. */
import { podsOf, type Pod } from "../model/pods";
import type { KubernetesObject } from "../model/objects";
import type { Settings } from "../model/settings";
import { proxyVolumes } from "./proxySecrets";

/** Harvester's own name for the secret with the proxy; a Job that mounts it is one of its templates. */
const HARVESTER_SECRETS = ["proxy-secret"];

/** Whether a pod is that of a Harvester template. @throws UnknownField when its volumes are not known */
export function isHarvesterPod(pod: Pod): boolean {
  return pod.object.kind === "Job" && proxyVolumes(pod, HARVESTER_SECRETS).length > 0;
}

/** Whether an object is a Harvester template. @throws UnknownField when its volumes are not known */
export function isHarvesterTemplate(object: KubernetesObject, settings: Settings): boolean {
  return object.kind === "Job" && podsOf(object, settings).some(isHarvesterPod);
}

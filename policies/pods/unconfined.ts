/** Queues that the site lets run without a seccomp filter. */
import { UnknownField } from "../model/field";
import type { Pod } from "../model/pods";
import type { Settings } from "../model/settings";
import { isHarvesterPod } from "./harvesterTemplate";

/**
 * Whether the stack file lets a pod run with seccomp Unconfined, which pilots need that start their payload with apptainer.
 * A Harvester template is for some queue of the site, and does not say which; the site's admission rules judge its Jobs.
 * @throws UnknownField where the pod's namespace is not known and some queue may
 */
export function mayBeUnconfined(pod: Pod, { unconfinedNamespaces }: Settings): boolean {
  const { namespace, namespaceUnknown, root } = pod.object;
  if (namespace === "" && namespaceUnknown && unconfinedNamespaces.length > 0) {
    throw new UnknownField(root.at("metadata", "namespace").path);
  }
  return namespace === ""
    ? unconfinedNamespaces.length > 0 && isHarvesterPod(pod)
    : unconfinedNamespaces.includes(namespace);
}

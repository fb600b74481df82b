/** What the probe may do in the cluster: read and patch nodes by its role, and by admission only its own taint of its own node. */
import { CVMFS_NAMESPACE, UNREADY_TAINT } from "./names";

/** ServiceAccount, role, policy and DaemonSet of the probe. */
export const PROBE = "cvmfs-probe";

/** The user the probe comes as. */
export const PROBE_USER = `system:serviceaccount:${CVMFS_NAMESPACE}:${PROBE}`;

/** Fields of a node's spec; only its taints are the probe's business. */
const SPEC_FIELDS = ["podCIDR", "podCIDRs", "providerID", "unschedulable", "configSource", "externalID"];

/** Parts of a node's metadata that anybody may write. */
const METADATA_FIELDS = ["labels", "annotations", "finalizers", "ownerReferences"];

/** Name under which Kubernetes (1.32 and later) says on which node a pod's token was issued. */
const TOKEN_NODE = "authentication.kubernetes.io/node-name";

/** A condition in CEL and what the API answers when it does not hold. */
export interface Validation {
  readonly expression: string;
  readonly message: string;
}

/** Fields that must be as they were before. */
function unchanged(part: string, fields: readonly string[]): Validation[] {
  return fields.map((field) => ({
    expression: `object.${part}.?${field} == oldObject.${part}.?${field}`,
    message: `The CVMFS probe may change nothing of a node but the taint ${UNREADY_TAINT.key}, and this changes ${part}.${field}.`,
  }));
}

/** Rules of a cluster role cannot name a field, nor the node a pod runs on; these conditions can. */
export function probeValidations(): Validation[] {
  const { key, effect } = UNREADY_TAINT;
  const others = (of: string) => `${of}.spec.?taints.orValue([]).filter(taint, taint.key != "${key}")`;
  return [
    {
      expression: `"${TOKEN_NODE}" in request.userInfo.extra && request.userInfo.extra["${TOKEN_NODE}"] == [object.metadata.name]`,
      message: "The CVMFS probe may change only the node it runs on.",
    },
    ...unchanged("metadata", METADATA_FIELDS),
    ...unchanged("spec", SPEC_FIELDS),
    {
      expression: `${others("object")} == ${others("oldObject")}`,
      message: `The CVMFS probe may change no taint but ${key}.`,
    },
    {
      expression: `object.spec.?taints.orValue([]).filter(taint, taint.key == "${key}").all(taint, taint.effect == "${effect}")`,
      message: `The CVMFS probe may set ${key} with the effect ${effect} only.`,
    },
  ];
}

/** What the probe may do in the cluster: read and patch nodes by its role, and by admission only its own taint of its own node. */
import { onlyOwnNode, unchanged, type Validation } from "../kubernetes/ownNode";
import { CVMFS_NAMESPACE, UNREADY_TAINT } from "./names";

/** ServiceAccount, role, policy and DaemonSet of the probe. */
export const PROBE = "cvmfs-probe";

/** The user the probe comes as. */
export const PROBE_USER = `system:serviceaccount:${CVMFS_NAMESPACE}:${PROBE}`;

const WHO = "The CVMFS probe";

/** Fields of a node's spec; only its taints are the probe's business. */
const SPEC_FIELDS = ["podCIDR", "podCIDRs", "providerID", "unschedulable", "configSource", "externalID"];

/** Parts of a node's metadata that anybody may write. */
const METADATA_FIELDS = ["labels", "annotations", "finalizers", "ownerReferences"];

/** Rules of a cluster role cannot name a field, nor the node a pod runs on; these conditions can. */
export function probeValidations(): Validation[] {
  const { key, effect } = UNREADY_TAINT;
  const allowed = `the taint ${key}`;
  const others = (of: string) => `${of}.spec.?taints.orValue([]).filter(taint, taint.key != "${key}")`;
  return [
    onlyOwnNode(WHO),
    ...unchanged(WHO, allowed, "metadata", METADATA_FIELDS),
    ...unchanged(WHO, allowed, "spec", SPEC_FIELDS),
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

/** What flannel may do in the cluster: read nodes, and by admission write its own annotations and one condition of its own node. */
import { FLANNEL_ANNOTATIONS, onlyOwnNode, unchanged, type Validation } from "../kubernetes/ownNode";

/** Namespace, and in it the ServiceAccount `flannel`. */
export const FLANNEL_NAMESPACE = "kube-flannel";

/** The user flannel comes as. */
export const FLANNEL_USER = `system:serviceaccount:${FLANNEL_NAMESPACE}:flannel`;

const WHO = "flannel";
const ALLOWED = `annotations ${FLANNEL_ANNOTATIONS}* and the condition NetworkUnavailable`;

/** Parts of a node's status beside its conditions. */
const STATUS_FIELDS = [
  ...["addresses", "allocatable", "capacity", "config", "daemonEndpoints", "features", "images", "nodeInfo", "phase"],
  ...["runtimeHandlers", "volumesAttached", "volumesInUse"],
];

const annotationsOf = (object: string) => `${object}.metadata.?annotations.orValue({})`;
const key = (name: string) => `"${FLANNEL_ANNOTATIONS}${name}"`;

/** All annotations of one object but flannel's are in the other, with the same value. */
const othersIn = (one: string, other: string) =>
  `${annotationsOf(one)}.all(key, key.startsWith("${FLANNEL_ANNOTATIONS}") || ` +
  `(key in ${annotationsOf(other)} && ${annotationsOf(one)}[key] == ${annotationsOf(other)}[key]))`;

/** An annotation that stays once it is set: flannel itself takes it from there at each start. */
const kept = (name: string): Validation => ({
  expression:
    `!(${key(name)} in ${annotationsOf("oldObject")}) || (${key(name)} in ${annotationsOf("object")} && ` +
    `${annotationsOf("object")}[${key(name)}] == ${annotationsOf("oldObject")}[${key(name)}])`,
  message: `${WHO} may not change ${FLANNEL_ANNOTATIONS}${name} once it is set: with another node's value it would draw that node's traffic. Remove the annotation by hand where it has to change.`,
});

const othersConditions = (object: string) =>
  `${object}.status.?conditions.orValue([]).filter(condition, condition.type != "NetworkUnavailable")`;

/** Conditions on what flannel's account writes. */
export function flannelValidations(): Validation[] {
  return [
    onlyOwnNode(WHO),
    ...unchanged(WHO, ALLOWED, "metadata", ["labels", "finalizers", "ownerReferences"]),
    ...unchanged(WHO, ALLOWED, "status", STATUS_FIELDS),
    {
      expression: `${othersIn("object", "oldObject")} && ${othersIn("oldObject", "object")}`,
      message: `${WHO} may change no annotation but ${FLANNEL_ANNOTATIONS}*.`,
    },
    {
      expression: `${othersConditions("object")} == ${othersConditions("oldObject")}`,
      message: `${WHO} may change no condition but NetworkUnavailable.`,
    },
    {
      expression:
        `!(${key("public-ip")} in ${annotationsOf("object")}) || object.status.?addresses.orValue([]).exists(address, ` +
        `address.type == "InternalIP" && address.address == ${annotationsOf("object")}[${key("public-ip")}])`,
      message: `${WHO} may announce the node's own InternalIP only as ${FLANNEL_ANNOTATIONS}public-ip.`,
    },
    kept("backend-data"),
    kept("backend-type"),
  ];
}

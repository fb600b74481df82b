/**
 * What a node may say of itself, in CEL. A kubelet registers its own Node object and keeps it up to date; an attacker with
 * root on a machine does so in its name. Names and addresses of all machines are planned, so pool, role, labels, taints and
 * address follow from the name.
 */
import type { MachinePlan } from "../cloud/plan";
import { FLANNEL_ANNOTATIONS, type Validation } from "../kubernetes/ownNode";
import type { NodeMarks } from "./kubeadm/clusterPlan";

/** A machine and what its node registers with. */
export interface PlannedNode extends NodeMarks {
  readonly machine: Pick<MachinePlan, "name" | "pool" | "role" | "address">;
}

/** A named expression that the validations use. */
export interface Variable {
  readonly name: string;
  readonly expression: string;
}

/** Label that Cinder's driver has the kubelet put on its node: the zone its volumes are in. */
const CINDER_ZONE = "topology.cinder.csi.openstack.org/zone";

const HOW = "machines get labels and taints from the stack file, at their birth";

/** A map of strings as a CEL literal. */
function literal(entries: readonly (readonly [string, string])[]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(", ")}}`;
}

const text = (value: string) => JSON.stringify(value);

/**
 * Tables of the plan, and the node's and its predecessor's parts.
 * Labels and taints are the same for all machines of a pool, so they stand there once, under the name without its index.
 */
export function nodeVariables(nodes: readonly PlannedNode[]): Variable[] {
  const pools = [...new Map(nodes.map((node) => [prefixOf(node.machine.name), node])).entries()];
  const part = (name: string, path: string) => [
    { name, expression: `object.${path}.orValue({})` },
    { name: `old_${name}`, expression: `request.operation == "CREATE" ? {} : oldObject.${path}.orValue({})` },
  ];
  return [
    {
      name: "addresses",
      expression: literal(nodes.map(({ machine }) => [machine.name, text(machine.address)])),
    },
    { name: "known", expression: "object.metadata.name in variables.addresses" },
    {
      name: "pool",
      expression: 'object.metadata.name.substring(0, object.metadata.name.lastIndexOf("-"))',
    },
    {
      name: "pools_labels",
      expression: literal(
        pools.map(([name, { labels }]) => [
          name,
          literal(Object.entries(labels).map(([key, value]) => [key, text(value)])),
        ]),
      ),
    },
    {
      name: "planned",
      expression: "variables.known ? variables.pools_labels[variables.pool] : {}",
    },
    {
      // kubeadm taints the control plane itself, after the node has registered.
      name: "pools_taints",
      expression: literal(
        pools.map(([name, { machine, taints }]) => {
          const own = machine.role === "control-plane" ? [] : taints.map(({ key, effect }) => `${key}:${effect}`);
          return [name, text(own.join(","))];
        }),
      ),
    },
    ...part("labels", "metadata.?labels"),
    ...part("annotations", "metadata.?annotations"),
  ];
}

/** A machine's name without its index. */
function prefixOf(name: string): string {
  return name.slice(0, name.lastIndexOf("-"));
}

const same = (map: string, other: string) =>
  `(key in variables.${other} && variables.${map}[key] == variables.${other}[key])`;

/** Keys that NodeRestriction, a part of the API server, decides on. */
const KUBERNETES_KEY = 'key.matches("^([a-z0-9.-]+[.])?(kubernetes|k8s)[.]io/")';

/** Conditions on what a node writes. */
export function nodeValidations(): Validation[] {
  return [
    {
      expression: "variables.known",
      message: "No machine of this name is planned, so no node of this name may register.",
    },
    {
      expression:
        'request.operation != "CREATE" || variables.planned.all(key, ' +
        "key in variables.labels && variables.labels[key] == variables.planned[key])",
      message: `A node registers with the labels of its pool: ${HOW}. Replace a machine that is older than the stack file.`,
    },
    {
      expression:
        `variables.labels.all(key, ${KUBERNETES_KEY} || key == "${CINDER_ZONE}" || ` +
        `${same("labels", "planned")} || ${same("labels", "old_labels")})`,
      message: `A node may give itself no label but those of its pool: ${HOW}.`,
    },
    {
      expression: `variables.old_labels.all(key, key in variables.labels || ${KUBERNETES_KEY})`,
      message: "A node may not remove a label.",
    },
    {
      expression:
        'request.operation != "CREATE" || !variables.known || variables.pools_taints[variables.pool].split(",").all(wanted, ' +
        'wanted == "" || object.spec.?taints.orValue([]).exists(taint, taint.key + ":" + taint.effect == wanted))',
      message: `A node registers with the taints of its pool: ${HOW}. Replace a machine that is older than the stack file.`,
    },
    {
      expression: 'request.operation != "CREATE" || object.spec.?podCIDR.orValue("") == ""',
      message: "A node may not choose its pods' addresses.",
    },
    {
      expression:
        "!variables.known || object.status.?addresses.orValue([]).all(address, " +
        'address.type in ["Hostname", "InternalDNS", "ExternalDNS"] || ' +
        "address.address == variables.addresses[object.metadata.name])",
      message: "A node may announce the planned address of its machine only.",
    },
    {
      expression:
        `variables.annotations.all(key, !key.startsWith("${FLANNEL_ANNOTATIONS}") || ${same("annotations", "old_annotations")}) && ` +
        `variables.old_annotations.all(key, !key.startsWith("${FLANNEL_ANNOTATIONS}") || key in variables.annotations)`,
      message: `A node may not change ${FLANNEL_ANNOTATIONS}*, by which its pods' addresses are found: flannel does.`,
    },
  ];
}

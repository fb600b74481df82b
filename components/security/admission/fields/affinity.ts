/** The table of a pod's affinity. Sizes are bounded, since requirements are stored with every Job and its pod. */
import { allow, items, oneOf, range, refuse, refuseAll, type Fields } from "./decision";

const expressions = {
  bound: items(8),
  each: {
    key: allow("A label."),
    operator: allow("How it is compared."),
    values: allow("With what.", { bound: items(16) }),
  },
};

const nodeSelectorTerm: Fields = {
  matchExpressions: allow("Nodes by label.", expressions),
  matchFields: refuse("It chooses a node by its name, past what labels allow."),
};

const preference = (of: Fields, name: string): Fields => ({
  weight: allow("How much it counts.", { bound: range(1, 100, "") }),
  [name]: allow("What is preferred.", { of }),
});

const podAffinityTerm: Fields = {
  labelSelector: allow("Harvester's label `resourceType`.", {
    of: {
      matchExpressions: allow("Pods by label.", expressions),
      matchLabels: allow("Pods by label.", { bound: items(8) }),
    },
  }),
  topologyKey: allow("Harvester shares nodes only.", { bound: oneOf("kubernetes.io/hostname") }),
  ...refuseAll(
    "Only pods of the queue's own namespace count: a job must not find out where other pods run.",
    "namespaces",
    "namespaceSelector",
  ),
  ...refuseAll("Harvester writes none.", "matchLabelKeys", "mismatchLabelKeys"),
};

const preferredPods: Fields = {
  preferredDuringSchedulingIgnoredDuringExecution: allow("Harvester's own, where a template has no affinity.", {
    bound: items(4),
    each: preference(podAffinityTerm, "podAffinityTerm"),
  }),
  requiredDuringSchedulingIgnoredDuringExecution: refuse(
    "It can make the pod impossible, and costs the scheduler a comparison with every pod.",
  ),
};

/** Every field of an Affinity. */
export const affinityFields: Fields = {
  nodeAffinity: allow("Nodes by label.", {
    of: {
      requiredDuringSchedulingIgnoredDuringExecution: allow("Nodes the pod must run on.", {
        of: { nodeSelectorTerms: allow("Alternatives.", { bound: items(4), each: nodeSelectorTerm }) },
      }),
      preferredDuringSchedulingIgnoredDuringExecution: allow("Nodes the pod should run on.", {
        bound: items(4),
        each: preference(nodeSelectorTerm, "preference"),
      }),
    },
  }),
  podAffinity: allow("Nodes that run other jobs.", { of: preferredPods }),
  podAntiAffinity: allow("Nodes that run no other jobs.", { of: preferredPods }),
};

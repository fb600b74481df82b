import { kyverno, own } from "../model/frameworks";
import { isOfKind, type KubernetesObject } from "../model/objects";
import { violation, type ObjectSetPolicy } from "../model/policy";
import { eachBatchNamespace } from "./batchNamespaces";

/**
 * What a queue's quota has to count, each by any of these names. Not pods: a quota that refuses a pod makes Harvester
 * cancel its Job, where one that refuses the Job is an error at submission and PanDA tries again.
 */
const COUNTED: readonly (readonly [string, ...string[]])[] = [
  ["count/jobs.batch"],
  ["count/configmaps", "configmaps"],
  ["count/secrets", "secrets"],
];

/** A submitter gone wrong fills its share, not the cluster. */
export const quotaAndLimits: ObjectSetPolicy = {
  kind: "objects",
  name: "quota-and-limits",
  title: "Every queue's namespace has a LimitRange and a quota of Jobs, ConfigMaps and Secrets",
  why: "A faulty submitter makes jobs by the thousand: without a quota they fill etcd and starve the other queues, and some 2,300 ConfigMaps of 900 kB alone fill etcd; without a LimitRange a pod without requests is invisible to scheduler and accounting.",
  level: "advisory",
  severity: "medium",
  frameworks: [kyverno("add-ns-quota"), own("what Harvester can create is counted")],
  remediation:
    "Declare a ResourceQuota (count/jobs.batch, count/configmaps, count/secrets) and a LimitRange in the namespace.",
  kinds: ["Namespace"],
  check: (objects, settings) =>
    eachBatchNamespace(objects, settings, (namespace, inside) => {
      const quotas = inside.filter((object) => isOfKind(object, ["ResourceQuota"]));
      const hasLimits = inside.some((object) => isOfKind(object, ["LimitRange"]));
      return [
        ...(quotas.length === 0
          ? [violation(namespace.root, "there is no ResourceQuota")]
          : uncounted(quotas).map((name) => violation(namespace.root, `no ResourceQuota counts ${name}`))),
        ...(hasLimits ? [] : [violation(namespace.root, "there is no LimitRange")]),
      ];
    }),
};

/** What no quota of a namespace counts. @throws UnknownField */
function uncounted(quotas: readonly KubernetesObject[]): string[] {
  const counted = new Set(quotas.flatMap(({ root }) => root.at("spec", "hard").keys));
  return COUNTED.filter((names) => !names.some((name) => counted.has(name))).map(([name]) => name);
}

import { isOfKind } from "../model/objects";
import { violation, type ObjectSetPolicy } from "../model/policy";
import { eachBatchNamespace } from "./batchNamespaces";

/** A queue that goes mad fills its share, not the cluster. */
export const quotaAndLimits: ObjectSetPolicy = {
  kind: "objects",
  name: "quota-and-limits",
  title: "Every queue's namespace has a ResourceQuota and a LimitRange",
  why: "A faulty submitter makes jobs by the thousand: without a quota they fill etcd and starve the other queues; without a LimitRange a pod without requests is invisible to scheduler and accounting.",
  level: "advisory",
  severity: "medium",
  frameworks: [{ framework: "Kyverno", version: "b9c4317", control: "add-ns-quota" }],
  remediation: "Declare a ResourceQuota (pods, count/jobs.batch, requests) and a LimitRange in the namespace.",
  kinds: ["Namespace"],
  check: (objects, settings) =>
    eachBatchNamespace(objects, settings, (namespace, inside) =>
      ["ResourceQuota", "LimitRange"]
        .filter((kind) => !inside.some((object) => isOfKind(object, [kind])))
        .map((kind) => violation(namespace.root, `there is no ${kind}`)),
    ),
};

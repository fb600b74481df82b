import { kyverno, own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";

const CONTROL_PLANE: ReadonlySet<unknown> = new Set([
  "node-role.kubernetes.io/control-plane",
  "node-role.kubernetes.io/master",
]);

/** A batch pod may not tolerate the control plane's taints. */
export const noControlPlaneToleration: PodPolicy = {
  kind: "pod",
  name: "no-control-plane-toleration",
  title: "No payload on the control plane",
  why: "A job beside etcd slows the whole cluster; and one bug away are the keys of all of it.",
  level: "mandatory",
  severity: "high",
  workload: "batch",
  frameworks: [kyverno("restrict-controlplane-scheduling"), own("no payload beside etcd")],
  remediation: "Remove the toleration; name the taints that are meant instead of tolerating all.",
  check: (pod) =>
    each(pod.spec.at("tolerations").items, (toleration) => {
      const key = toleration.at("key");
      const all = !key.present || key.is("");
      const said = all ? toleration.at("operator").is("Exists") : CONTROL_PLANE.has(key.value);
      const evictsOnly = toleration.at("effect").is("NoExecute");
      return said && !(all && evictsOnly)
        ? violation(toleration, all ? "the pod tolerates every taint" : `the pod tolerates ${show(key)}`)
        : undefined;
    }),
};

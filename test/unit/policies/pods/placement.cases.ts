import { noControlPlaneToleration } from "../../../../policies/pods/noControlPlaneToleration";
import { noHostAliases } from "../../../../policies/pods/noHostAliases";
import { noNodeName } from "../../../../policies/pods/noNodeName";
import { priorityClassSet } from "../../../../policies/pods/priorityClassSet";
import { schedulerNameKnown } from "../../../../policies/pods/schedulerNameKnown";
import { job, NO_POD, pod, type PolicyCases } from "../policyCases";

const toleration = (one: string) => job(`tolerations: [${one}]`);

/** Cases of the policies on where a pod runs. */
export const cases: readonly PolicyCases[] = [
  {
    policy: priorityClassSet,
    pass: { "a class": job("priorityClassName: jobs") },
    fail: { none: { given: job("containers: []"), tells: "spec.template.spec.priorityClassName" } },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which class": job("priorityClassName: !unknown") },
  },
  {
    policy: schedulerNameKnown,
    pass: {
      "nothing said": pod("containers: []"),
      "one of the site": { given: pod("schedulerName: packing"), settings: { schedulers: ["packing"] } },
    },
    fail: {
      "nobody's": { given: pod("schedulerName: packing"), tells: 'no scheduler "packing"; there are [default-' },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { which: pod("schedulerName: !unknown") },
  },
  {
    policy: noNodeName,
    pass: { "nothing said": job("containers: []") },
    fail: { "a name": { given: job("nodeName: batch-1"), tells: 'node "batch-1"' } },
    notApplicable: { "no pod": NO_POD, "no batch pod": pod("nodeName: a") },
    unknown: { which: job("nodeName: !unknown") },
  },
  {
    policy: noControlPlaneToleration,
    pass: {
      "another taint": toleration("{ key: atlas-site/cvmfs, operator: Exists }"),
      "what every pod has": toleration("{ key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute }"),
    },
    fail: {
      "the control plane's": {
        given: toleration("{ key: node-role.kubernetes.io/control-plane, effect: NoSchedule }"),
        tells: "spec.template.spec.tolerations[0]",
      },
      "every taint": { given: toleration("{ operator: Exists }"), tells: "every taint" },
    },
    notApplicable: { "no pod": NO_POD, "no batch pod": pod("tolerations: [{ operator: Exists }]") },
    unknown: { which: toleration("{ key: !unknown }") },
  },
  {
    policy: noHostAliases,
    pass: { none: pod("containers: []") },
    fail: { one: { given: pod("hostAliases: [{ ip: 10.0.0.1, hostnames: [panda] }]"), tells: "of its own for panda" } },
    notApplicable: { "no pod": NO_POD },
    unknown: { which: pod("hostAliases: !unknown") },
  },
];

import { noControlPlaneToleration } from "../../../../policies/pods/noControlPlaneToleration";
import { noHostAliases } from "../../../../policies/pods/noHostAliases";
import { noNodeName } from "../../../../policies/pods/noNodeName";
import { podCanStart } from "../../../../policies/pods/podCanStart";
import { priorityClassSet } from "../../../../policies/pods/priorityClassSet";
import { schedulerNameKnown } from "../../../../policies/pods/schedulerNameKnown";
import { job, NO_POD, pod, type PolicyCases } from "../policyCases";

const toleration = (one: string) => job(`tolerations: [${one}]`);

const FLAVORS = { flavors: { small: { vcpus: 4, ramMb: 8192 }, big: { vcpus: 8, ramMb: 16384 } } };
const cores = (cpu: string) => job(`containers: [{ name: a, resources: { requests: { cpu: ${cpu} } } }]`);

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
    policy: podCanStart,
    pass: {
      "nothing said": job("containers: [{ name: a }]"),
      "a RuntimeClass of the site": {
        given: job("runtimeClassName: gvisor"),
        settings: { runtimeClasses: ["gvisor"] },
      },
      "no RuntimeClass": job('runtimeClassName: ""\nschedulingGates: []'),
      "as many cores as the largest machine": { given: cores("8"), settings: FLAVORS },
      "thousandths of that": { given: cores("8000m"), settings: FLAVORS },
      "a site whose machines are not known": cores("4096"),
      "gates of a queue": { given: job("schedulingGates: [{ name: a/b }]"), settings: { queueing: true } },
      "a pod that exists, whose number the API server wrote": {
        given: pod("priority: 1000\npriorityClassName: jobs"),
        settings: { batchNamespaces: ["somewhere"] },
      },
    },
    fail: {
      "a priority by number": { given: job("priority: 1000"), tells: "spec.template.spec.priority: priority 1000" },
      "nobody's RuntimeClass": { given: job("runtimeClassName: kata"), tells: 'no RuntimeClass "kata"; there are []' },
      "a gate": { given: job("schedulingGates: [{ name: a/b }]"), tells: "the scheduler waits" },
      "more cores than a machine has": {
        given: cores("9"),
        tells: 'container "a" requests 9 cores, and the largest machine has 8',
        settings: FLAVORS,
      },
    },
    notApplicable: { "no pod": NO_POD, "no batch pod": pod("priority: 5") },
    unknown: { "which class": job("runtimeClassName: !unknown") },
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

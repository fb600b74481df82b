import { noHostNamespaces } from "../../../../policies/pods/noHostNamespaces";
import { noPrivileged } from "../../../../policies/pods/noPrivileged";
import { pod, type PolicyCases } from "../policyCases";

const CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata: { note: 'kind of a text' }\n";

/** Cases of the policies on what a pod may have of its node. */
export const cases: readonly PolicyCases[] = [
  {
    policy: noPrivileged,
    pass: {
      "nothing said": pod("containers: [{ name: a }]"),
      "said to be false": pod("containers: [{ name: a, securityContext: { privileged: false } }]"),
    },
    fail: {
      "a container": {
        given: pod("containers: [{ name: a }, { name: b, securityContext: { privileged: true } }]"),
        tells: 'spec.containers[1].securityContext.privileged: container "b" is privileged',
      },
      "one beside an unknown one": {
        given: pod("containers: [{ securityContext: !unknown }, { securityContext: { privileged: true } }]"),
        tells: "spec.containers[1]",
      },
    },
    notApplicable: { "no pod": CONFIG_MAP },
    unknown: { "its security context": pod("containers: [{ name: a, securityContext: !unknown }]") },
  },
  {
    policy: noHostNamespaces,
    pass: { "said to be false": pod("{ hostNetwork: false, hostPID: false, containers: [] }") },
    fail: { "the node's network": { given: pod("hostNetwork: true"), tells: "spec.hostNetwork: hostNetwork is true" } },
    notApplicable: { "no pod": CONFIG_MAP },
    unknown: { "its network": pod("hostNetwork: !unknown") },
  },
];

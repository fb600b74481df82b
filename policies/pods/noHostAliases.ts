import { kubesec } from "../model/frameworks";
import { each, violation, type PodPolicy } from "../model/policy";

/** A pod should not bring names of its own. */
export const noHostAliases: PodPolicy = {
  kind: "pod",
  name: "no-host-aliases",
  title: "No names of one's own",
  why: "A host alias sends a name elsewhere, past DNS and its logs.",
  level: "advisory",
  severity: "low",
  frameworks: [kubesec("HostAliases")],
  remediation: "Remove hostAliases; make a DNS record.",
  check: (pod) =>
    each(pod.spec.at("hostAliases").items, (alias) =>
      violation(alias, `the pod has an address of its own for ${alias.at("hostnames").texts.join(", ")}`),
    ),
};

import {
  cautiously,
  each,
  notApplicable,
  violation,
  type Finding,
  type Resource,
  type StackPolicy,
} from "../model/policy";
import { isGiven, ofType, poolOf, TYPES } from "./openstack";

const SPREADING = ["anti-affinity", "soft-anti-affinity"];

/** One broken hypervisor does not take the control plane. */
export const controlPlaneSpread: StackPolicy = {
  kind: "stack",
  name: "control-plane-spread",
  title:
    "The control plane has an odd number of machines, each in a server group that spreads them (setting controlPlanePools)",
  why: "etcd needs a majority: two machines are worse than one, and three on one hypervisor are one.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "atlas-site", version: "1", control: "odd control plane, server group by role" }],
  remediation:
    "Have 1, 3 or 5 machines in the control-plane pools, with schedulerHints.group of a (soft-)anti-affinity server group.",
  check: (resources, settings) => {
    const machines = ofType(resources, TYPES.machine).filter((machine) =>
      settings.controlPlanePools.includes(poolOf(machine) ?? ""),
    );
    if (machines.length === 0) {
      return notApplicable("no machine is known to be of the control plane");
    }
    return [
      ...even(machines),
      ...(machines.length === 1 ? [] : each(machines, (machine) => about(machine, () => alone(machine)))),
      ...each(ofType(resources, TYPES.serverGroup), (group) => about(group, () => gathering(group))),
    ];
  },
};

function about(resource: Resource, find: () => Finding[]): Finding[] {
  return cautiously(find).map((finding) => ({ ...finding, subject: resource.urn }));
}

function even(machines: readonly Resource[]): Finding[] {
  return machines.length % 2 === 1
    ? []
    : [
        {
          path: "",
          message: `the control plane has ${machines.length} machines, an even number`,
          subject: machines[0]?.urn,
        },
      ];
}

function alone({ props }: Resource): Finding[] {
  const hints = props.at("schedulerHints");
  return hints.items.some((hint) => isGiven(hint.at("group"))) ? [] : [violation(hints, "it is in no server group")];
}

function gathering({ props }: Resource): Finding[] {
  const policies = props.at("policies");
  if (policies.items.length === 0) {
    // OpenStack makes no group without one; in a preview the provider leaves the list out of what it expects to get.
    return [{ unknown: policies.path }];
  }
  return policies.texts.some((policy) => SPREADING.includes(policy))
    ? []
    : [violation(policies, `the group's policy is ${policies.texts.join(", ") || "none"}`)];
}

/** Every policy of the pack. */
import { cloudPolicies } from "./cloud";
import { clusterPolicies } from "./cluster";
import { localPolicies } from "./config/localPolicies";
import type { Policy } from "./model/policy";
import { monitoringPolicies } from "./monitoring";
import { namespacePolicies } from "./namespaces";
import { jobPolicies } from "./jobs";
import { podPolicies } from "./pods";
import { rbacPolicies } from "./rbac";
import { stackPolicies } from "./stack";

/** All policies, by group, in the order of the reference page. */
export const groups: Readonly<Record<string, readonly Policy[]>> = {
  pods: podPolicies,
  jobs: jobPolicies,
  rbac: rbacPolicies,
  namespaces: namespacePolicies,
  cluster: clusterPolicies,
  monitoring: monitoringPolicies,
  cloud: cloudPolicies,
  stack: stackPolicies,
};

/** The pack's own policies and those that a fork adds in `local/`. */
export const allPolicies: readonly Policy[] = [...Object.values(groups).flat(), ...localPolicies()];

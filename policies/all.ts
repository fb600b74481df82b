/** Every policy of the pack. */
import { clusterPolicies } from "./cluster";
import type { Policy } from "./model/policy";
import { namespacePolicies } from "./namespaces";
import { podPolicies } from "./pods";
import { rbacPolicies } from "./rbac";

/** All policies, by group, in the order of the reference page. */
export const groups: Readonly<Record<string, readonly Policy[]>> = {
  pods: podPolicies,
  rbac: rbacPolicies,
  namespaces: namespacePolicies,
  cluster: clusterPolicies,
};

/** All policies. */
export const allPolicies: readonly Policy[] = Object.values(groups).flat();

/** Every policy of the pack. */
import type { Policy } from "./model/policy";
import { podPolicies } from "./pods";
import { rbacPolicies } from "./rbac";

/** All policies, by group, in the order of the reference page. */
export const groups: Readonly<Record<string, readonly Policy[]>> = {
  pods: podPolicies,
  rbac: rbacPolicies,
};

/** All policies. */
export const allPolicies: readonly Policy[] = Object.values(groups).flat();

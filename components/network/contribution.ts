/** What the pod network adds to the rest of the site. */
import type { Contribution } from "../cluster/contribution";
import { FLANNEL_REQUESTS, KUBE_PROXY_REQUESTS, POLICY_ENGINE_REQUESTS } from "./requests";

/** Daemons of every node. */
export const networkContribution: Contribution = {
  feature: "network",
  daemons: ({ network: { plugin, policyEngine } }) => [
    KUBE_PROXY_REQUESTS,
    ...(plugin === "flannel" ? [FLANNEL_REQUESTS] : []),
    ...(policyEngine === "none" ? [] : [POLICY_ENGINE_REQUESTS]),
  ],
};

/** Policies on OpenStack resources, in the order of the reference page. */
import type { Policy } from "../model/policy";
import { controlPlaneSpread } from "./controlPlaneSpread";
import { groupInsteadOfCidr } from "./groupInsteadOfCidr";
import { imagePinned } from "./imagePinned";
import { listenerLimited } from "./listenerLimited";
import { noOpenPorts } from "./noOpenPorts";
import { noWorkerAddress } from "./noWorkerAddress";
import { resourceTags } from "./resourceTags";
import { userDataSecret } from "./userDataSecret";

/** Every policy on OpenStack resources. */
export const cloudPolicies: readonly Policy[] = [
  noOpenPorts,
  listenerLimited,
  groupInsteadOfCidr,
  imagePinned,
  controlPlaneSpread,
  noWorkerAddress,
  userDataSecret,
  resourceTags,
];

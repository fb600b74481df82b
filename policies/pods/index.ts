/** Policies on pods, in the order of the reference page. */
import type { Policy } from "../model/policy";
import { apparmorNotUnconfined } from "./apparmorNotUnconfined";
import { cvmfsFollowsMounts } from "./cvmfsFollowsMounts";
import { dropAllCapabilities } from "./dropAllCapabilities";
import { hostPathAllowList } from "./hostPathAllowList";
import { hostPathReadOnly } from "./hostPathReadOnly";
import { imageDigestPinned } from "./imageDigestPinned";
import { limitsSet } from "./limitsSet";
import { noControlPlaneToleration } from "./noControlPlaneToleration";
import { noCredentialsInConfigMap } from "./noCredentialsInConfigMap";
import { noCredentialsInEnv } from "./noCredentialsInEnv";
import { noDangerousCapabilities } from "./noDangerousCapabilities";
import { noDefaultServiceAccount } from "./noDefaultServiceAccount";
import { noHostAliases } from "./noHostAliases";
import { noHostNamespaces } from "./noHostNamespaces";
import { noHostPorts } from "./noHostPorts";
import { noLatestTag } from "./noLatestTag";
import { noNodeName } from "./noNodeName";
import { noPrivilegeEscalation } from "./noPrivilegeEscalation";
import { noPrivileged } from "./noPrivileged";
import { noProbeHost } from "./noProbeHost";
import { noRootGroup } from "./noRootGroup";
import { noRootUser } from "./noRootUser";
import { noRuntimeSocket } from "./noRuntimeSocket";
import { noSecretsInEnv } from "./noSecretsInEnv";
import { noServiceAccountToken } from "./noServiceAccountToken";
import { noUnmaskedProc } from "./noUnmaskedProc";
import { noWindowsHostProcess } from "./noWindowsHostProcess";
import { podCanStart } from "./podCanStart";
import { priorityClassSet } from "./priorityClassSet";
import { procMountDefault } from "./procMountDefault";
import { proxySecretGuarded } from "./proxySecretGuarded";
import { readOnlyRoot } from "./readOnlyRoot";
import { registryAllowList } from "./registryAllowList";
import { requestsSet } from "./requestsSet";
import { runAsNonRoot } from "./runAsNonRoot";
import { safeSysctls } from "./safeSysctls";
import { schedulerNameKnown } from "./schedulerNameKnown";
import { seccompNotUnconfined } from "./seccompNotUnconfined";
import { seccompRuntimeDefault } from "./seccompRuntimeDefault";
import { selinuxTypes } from "./selinuxTypes";
import { serviceProbes } from "./serviceProbes";
import { volumeTypes } from "./volumeTypes";
import { wholeCoreRequests } from "./wholeCoreRequests";

/** Every policy of the group. */
export const podPolicies: readonly Policy[] = [
  noPrivileged,
  noHostNamespaces,
  noHostPorts,
  noPrivilegeEscalation,
  dropAllCapabilities,
  noDangerousCapabilities,
  hostPathAllowList,
  hostPathReadOnly,
  cvmfsFollowsMounts,
  noRuntimeSocket,
  volumeTypes,
  seccompNotUnconfined,
  seccompRuntimeDefault,
  apparmorNotUnconfined,
  selinuxTypes,
  noUnmaskedProc,
  procMountDefault,
  safeSysctls,
  runAsNonRoot,
  noRootGroup,
  noRootUser,
  readOnlyRoot,
  noProbeHost,
  noWindowsHostProcess,
  requestsSet,
  limitsSet,
  wholeCoreRequests,
  registryAllowList,
  imageDigestPinned,
  noLatestTag,
  noSecretsInEnv,
  noCredentialsInEnv,
  noCredentialsInConfigMap,
  proxySecretGuarded,
  noServiceAccountToken,
  noDefaultServiceAccount,
  priorityClassSet,
  podCanStart,
  schedulerNameKnown,
  noNodeName,
  noControlPlaneToleration,
  serviceProbes,
  noHostAliases,
];

/** Policies on the cluster's own configuration, in the order of the reference page. */
import type { Policy } from "../model/policy";
import { anonymousRequests } from "./anonymousRequests";
import { apiServerAdmission } from "./apiServerAdmission";
import { apiServerAuthentication } from "./apiServerAuthentication";
import { apiServerAuthorization } from "./apiServerAuthorization";
import { auditLogKept } from "./auditLogKept";
import { auditPolicyLevels } from "./auditPolicyLevels";
import { clientRates } from "./clientRates";
import { disruptionBudgets } from "./disruptionBudgets";
import { encryptionAtRest } from "./encryptionAtRest";
import { encryptionProvider } from "./encryptionProvider";
import { kubeletAuthentication } from "./kubeletAuthentication";
import { kubeletKernelDefaults } from "./kubeletKernelDefaults";
import { kubeletPidsLimit } from "./kubeletPidsLimit";
import { kubeletReadOnlyPort } from "./kubeletReadOnlyPort";
import { kubeletReservations } from "./kubeletReservations";
import { kubeletRotatesCertificates } from "./kubeletRotatesCertificates";
import { kubeletSeccompDefault } from "./kubeletSeccompDefault";
import { kubeletServingCertificate } from "./kubeletServingCertificate";
import { kubernetesSupported } from "./kubernetesSupported";
import { profilingOff } from "./profilingOff";
import { removedApis } from "./removedApis";
import { schedulerPacksNodes } from "./schedulerPacksNodes";
import { schedulerProfilingOff } from "./schedulerProfilingOff";

/** Every policy on the cluster's own configuration. */
export const clusterPolicies: readonly Policy[] = [
  schedulerPacksNodes,
  clientRates,
  auditLogKept,
  auditPolicyLevels,
  encryptionAtRest,
  encryptionProvider,
  apiServerAuthentication,
  apiServerAuthorization,
  apiServerAdmission,
  anonymousRequests,
  kubeletAuthentication,
  kubeletReadOnlyPort,
  kubeletRotatesCertificates,
  kubeletServingCertificate,
  kubeletSeccompDefault,
  kubeletPidsLimit,
  kubeletKernelDefaults,
  kubeletReservations,
  profilingOff,
  schedulerProfilingOff,
  kubernetesSupported,
  removedApis,
  disruptionBudgets,
];

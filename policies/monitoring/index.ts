/** Policies on monitoring and accounting, in the order of the reference page. */
import type { Policy } from "../model/policy";
import { accountingPresent } from "./accountingPresent";
import { alertsRouted } from "./alertsRouted";
import { logArchiveKept } from "./logArchiveKept";
import { logsEncrypted } from "./logsEncrypted";
import { logsShipped } from "./logsShipped";
import { prometheusRetention } from "./prometheusRetention";
import { stateMetricsLabels } from "./stateMetricsLabels";
import { stateMetricsNoSecrets } from "./stateMetricsNoSecrets";

/** Every policy on monitoring and accounting. */
export const monitoringPolicies: readonly Policy[] = [
  prometheusRetention,
  stateMetricsLabels,
  stateMetricsNoSecrets,
  accountingPresent,
  alertsRouted,
  logsShipped,
  logArchiveKept,
  logsEncrypted,
];

/** Policies on namespaces and network, in the order of the reference page. */
import type { Policy } from "../model/policy";
import { admissionPoliciesBound } from "./admissionPoliciesBound";
import { batchNamespaceLevel } from "./batchNamespaceLevel";
import { defaultDenyEgress } from "./defaultDenyEgress";
import { defaultDenyIngress } from "./defaultDenyIngress";
import { ingressTls } from "./ingressTls";
import { noBatchService } from "./noBatchService";
import { noDefaultNamespace } from "./noDefaultNamespace";
import { noExternalIps } from "./noExternalIps";
import { noNodePorts } from "./noNodePorts";
import { podSecurityLabels } from "./podSecurityLabels";
import { quotaAndLimits } from "./quotaAndLimits";
import { secretTypes } from "./secretTypes";

/** Every policy on namespaces and network. */
export const namespacePolicies: readonly Policy[] = [
  podSecurityLabels,
  batchNamespaceLevel,
  admissionPoliciesBound,
  defaultDenyIngress,
  defaultDenyEgress,
  quotaAndLimits,
  secretTypes,
  noDefaultNamespace,
  noBatchService,
  noNodePorts,
  noExternalIps,
  ingressTls,
];

/** Rights as tables: what a client of the cluster may do, and nothing else. */
import { PILOTS_STARTER, PROXY_SECRET } from "./names";

/** Rights in a namespace, as a Role says them. */
export interface Right {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Only these names; absent: all of them. */
  readonly resourceNames?: readonly string[];
}

/** Who Harvester is in the cluster: a certificate's user for a remote one, a ServiceAccount for one inside. */
export type HarvesterSubject =
  | { readonly kind: "User"; readonly name: string }
  | { readonly kind: "ServiceAccount"; readonly name: string; readonly namespace: string };

/**
 * The smallest Role for Harvester: exactly the calls it makes (read from Harvester 0.7.3 and seen sufficient with it). `create`
 * cannot be bound to a name, so only the patches are.
 */
export function harvesterRights(): Right[] {
  return [
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "list", "delete"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list", "delete"] },
    { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "delete"] },
    { apiGroups: [""], resources: ["configmaps"], verbs: ["patch"], resourceNames: [PILOTS_STARTER] },
    { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
    { apiGroups: [""], resources: ["secrets"], verbs: ["patch"], resourceNames: [PROXY_SECRET] },
  ];
}

/** Verbs of somebody who looks and does not touch. */
const LOOK = ["get", "list", "watch"];

/**
 * What the site's operators see, in every namespace: enough to find out why a job does not run. No secret, no token, no
 * exec or port-forward, no proxy to a node or pod, and nothing that changes anything.
 */
export function operatorRights(): Right[] {
  const look = (group: string, ...resources: string[]): Right => ({ apiGroups: [group], resources, verbs: LOOK });
  return [
    look("", "namespaces", "nodes", "pods", "pods/log", "pods/status", "events", "services", "endpoints"),
    look("", "configmaps", "persistentvolumeclaims", "persistentvolumes", "serviceaccounts"),
    look("", "resourcequotas", "limitranges", "podtemplates", "replicationcontrollers"),
    look("batch", "jobs", "cronjobs"),
    look("apps", "daemonsets", "deployments", "replicasets", "statefulsets", "controllerrevisions"),
    look("events.k8s.io", "events"),
    look("discovery.k8s.io", "endpointslices"),
    look("networking.k8s.io", "networkpolicies"),
    look("policy", "poddisruptionbudgets"),
    look("scheduling.k8s.io", "priorityclasses"),
    look("storage.k8s.io", "storageclasses", "csidrivers", "csinodes", "csistoragecapacities", "volumeattachments"),
    look("rbac.authorization.k8s.io", "roles", "rolebindings", "clusterroles", "clusterrolebindings"),
    look("admissionregistration.k8s.io", "validatingadmissionpolicies", "validatingadmissionpolicybindings"),
    look("admissionregistration.k8s.io", "validatingwebhookconfigurations", "mutatingwebhookconfigurations"),
    look("certificates.k8s.io", "certificatesigningrequests"),
    look("coordination.k8s.io", "leases"),
  ];
}

/** Rights as RBAC objects say them. */
export function policyRules(rights: readonly Right[]) {
  return rights.map(({ apiGroups, resources, verbs, resourceNames }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
    ...(resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }),
  }));
}

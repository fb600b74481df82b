/** Rights as tables: what a client of the cluster may do, and nothing else. */

/** Rights in a namespace, as a Role says them. */
export interface Right {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Only these names; absent: all of them. */
  readonly resourceNames?: readonly string[];
}

/**
 * The smallest Role for Harvester: exactly its ten calls (read from Harvester 0.7.3 and seen sufficient with it). `create`
 * cannot be bound to a name, so only the patches are.
 */
export function harvesterRights(): Right[] {
  return [
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "list", "delete"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["list", "delete"] },
    { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "delete"] },
    { apiGroups: [""], resources: ["configmaps"], verbs: ["patch"], resourceNames: ["pilots-starter"] },
    { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
    { apiGroups: [""], resources: ["secrets"], verbs: ["patch"], resourceNames: ["proxy-secret"] },
  ];
}

/** ServiceAccounts whose pods run on batch nodes, found by what the program declares. */
import type { KubeObject } from "../support/kubeApiObjects";

interface DaemonSet extends KubeObject {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly nodeSelector?: Readonly<Record<string, string>>;
      };
    };
  };
}

/** An account, and a pod of it. */
export interface BatchAccount {
  readonly namespace: string;
  readonly account: string;
  readonly pod: object;
}

/** A selector that a batch node does not match. */
function excludesBatch(selector: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(selector).some(
    ([key, value]) => key.startsWith("node-role.kubernetes.io/") || (key === "atlas-site/role" && value !== "batch"),
  );
}

/** The accounts of DaemonSets. Jobs run without a token, and services on machines of their own. */
export function batchAccounts(objects: readonly KubeObject[]): BatchAccount[] {
  return objects
    .filter(({ kind }) => kind === "DaemonSet")
    .map((object) => object as DaemonSet)
    .filter(({ spec }) => !excludesBatch(spec.template.spec.nodeSelector))
    .map(({ metadata: { namespace }, spec: { template } }) => {
      return { namespace, account: template.spec.serviceAccountName ?? "default", pod: template.spec };
    });
}

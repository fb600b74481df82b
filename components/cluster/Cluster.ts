import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type ClientToken, renderKubeconfig } from "./kubeconfig";
import type { KeyPair } from "./pki";

/** What a provisioner makes of machines, or finds. The rest of the program cannot tell which provisioner it was. */
export interface Cluster {
  /** Administrator's kubeconfig; secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** URL of the Kubernetes API for clients outside. */
  readonly apiUrl: pulumi.Output<string>;
  /** The cluster's CA, PEM. */
  readonly caPem: pulumi.Output<string>;
  /**
   * Stands for the life of one etcd: replaced when the cluster starts empty again. Undefined for a cluster that neither
   * begins nor ends with the site: there every object is deleted by itself.
   */
  readonly incarnation?: pulumi.Resource;
  /** Provider every object of the cluster is made by; it waits for the API. */
  readonly provider: k8s.Provider;
}

/**
 * What every provider for a cluster is told. Without the two words on mutability it replaces a ConfigMap or Secret whose
 * data changes, and with it whatever names it: a new line in a configuration took a StatefulSet and its volumes away.
 */
export const OBJECTS_CHANGE_IN_PLACE = {
  enableServerSideApply: true,
  enableConfigMapMutable: true,
  enableSecretMutable: true,
} as const;

/**
 * Options for a component whose children are objects in the cluster: made by its provider and, where the cluster has an
 * incarnation, gone with it, so that nothing is deleted one by one from a cluster that is torn down or starts empty again.
 */
export function inCluster(cluster: Pick<Cluster, "incarnation" | "provider">): pulumi.ComponentResourceOptions {
  const { incarnation, provider } = cluster;
  return {
    providers: [provider],
    ...(incarnation === undefined ? {} : { deletedWith: incarnation, replaceWith: [incarnation] }),
  };
}

/** A client's kubeconfig for this cluster; secret. */
export function kubeconfigOf(
  cluster: Pick<Cluster, "apiUrl" | "caPem">,
  clusterName: string,
  user: string,
  credential: pulumi.Output<KeyPair | ClientToken>,
  namespace?: string,
): pulumi.Output<string> {
  const text = pulumi
    .all([cluster.apiUrl, cluster.caPem, credential])
    .apply(([server, caPem, pair]) =>
      renderKubeconfig({ clusterName, server, caPem, user, credential: pair, namespace }),
    );
  return pulumi.secret(text);
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { waitForApi } from "./apiReady";
import type { ClusterKeys } from "./ClusterKeys";
import { contextName } from "./kubeconfig";
import { type KeyPair, tokenParts } from "./pki";
import { apiUrl } from "./kubeadm/clusterPlan";
import { type Cluster, kubeconfigOf, OBJECTS_CHANGE_IN_PLACE } from "./Cluster";

/** Name of the administrator among the cluster keys' clients. */
export const ADMINISTRATOR = "administrator";

/** What a `KubeadmCluster` is made from. */
export interface KubeadmClusterArgs {
  /** Site name. */
  siteName: string;
  /** Keys the user data was rendered from. */
  keys: ClusterKeys;
  /** Address clients outside use. */
  publicAddress: pulumi.Input<string>;
  /** Names of the control-plane machines, for the message at the deadline. */
  controlPlane: readonly string[];
  /** Nova ids of the control-plane machines: the API is asked for only once they exist. */
  controlPlaneIds: pulumi.Input<string>[];
  /** Generation of the control plane's pool: a new one is a new, empty etcd. */
  generation: number;
  /** Pools with a bootstrap token. */
  pools: readonly string[];
  /** How long to wait for the API, in minutes. */
  apiDeadlineMinutes: number;
}

/**
 * Machines that kubeadm makes a cluster of, as the rest of the program sees it: kubeconfig, provider and the incarnation
 * that its objects live and die with.
 */
export class KubeadmCluster extends pulumi.ComponentResource implements Cluster {
  readonly kubeconfig: pulumi.Output<string>;
  readonly apiUrl: pulumi.Output<string>;
  readonly caPem: pulumi.Output<string>;
  readonly incarnation: pulumi.Resource;
  readonly provider: k8s.Provider;

  constructor(name: string, args: KubeadmClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cluster:KubeadmCluster", name, {}, opts);
    const identifier = `${args.siteName}-${args.generation}`;
    this.apiUrl = pulumi.output(args.publicAddress).apply(apiUrl);
    this.caPem = args.keys.cas.apply((cas) => cas.cluster.certPem);
    this.incarnation = new pulumi.Stash(
      `${name}-incarnation`,
      { input: identifier },
      { parent: this, replacementTrigger: args.generation },
    );
    const credential = args.keys.client(ADMINISTRATOR);
    this.kubeconfig = kubeconfigOf(this, args.siteName, ADMINISTRATOR, credential);
    this.provider = new k8s.Provider(
      name,
      {
        kubeconfig: this.kubeconfigWhenReady(args, credential),
        context: contextName({ clusterName: args.siteName, user: ADMINISTRATOR }),
        // Only this decides whether it is the same cluster; address and credentials may change.
        clusterIdentifier: identifier,
        ...OBJECTS_CHANGE_IN_PLACE,
      },
      { parent: this },
    );
    for (const pool of args.pools) {
      this.createTokenSecret(`${name}-token-${pool}`, pool, args.keys.token(pool));
    }
    this.registerOutputs({ apiUrl: this.apiUrl });
  }

  /** Makes a pool's token valid: the cluster signs cluster-info with it and lets its bearer register a kubelet. */
  private createTokenSecret(name: string, pool: string, token: pulumi.Output<string>): void {
    const id = token.apply((whole) => tokenParts(whole).id);
    new k8s.core.v1.Secret(
      name,
      {
        // The name is the public half of the token: kubeadm prints it, the console log shows it.
        metadata: { name: pulumi.unsecret(id).apply((half) => `bootstrap-token-${half}`), namespace: "kube-system" },
        type: "bootstrap.kubernetes.io/token",
        stringData: {
          description: `machines of pool ${pool}`,
          "token-id": id,
          "token-secret": token.apply((whole) => tokenParts(whole).secret),
          "usage-bootstrap-authentication": "true",
          "usage-bootstrap-signing": "true",
          "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token",
        },
      },
      { parent: this, provider: this.provider, deletedWith: this.incarnation, replaceWith: [this.incarnation] },
    );
  }

  /** The kubeconfig, held back until the API behind it answers; not in a preview, which must not wait for anything. */
  private kubeconfigWhenReady(args: KubeadmClusterArgs, credential: pulumi.Output<KeyPair>): pulumi.Output<string> {
    return pulumi
      .all([this.kubeconfig, this.apiUrl, this.caPem, credential, pulumi.all(args.controlPlaneIds)])
      .apply(async ([kubeconfig, server, caPem, pair]) => {
        if (!pulumi.runtime.isDryRun()) {
          await waitForApi({
            server,
            caPem,
            credential: pair,
            deadlineMs: args.apiDeadlineMinutes * 60_000,
            machines: args.controlPlane,
          });
        }
        return kubeconfig;
      });
  }
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClientToken } from "../cluster/kubeconfig";
import { InfrastructureNamespace } from "../kubernetes/InfrastructureNamespace";
import { CLIENTS_NAMESPACE } from "./names";

/** What the `ClientAccounts` are made from. */
export interface ClientAccountsArgs {
  /** Names of the clients. */
  clients: readonly string[];
}

/**
 * ServiceAccounts for clients outside the cluster, with a token each, where the program does not hold the cluster's CA. No pod
 * runs in their namespace. A token has no end: it is revoked by deleting its Secret, and `pulumi up` then makes another.
 */
export class ClientAccounts extends pulumi.ComponentResource {
  private readonly tokens = new Map<string, pulumi.Output<ClientToken>>();

  constructor(name: string, { clients }: ClientAccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:security:ClientAccounts", name, {}, opts);
    const parent = { parent: this };
    const { namespace } = new InfrastructureNamespace(
      name,
      { namespace: CLIENTS_NAMESPACE, level: "restricted" },
      parent,
    );
    for (const client of clients) {
      const account = new k8s.core.v1.ServiceAccount(
        `${name}-${client}`,
        { metadata: { name: client, namespace }, automountServiceAccountToken: false },
        parent,
      );
      const secret = new k8s.core.v1.Secret(
        `${name}-${client}`,
        {
          metadata: {
            name: client,
            namespace,
            annotations: {
              "kubernetes.io/service-account.name": account.metadata.name,
              // Kubernetes fills the Secret in a moment later; a kubeconfig without a token would stay in the outputs.
              "pulumi.com/waitFor": "jsonpath={.data.token}",
            },
          },
          type: "kubernetes.io/service-account-token",
        },
        { ...parent, additionalSecretOutputs: ["data"] },
      );
      this.tokens.set(client, pulumi.secret(secret.data.apply((data) => ({ token: decoded(data?.token) }))));
    }
    this.registerOutputs({});
  }

  /** Token of a client; secret. */
  token(client: string): pulumi.Output<ClientToken> {
    const token = this.tokens.get(client);
    if (token === undefined) {
      throw new Error(`no client "${client}" among the accounts; there are ${[...this.tokens.keys()].join(", ")}`);
    }
    return token;
  }
}

/** Kubernetes fills the Secret in; until then there is no token. */
function decoded(token: string | undefined): string {
  return token === undefined ? "" : Buffer.from(token, "base64").toString("utf8");
}

import * as pulumi from "@pulumi/pulumi";
import type { ClusterCas, ClientIdentity, KeyPair } from "./pki";
import { CLIENT_DAYS, daysLeft, makeClusterCas, makeToken, signClient } from "./pki";

/** What the `ClusterKeys` are made from. */
export interface ClusterKeysArgs {
  /** Site name: appears in the CAs' subjects. */
  siteName: string;
  /** Clients that get a certificate, by a name of their own. */
  clients: Record<string, ClientIdentity>;
  /** Pools that get a bootstrap token each. */
  pools: readonly string[];
  /** A new number means new client certificates. */
  credentialsGeneration: number;
  /** A new number means new bootstrap tokens. */
  tokensGeneration: number;
}

/** A warning appears when a client certificate has fewer days left than this. */
const RENEWAL_WARNING_DAYS = 30;

/**
 * The cluster's CAs, client certificates and bootstrap tokens, drawn once and kept as secrets in the stack's
 * state by `pulumi.Stash`: its first input stays (`ignoreChanges`) until a generation asks for a new one.
 */
export class ClusterKeys extends pulumi.ComponentResource {
  /** The CAs with their keys; secret. */
  readonly cas: pulumi.Output<ClusterCas>;
  private readonly clients = new Map<string, pulumi.Output<KeyPair>>();
  private readonly tokens = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: ClusterKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cluster:ClusterKeys", name, {}, opts);
    const keep = <T>(what: string, draw: () => pulumi.Input<T>, generation: number): pulumi.Output<T> => {
      const stash = new pulumi.Stash(
        `${name}-${what}`,
        { input: pulumi.secret(draw()) },
        {
          parent: this,
          ignoreChanges: ["input"],
          replacementTrigger: generation,
          additionalSecretOutputs: ["input", "output"],
        },
      );
      return pulumi.secret(stash.output) as pulumi.Output<T>;
    };

    // The CAs have no generation: replacing them means a new cluster, and `pulumi up --replace` says so aloud.
    this.cas = keep("cas", () => makeClusterCas(args.siteName), 1);
    for (const [client, identity] of Object.entries(args.clients)) {
      const draw = () => this.cas.apply((cas) => signClient(cas.cluster, identity));
      const credential = keep(`client-${client}`, draw, args.credentialsGeneration);
      this.clients.set(
        client,
        credential.apply((pair) => warnBeforeEnd(client, pair)),
      );
    }
    for (const pool of args.pools) {
      this.tokens.set(pool, keep(`token-${pool}`, makeToken, args.tokensGeneration));
    }
    this.registerOutputs({});
  }

  /** Certificate and key of a client; secret. */
  client(client: string): pulumi.Output<KeyPair> {
    return known(this.clients, client, "client");
  }

  /** Bootstrap token of a pool; secret. */
  token(pool: string): pulumi.Output<string> {
    return known(this.tokens, pool, "pool");
  }
}

function known<T>(map: Map<string, T>, key: string, what: string): T {
  const value = map.get(key);
  if (value === undefined) {
    throw new Error(`no ${what} "${key}" in the cluster's keys; there are ${[...map.keys()].join(", ")}`);
  }
  return value;
}

function warnBeforeEnd(client: string, pair: KeyPair): KeyPair {
  const warning = renewalWarning(client, daysLeft(pair.certPem, new Date()));
  if (warning !== undefined) {
    void pulumi.log.warn(warning);
  }
  return pair;
}

/** What to do about a client's certificate that has few days left; undefined when it has enough. */
export function renewalWarning(client: string, days: number): string | undefined {
  return days >= RENEWAL_WARNING_DAYS
    ? undefined
    : `The certificate of client "${client}" ends in ${days} days. Raise atlas-site:cluster credentialsGeneration and run ` +
        `\`pulumi up\` for new ones (${CLIENT_DAYS} days), then hand out the kubeconfigs again.`;
}

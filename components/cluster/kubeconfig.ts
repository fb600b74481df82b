import { stringify } from "yaml";
import type { KeyPair } from "./pki";

/** Token of a ServiceAccount. */
export interface ClientToken {
  readonly token: string;
}

/** What a kubeconfig says. */
export interface KubeconfigParts {
  /** Name of the cluster and, with the user, of the context. */
  readonly clusterName: string;
  /** URL of the API, e.g. `https://10.64.0.2:6443`. */
  readonly server: string;
  /** The cluster's CA, PEM. */
  readonly caPem: string;
  /** User name, for the reader only: the credential decides. */
  readonly user: string;
  /** Client certificate and key, or the token of a ServiceAccount. */
  readonly credential: KeyPair | ClientToken;
  /** Default namespace of the context; absent: `default`. */
  readonly namespace?: string;
}

/** Name of the only context in a kubeconfig of ours. */
export function contextName(parts: Pick<KubeconfigParts, "clusterName" | "user">): string {
  return `${parts.user}@${parts.clusterName}`;
}

/** A kubeconfig with everything inside it: no file it refers to, nothing to be asked for. */
export function renderKubeconfig(parts: KubeconfigParts): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: parts.clusterName,
          cluster: { server: parts.server, "certificate-authority-data": base64(parts.caPem) },
        },
      ],
      users: [
        {
          name: parts.user,
          user:
            "token" in parts.credential
              ? { token: parts.credential.token }
              : {
                  "client-certificate-data": base64(parts.credential.certPem),
                  "client-key-data": base64(parts.credential.keyPem),
                },
        },
      ],
      contexts: [
        {
          name: contextName(parts),
          context: {
            cluster: parts.clusterName,
            user: parts.user,
            ...(parts.namespace === undefined ? {} : { namespace: parts.namespace }),
          },
        },
      ],
      "current-context": contextName(parts),
    },
    { lineWidth: 0 },
  );
}

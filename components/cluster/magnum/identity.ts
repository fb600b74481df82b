/** Who the program is in OpenStack, as its credentials say; values only, read elsewhere. */

/** Credentials of an OpenStack user. */
export interface CloudIdentity {
  /** Kind of credential; `none` where nothing was given. */
  readonly kind: "password" | "token" | "applicationCredential" | "none";
  /** Where the credentials were found, for messages. */
  readonly source: string;
  /** Keystone's URL. */
  readonly authUrl: string;
  /** Body of Keystone's `POST /auth/tokens`; secret. */
  readonly request: object;
  /** Interface of the endpoints to use. */
  readonly interface: string;
  /** Path of a file with the CAs of the cloud's endpoints. */
  readonly caFile?: string;
  /** Whether certificates of the cloud are not checked. */
  readonly insecure: boolean;
}

/**
 * Why an identity cannot create a cluster; undefined where it can. Magnum gives every cluster a trust, and Keystone makes no
 * trust from an application credential, not even from an unrestricted one: the cluster ends in CREATE_FAILED.
 */
export function cannotCreate({ kind, source }: Pick<CloudIdentity, "kind" | "source">): string | undefined {
  return kind === "applicationCredential"
    ? `${source} holds an application credential, from which Keystone makes no trust; Magnum needs one for every cluster and ` +
        `would answer CREATE_FAILED, "Failed to create trustee or trust". Use a password, or a token: ` +
        "unset OS_APPLICATION_CREDENTIAL_ID and OS_APPLICATION_CREDENTIAL_SECRET, set OS_AUTH_TYPE=token and " +
        "OS_TOKEN=$(openstack token issue -f value -c id) with OS_AUTH_URL and OS_PROJECT_ID. " +
        "Once the cluster exists, an application credential is enough."
    : undefined;
}

/** Security contexts of the site's own services, said once: a service that needs more says so where its pod stands. */

/** A level of the Pod Security Standards. */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

/** User and group `nobody` of Debian and of the images of Prometheus' family: owner of no file. */
export const NOBODY = 65_534;

/** What a container is refused. */
export const CONFINED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/**
 * A pod that is not root and whose volumes are its group's. A volume may hold a million files: their owner is looked at
 * only when the top folder's is wrong.
 * @param uid user
 * @param gid group; default: the number of the user
 */
export function unprivileged(uid: number, gid = uid) {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    fsGroup: gid,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

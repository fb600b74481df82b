/** Namespaces that have an owner whatever the site file says; one rule for everything of the site that names one. */

/**
 * Whose a namespace is.
 * @returns a clause for a message; undefined when it is free
 */
export function namespaceOwner(namespace: string): string | undefined {
  if (namespace === "default" || namespace.startsWith("kube-")) {
    return "which belongs to Kubernetes";
  }
  return namespace === "atlas-site" || namespace.startsWith("atlas-site-")
    ? "which the site's other services have"
    : undefined;
}

/** The secrets of an offline run, in place of the encrypted ones of the stack, which nobody needs to open to see what would be made. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { namespace } from "../configKeys";
import type { SecretKey } from "../configKeys";

/** A kubeconfig as somebody with a cluster of their own would give it. Its certificate is text, not a certificate. */
export const FOREIGN_KUBECONFIG = [
  "apiVersion: v1",
  "kind: Config",
  "clusters: [{ name: guest, cluster: { server: 'https://guest.example:6443', certificate-authority-data: Q0E= } }]",
  "users: [{ name: admin, user: { token: foreign-administrator-token } }]",
  "contexts: [{ name: admin@guest, context: { cluster: guest, user: admin } }]",
  "current-context: admin@guest",
  "",
].join("\n");

/**
 * What the program is given. It opens nothing.
 * @param receivers names of the receivers of alerts that the site's routes name
 */
export function givenSecrets(receivers: readonly string[]): Record<SecretKey, string> {
  const described = receivers.map(
    (name) => `- name: ${name}\n  webhook_configs: [{ url: "https://alerts.example/given-alert-password" }]\n`,
  );
  return {
    kubeconfig: FOREIGN_KUBECONFIG,
    cloudCredentials:
      "[Global]\nauth-url = https://keystone.example/v3\napplication-credential-secret = given-cloud-secret\n",
    databasePassword: "given-database-password",
    alertReceivers: described.length === 0 ? "[] # given-alert-password\n" : described.join(""),
    logToken: "given-log-token",
  };
}

/** The same for a site that tells its operators. */
export const GIVEN_SECRETS: Readonly<Record<string, string>> = givenSecrets(["operators"]);

/**
 * Receivers that a stack's routes name. Read without the loader: a file with mistakes is for the program to judge.
 * @param sections of a stack without a file
 */
export function receiversOf(stack: string, sections: Readonly<Record<string, unknown>>): string[] {
  const file = join("stacks", `Pulumi.${stack}.yaml`);
  const section = existsSync(file) ? sectionOf(readFileSync(file, "utf8")) : sections.monitoring;
  const routes = (section as { routes?: unknown } | null | undefined)?.routes;
  const names = Array.isArray(routes) ? routes.map((route) => (route as { receiver?: unknown } | null)?.receiver) : [];
  return [...new Set(names.filter((name) => typeof name === "string"))];
}

function sectionOf(text: string): unknown {
  try {
    const read = parse(text, { logLevel: "silent" }) as { config?: Record<string, unknown> } | null;
    return read?.config?.[`${namespace}:monitoring`];
  } catch {
    return undefined;
  }
}

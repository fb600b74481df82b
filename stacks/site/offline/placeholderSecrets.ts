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

/** What of a stack decides which secrets it has. */
export interface Asked {
  /** Names of the receivers of alerts that the site's routes name. */
  readonly receivers: readonly string[];
  /** Whether the archive of logs asks for a token. */
  readonly logToken: boolean;
}

/** What the program is given. It opens nothing. */
export function placeholderSecrets({ receivers, logToken }: Asked): Partial<Record<SecretKey, string>> {
  const described = receivers.map(
    (name) => `- name: ${name}\n  webhook_configs: [{ url: "https://alerts.example/given-alert-password" }]\n`,
  );
  return {
    kubeconfig: FOREIGN_KUBECONFIG,
    cloudCredentials:
      "[Global]\nauth-url = https://keystone.example/v3\napplication-credential-secret = given-cloud-secret\n",
    databasePassword: "given-database-password",
    alertReceivers: described.length === 0 ? "[] # given-alert-password\n" : described.join(""),
    // A Secret more or less in the cluster hangs on it, so only who has a token is given one.
    ...(logToken ? { logToken: "given-log-token" } : {}),
  };
}

/** Every one of them. */
export const GIVEN_SECRETS = placeholderSecrets({ receivers: ["operators"], logToken: true }) as Readonly<
  Record<string, string>
>;

/**
 * What a stack asks for. Read without the loader: a file with mistakes is for the program to judge.
 * @param sections of a stack without a file, which has every secret
 */
export function askedBy(stack: string, sections: Readonly<Record<string, unknown>>): Asked {
  const file = join("stacks", `Pulumi.${stack}.yaml`);
  const config = existsSync(file) ? configOf(readFileSync(file, "utf8")) : undefined;
  const monitoring = config === undefined ? sections.monitoring : config[`${namespace}:monitoring`];
  const routes = (monitoring as { routes?: unknown } | null | undefined)?.routes;
  const names = Array.isArray(routes) ? routes.map((route) => (route as { receiver?: unknown } | null)?.receiver) : [];
  return {
    receivers: [...new Set(names.filter((name) => typeof name === "string"))],
    logToken: config === undefined || Object.hasOwn(config, `${namespace}:logToken`),
  };
}

function configOf(text: string): Record<string, unknown> {
  try {
    const read = parse(text, { logLevel: "silent" }) as { config?: Record<string, unknown> } | null;
    return read?.config ?? {};
  } catch {
    return {};
  }
}

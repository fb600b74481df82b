/** Which keys under `config:` of a stack file are the site's, and which are mistakes. */
import { nearest } from "./nearest";
import { valueText, type Problem } from "./problem";

/** Namespace of the site's keys: the project's name in Pulumi.yaml. */
export const namespace = "atlas-site";

/** A key that must be encrypted. */
export type SecretKey = "kubeconfig" | "cloudCredentials" | "databasePassword" | "alertReceivers" | "logToken";

/** Keys that must be encrypted, with the command that sets them. Each stands beside the sections, never inside one. */
export const secretKeys: Readonly<Record<SecretKey, string>> = {
  kubeconfig: `pulumi config set --secret ${namespace}:kubeconfig < kubeconfig.yaml`,
  cloudCredentials: `pulumi config set --secret ${namespace}:cloudCredentials < cloud.conf`,
  databasePassword: `pulumi config set --secret ${namespace}:databasePassword`,
  alertReceivers: `pulumi config set --secret ${namespace}:alertReceivers < receivers.yaml`,
  logToken: `pulumi config set --secret ${namespace}:logToken`,
};

/** Whether a value of a stack file is one that Pulumi has encrypted: `{ secure: … }`. */
export function isEncrypted(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && Object.keys(value).length === 1 && Object.hasOwn(value, "secure")
  );
}

/** What is wrong with a key of `config:`. */
export interface KeyProblem extends Omit<Problem, "path" | "meant"> {
  /** Section the key was likely meant as. */
  readonly section?: string;
}

/**
 * Judges a key of `config:`.
 * @returns undefined for a section, an encrypted key, and every key of another namespace that is no slip of the pen
 */
export function configKeyProblem(key: string, value: unknown, sectionNames: readonly string[]): KeyProblem | undefined {
  const colon = key.indexOf(":");
  const [space, name] = colon < 0 ? [undefined, key] : [key.slice(0, colon), key.slice(colon + 1)];
  const known = [...sectionNames, ...Object.keys(secretKeys)];
  if (space !== namespace) {
    const meant = nearest(name, known);
    if (meant === undefined || (space !== undefined && nearest(space, [namespace]) === undefined)) {
      // Pulumi takes a key without namespace for the project's own, so it can only be a section that does not exist.
      return space === undefined ? unknownSection(name, sectionNames) : foreignKeyProblem(space, name, value);
    }
    const expected = `\`${namespace}:<section>\``;
    const seen = space === undefined ? "key without namespace" : "key of another namespace";
    return { seen, expected, fix: `write ${namespace}:${meant}`, section: meant };
  }
  if (sectionNames.includes(name)) {
    return undefined;
  }
  if (isEncrypted(value)) {
    return undefined;
  }
  if (Object.hasOwn(secretKeys, name)) {
    return {
      seen: "a secret in plain text",
      expected: "an encrypted value",
      fix: `set it by: ${secretKeys[name as SecretKey]}`,
    };
  }
  return unknownSection(name, sectionNames);
}

/** Words in the names of keys whose values open something. */
const SECRET_WORD = /pass(word|phrase)?$|secret|token|credential|private|apikey|accesskey/i;

/**
 * A key of another namespace. The program makes its providers itself, and Pulumi gives such a provider nothing of
 * `openstack:` or `kubernetes:`: a setting there has no effect, and a secret there lies in git for nothing.
 */
function foreignKeyProblem(space: string, name: string, value: unknown): KeyProblem | undefined {
  const ignored = space === "openstack" || space === "kubernetes";
  const open = SECRET_WORD.test(name) && !isEncrypted(value);
  if (!ignored && !open) {
    return undefined;
  }
  return {
    seen: `${open ? "a secret in plain text" : "a setting"}${ignored ? ", which has no effect here" : ""}`,
    expected: ignored ? "credentials and settings of the cloud in OS_* or clouds.yaml" : "an encrypted value",
    fix: open ? "remove it, and change that secret: it was in this file" : "remove it",
  };
}

function unknownSection(name: string, sectionNames: readonly string[]): KeyProblem {
  const meant = nearest(name, [...sectionNames, ...Object.keys(secretKeys)]);
  return {
    seen: "unknown section",
    expected: `one of: ${sectionNames.join(", ")}`,
    fix: meant === undefined ? `remove ${valueText(name)}` : `did you mean "${namespace}:${meant}"?`,
    section: meant,
  };
}

/** OpenStack credentials as the provider finds them: an entry of clouds.yaml named by OS_CLOUD, else OS_* variables. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { CloudIdentity } from "../../components/cluster/magnum/identity";

type Environment = Readonly<Record<string, string | undefined>>;
type Values = Readonly<Record<string, string | undefined>>;

interface CloudEntry {
  auth?: Record<string, unknown>;
  auth_type?: unknown;
  interface?: unknown;
  cacert?: unknown;
  verify?: unknown;
}

/** Keys of `auth` in clouds.yaml; the variable of each is OS_ and the key in capitals. */
const AUTH_KEYS = [
  "auth_url",
  "username",
  "user_id",
  "password",
  "token",
  "application_credential_id",
  "application_credential_name",
  "application_credential_secret",
  "project_id",
  "project_name",
  "user_domain_id",
  "user_domain_name",
  "project_domain_id",
  "project_domain_name",
  "domain_id",
  "domain_name",
] as const;

/**
 * The credentials of this run. Nothing is checked: `kind` is `none` where there are none.
 * @param environment variables of the process
 * @param read text of a file, undefined where there is none
 */
export function cloudIdentity(
  environment: Environment,
  read: (path: string) => string | undefined = (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined),
): CloudIdentity {
  const named = environment.OS_CLOUD ?? "";
  const entry = named === "" ? {} : entryOf(named, environment, read);
  const values: Record<string, string | undefined> = {};
  for (const key of AUTH_KEYS) {
    values[key] = textOf(entry.auth?.[key]) ?? textOf(environment[`OS_${key.toUpperCase()}`]);
  }
  // Older files of variables call the project a tenant.
  values.project_id ??= textOf(environment.OS_TENANT_ID);
  values.project_name ??= textOf(environment.OS_TENANT_NAME);
  const kind = kindOf(values, textOf(entry.auth_type) ?? textOf(environment.OS_AUTH_TYPE) ?? "");
  const endpoints = textOf(entry.interface) ?? textOf(environment.OS_INTERFACE) ?? textOf(environment.OS_ENDPOINT_TYPE);
  return {
    kind,
    source: named === "" ? "the environment (OS_*)" : `entry ${named} of clouds.yaml`,
    authUrl: values.auth_url ?? "",
    request: { auth: { identity: identityOf(kind, values), ...scopeOf(kind, values) } },
    interface: (endpoints ?? "public").replace(/URL$/, ""),
    caFile: textOf(entry.cacert) ?? textOf(environment.OS_CACERT),
    insecure: entry.verify === false || /^(1|true)$/i.test(environment.OS_INSECURE ?? ""),
  };
}

function entryOf(cloud: string, environment: Environment, read: (path: string) => string | undefined): CloudEntry {
  const folders = [".", join(environment.HOME ?? homedir(), ".config", "openstack"), "/etc/openstack"];
  const [open, secret] = (["clouds", "secure"] as const).map((name) => {
    const named =
      name === "clouds" ? [environment.OS_CLIENT_CONFIG_FILE ?? ""] : [environment.OS_CLIENT_SECURE_FILE ?? ""];
    const paths = [...named.filter((path) => path !== ""), ...folders.map((folder) => join(folder, `${name}.yaml`))];
    const text = paths.map(read).find((found) => found !== undefined);
    const file = (text === undefined ? {} : parse(text)) as { clouds?: Record<string, CloudEntry | undefined> } | null;
    return file?.clouds?.[cloud];
  });
  return { ...open, ...secret, auth: { ...open?.auth, ...secret?.auth } };
}

function kindOf(values: Values, authType: string): CloudIdentity["kind"] {
  if (values.auth_url === undefined) {
    return "none";
  }
  if (/application_?credential/i.test(authType)) {
    return "applicationCredential";
  }
  if (/token/i.test(authType)) {
    return "token";
  }
  if (values.application_credential_id !== undefined || values.application_credential_name !== undefined) {
    return "applicationCredential";
  }
  return values.token !== undefined ? "token" : values.password !== undefined ? "password" : "none";
}

function domainOf(id: string | undefined, name: string | undefined): object {
  return { domain: id !== undefined ? { id } : { name: name ?? "Default" } };
}

function userOf(values: Values): object {
  return values.user_id !== undefined
    ? { id: values.user_id }
    : {
        name: values.username,
        ...domainOf(values.user_domain_id ?? values.domain_id, values.user_domain_name ?? values.domain_name),
      };
}

function identityOf(kind: CloudIdentity["kind"], values: Values): object {
  switch (kind) {
    case "token":
      return { methods: ["token"], token: { id: values.token } };
    case "applicationCredential": {
      const { application_credential_id: id, application_credential_name: name } = values;
      const secret = values.application_credential_secret;
      const named = id !== undefined ? { id, secret } : { name, secret, user: userOf(values) };
      return { methods: ["application_credential"], application_credential: named };
    }
    case "password":
      return { methods: ["password"], password: { user: { ...userOf(values), password: values.password } } };
    case "none":
      return {};
  }
}

/** An application credential has the scope it was made with; naming one is an error. */
function scopeOf(kind: CloudIdentity["kind"], values: Values): object {
  if (kind === "applicationCredential" || (values.project_id === undefined && values.project_name === undefined)) {
    return {};
  }
  const domain = domainOf(
    values.project_domain_id ?? values.domain_id,
    values.project_domain_name ?? values.domain_name,
  );
  return {
    scope: {
      project: values.project_id !== undefined ? { id: values.project_id } : { name: values.project_name, ...domain },
    },
  };
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : String(value as string);
}

/**
 * Configuration that hides in a machine's user data: kubeadm's, the kubelet's, the scheduler's, the audit policy. A preview
 * gives user data to a pack in clear once it is known; `pulumi policy analyze --file` shows secrets as `[secret]`, and then
 * there is nothing to judge.
 */
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { Field } from "./field";
import { objectsIn, type KubernetesObject } from "./objects";

/** Type of the resource whose input `userData` is judged. */
export const MACHINE = "openstack:compute/instance:Instance";

/** Files read before, by user data: every policy asks for the same machines, and a large site has hundreds of them. */
const seen = new Map<string, readonly KubernetesObject[]>();
const MOST_SEEN = 5000;

/** Objects in a machine's user data; none when it is not known, not cloud-init's, or holds none. */
export function objectsInUserData(urn: string, props: object): readonly KubernetesObject[] {
  const userData = new Field(props).at("userData");
  const packed = userData.known ? userData.text : undefined;
  if (packed === undefined) {
    return [];
  }
  // Two machines never have the same user data, for it holds their names; should they, the first one's URN tells as much.
  const found = seen.get(packed) ?? objectsInFiles(urn, filesOf(unpacked(packed)));
  if (seen.size >= MOST_SEEN) {
    seen.clear();
  }
  seen.set(packed, found);
  return found;
}

/** The text of user data: as it is, or from base64, or from gzip in base64. "" when it is neither. */
export function unpacked(userData: string): string {
  if (userData.startsWith("#cloud-config")) {
    return userData;
  }
  const bytes = Buffer.from(userData, "base64");
  try {
    const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
    return text.startsWith("#cloud-config") ? text : "";
  } catch {
    // Cut short or not gzip after all: nothing that a machine could boot from either.
    return "";
  }
}

/** Files that cloud-init would write, by path. */
function filesOf(cloudConfig: string): Readonly<Record<string, string>> {
  // Workers, of which there are hundreds, bring nothing but how to join; reading their YAML would take seconds.
  if (!/kind: (?!JoinConfiguration\b)\w/.test(cloudConfig)) {
    return {};
  }
  try {
    const files = new Field(parse(cloudConfig, { logLevel: "silent" })).at("write_files").items;
    return Object.fromEntries(files.map((file) => [file.at("path").text ?? "", file.at("content").text ?? ""]));
  } catch {
    return {};
  }
}

/** A machine's files hold objects as a ConfigMap's data does. */
function objectsInFiles(urn: string, data: Readonly<Record<string, string>>): readonly KubernetesObject[] {
  const [, ...objects] = objectsIn(new Field({ apiVersion: "v1", kind: "ConfigMap", data }), { id: urn });
  return objects;
}

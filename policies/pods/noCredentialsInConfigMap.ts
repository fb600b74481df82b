import { nsa, polaris } from "../model/frameworks";
import type { Field } from "../model/field";
import { each, violation, type ObjectPolicy, type Violation } from "../model/policy";
import { credentialIn } from "./credentials";

/** No ConfigMap may hold a credential. */
export const noCredentialsInConfigMap: ObjectPolicy = {
  kind: "object",
  kinds: ["ConfigMap"],
  name: "no-credentials-in-config-map",
  title: "No credentials in a ConfigMap",
  why: "ConfigMaps are not encrypted, and most accounts of a namespace may read them.",
  level: "mandatory",
  severity: "critical",
  frameworks: [nsa("C-0012"), polaris("sensitiveConfigmapContent")],
  remediation: "Put the value into a Secret; replace what has been seen.",
  check: ({ root }) => [
    ...each(root.at("data").entries, ([key, value]) => found(key, value, value.text ?? "")),
    ...each(root.at("binaryData").entries, ([key, value]) =>
      found(key, value, Buffer.from(value.text ?? "", "base64").toString("latin1")),
    ),
  ],
};

function found(key: string, at: Field, text: string): Violation | undefined {
  const looksLike = credentialIn(key, text);
  return looksLike === undefined ? undefined : violation(at, `${key} holds ${looksLike}`);
}

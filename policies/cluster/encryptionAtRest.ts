import { violation, type ObjectPolicy } from "../model/policy";
import { byFlags, FLAG_KINDS } from "./flags";

/** A stolen etcd volume or backup shows no secret. */
export const encryptionAtRest: ObjectPolicy = {
  kind: "object",
  name: "encryption-at-rest",
  title: "The API server encrypts what it stores",
  why: "etcd keeps secrets in clear by default: grid proxies and tokens stand in every snapshot and on every disk that is thrown away.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "1.2.27" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0066" },
  ],
  remediation: "Set encryption-provider-config to a file with an EncryptionConfiguration.",
  kinds: FLAG_KINDS,
  check: (object, settings) =>
    byFlags(object, "kube-apiserver", settings, (flags) =>
      flags.get("encryption-provider-config") === undefined
        ? [violation(flags.place, "--encryption-provider-config is not given")]
        : [],
    ),
};

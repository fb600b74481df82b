import { violation, type ObjectPolicy } from "../model/policy";

/** What is written is encrypted, not only what could be. */
export const encryptionProvider: ObjectPolicy = {
  kind: "object",
  name: "encryption-provider",
  title: "Secrets are written by an encrypting provider",
  why: "The first provider writes. With identity in first place everything is configured and nothing is encrypted.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "1.2.28" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0066" },
  ],
  remediation: "Name secrets among the resources, with secretbox, aesgcm, aescbc or kms before identity.",
  kinds: ["EncryptionConfiguration", "EncryptionConfig"],
  check: ({ root }) => {
    const entries = root.at("resources");
    const ours = entries.items.find((entry) =>
      entry.at("resources").texts.some((name) => name === "secrets" || name === "*." || name === "*.*"),
    );
    if (ours === undefined) {
      return [violation(entries, "secrets are not among the resources")];
    }
    const first = ours.at("providers", 0);
    const encrypts = first.keys.some((key) => key !== "identity");
    return encrypts ? [] : [violation(first, "identity, which does not encrypt, comes first")];
  },
};

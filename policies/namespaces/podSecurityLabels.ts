import { cautiously, violation, type ObjectPolicy } from "../model/policy";

const ENFORCE = "pod-security.kubernetes.io/enforce";
const LEVELS = ["privileged", "baseline", "restricted"];

/** Every namespace says which Pod Security level its pods are held to, and of which version. */
export const podSecurityLabels: ObjectPolicy = {
  kind: "object",
  name: "pod-security-labels",
  title: "Every namespace has a Pod Security level, and the version it is meant in",
  why: "Without the label only the API server's default holds, which other clusters do not have; without a version an upgrade of the cluster may refuse pods that ran the day before.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "Pod Security Standards", version: "1.36", control: "namespace labels" },
    { framework: "CIS Kubernetes", version: "1.12", control: "5.2.1" },
  ],
  remediation: `Set the labels ${ENFORCE} (privileged, baseline or restricted) and ${ENFORCE}-version (e.g. v1.36).`,
  kinds: ["Namespace"],
  check: (namespace) =>
    cautiously(() => {
      const labels = namespace.root.at("metadata", "labels");
      const level = labels.at(ENFORCE);
      if (!LEVELS.includes(level.text ?? "")) {
        const seen = level.present ? `"${String(level.value)}"` : "not set";
        return violation(level, `the level is ${seen}; it must be one of ${LEVELS.join(", ")}`);
      }
      const version = labels.at(`${ENFORCE}-version`);
      // The level privileged has no rules, so none that a version could change.
      const pinned = level.is("privileged") || /^v1\.\d+$/.test(version.text ?? "");
      const seen = version.present ? `"${String(version.value)}"` : "not set";
      return pinned ? undefined : violation(version, `the version of the level is ${seen}`);
    }),
};

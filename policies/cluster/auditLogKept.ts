import { violation, type ObjectPolicy } from "../model/policy";
import { byFlags, FLAG_KINDS } from "./flags";

/** Who did what can be found out later. */
export const auditLogKept: ObjectPolicy = {
  kind: "object",
  name: "audit-log-kept",
  title:
    "The API server writes an audit log and keeps it as long as traceability asks (setting auditDays, 90 by default)",
  why: "WLCG's security teams ask sites weeks later which user's payload ran where; without the log nobody can say who made a pod.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "1.2.16, 1.2.17, 3.2.1" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0067" },
  ],
  remediation: "Set audit-policy-file, audit-log-path and audit-log-maxage of at least that many days.",
  kinds: FLAG_KINDS,
  check: (object, settings) =>
    byFlags(object, "kube-apiserver", settings, (flags) => {
      const missing = [
        ...(flags.get("audit-policy-file") === undefined ? ["audit-policy-file"] : []),
        ...((flags.get("audit-log-path") ?? flags.get("audit-webhook-config-file")) ? [] : ["audit-log-path"]),
      ];
      const age = flags.get("audit-log-maxage");
      const days = Number(age?.value ?? 0);
      // 0 keeps for ever, and no version's default is below a year.
      const short = age !== undefined && days !== 0 && !(days >= settings.auditDays);
      return [
        ...missing.map((name) => violation(flags.place, `--${name} is not given`)),
        ...(short ? [violation(age.at, `logs are kept for ${age.value} of ${settings.auditDays} days`)] : []),
      ];
    }),
};

import { notApplicable, type ObjectPolicy } from "../model/policy";
import { shipsLogs } from "./logShippers";

/** A question asked three months later still has an answer. */
export const logArchiveKept: ObjectPolicy = {
  kind: "object",
  name: "log-archive-kept",
  title: "The archive of logs keeps them for the days that traceability asks (settings auditDays, logArchiveDays)",
  why: "Abuse is often noticed weeks later, elsewhere. WLCG's sites must then say who ran the job and where, from logs of at least 90 days.",
  level: "mandatory",
  severity: "medium",
  frameworks: [{ framework: "WLCG", version: "log retention", control: "at least 90 days" }],
  remediation: "Agree on a longer time with those who run the archive, and write it as logs.retentionDays.",
  kinds: ["apps/DaemonSet"],
  check: (object, settings) => {
    if (!shipsLogs(object, settings)) {
      return notApplicable("this ships no logs");
    }
    if (settings.logArchiveDays === undefined) {
      return notApplicable("nobody says how long the archive keeps them");
    }
    return settings.logArchiveDays >= settings.auditDays
      ? []
      : [{ path: "", message: `the archive keeps logs for ${settings.logArchiveDays} of ${settings.auditDays} days` }];
  },
};

import { isOfKind } from "../model/objects";
import type { ObjectSetPolicy } from "../model/policy";
import { LOG_SHIPPERS, shipsLogs } from "./logShippers";

/** What happened on a machine is known after the machine is gone. */
export const logsShipped: ObjectSetPolicy = {
  kind: "objects",
  name: "logs-shipped",
  title: "Logs leave the machines as they are written",
  why: "A machine is replaced rather than fixed, and its audit log and the output of its jobs go with it: nobody can then say who ran what there.",
  level: "advisory",
  severity: "medium",
  frameworks: [
    { framework: "WLCG", version: "log retention", control: "per-job records kept at least 90 days" },
    { framework: "NSA/CISA hardening guidance", version: "1.2", control: "audit logging: logs kept off the host" },
  ],
  remediation: `Name an archive in the stack file's section logs, or run one of ${LOG_SHIPPERS.join(", ")} as a DaemonSet.`,
  kinds: ["Namespace"],
  check: (objects, settings) =>
    objects.some((object) => isOfKind(object, ["apps/DaemonSet"]) && shipsLogs(object, settings))
      ? []
      : [{ path: "", message: "no DaemonSet ships logs" }],
};

import { violation, type ObjectPolicy } from "../model/policy";
import { daysOf } from "./durations";
import { byProgram, flagOf } from "./programs";

/** What Prometheus keeps when nothing is said. */
const DEFAULT_DAYS = 15;
/** An accounting record is made after its period, and corrected some weeks later. */
const AFTERWARDS_DAYS = 31;

/** Accounting finds its numbers, also after a restart. */
export const prometheusRetention: ObjectPolicy = {
  kind: "object",
  name: "prometheus-retention",
  title: "Prometheus keeps metrics for an accounting period and a month more, on a volume (setting accountingDays)",
  why: "APEL records are made from Prometheus: what it has dropped by then is work the site is not credited for. On an emptyDir one eviction drops everything.",
  level: "mandatory",
  severity: "medium",
  frameworks: [{ framework: "atlas-site", version: "1", control: "retention ≥ accounting period + 1 month" }],
  remediation: "Set --storage.tsdb.retention.time, and keep the data on a PersistentVolumeClaim.",
  kinds: ["apps/StatefulSet", "apps/Deployment"],
  check: (object, settings) =>
    byProgram(object, settings, "prometheus", (container) => {
      const { root, kind } = object;
      const needed = settings.accountingDays + AFTERWARDS_DAYS;
      const flag = flagOf(container, "storage.tsdb.retention.time");
      const days = flag === undefined ? DEFAULT_DAYS : (daysOf(flag.value) ?? 0);
      const claims = kind === "StatefulSet" ? root.at("spec", "volumeClaimTemplates").items : [];
      const volumes = root.at("spec", "template", "spec", "volumes").items;
      const kept = claims.length > 0 || volumes.some((volume) => volume.at("persistentVolumeClaim").present);
      return [
        ...(days >= needed ? [] : [violation(flag?.at ?? container, `metrics are kept for ${days} of ${needed} days`)]),
        ...(kept ? [] : [violation(root.at("spec", "template", "spec", "volumes"), "there is no claim to a volume")]),
      ];
    }),
};

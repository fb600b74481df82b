/** Cross-checks: what no single value shows. Each is a pure function of the site. */
import { addressChecks } from "./checks/addresses";
import { clusterChecks } from "./checks/cluster";
import { cvmfsChecks } from "./checks/cvmfs";
import { harvesterChecks } from "./checks/harvester";
import { lazyImageChecks } from "./checks/lazyImages";
import { logChecks } from "./checks/logs";
import { machineChecks } from "./checks/machines";
import { magnumChecks } from "./checks/magnum";
import { magnumLabelChecks } from "./checks/magnumLabels";
import { monitoringChecks } from "./checks/monitoring";
import { networkChecks } from "./checks/networks";
import { queueChecks } from "./checks/queues";
import { quotaChecks } from "./checks/quota";
import { securityChecks } from "./checks/security";
import { storageChecks } from "./checks/storage";
import type { Check } from "./checks/check";
import type { Path, Problem } from "./problem";
import type { Site } from "./site";

/** Every cross-check, in the order their problems are told. */
export const checks: readonly Check[] = [
  ...clusterChecks,
  ...magnumLabelChecks,
  ...magnumChecks,
  ...networkChecks,
  ...addressChecks,
  ...machineChecks,
  ...quotaChecks,
  ...queueChecks,
  ...cvmfsChecks,
  ...lazyImageChecks,
  ...storageChecks,
  ...securityChecks,
  ...harvesterChecks,
  ...monitoringChecks,
  ...logChecks,
];

/**
 * Runs the cross-checks whose ground is sound.
 * @param damaged paths of values that are stand-ins
 */
export function crossCheck(site: Site, damaged: readonly Path[]): Problem[] {
  return checks
    .filter((check) => !check.needs.some((need) => damaged.some((path) => isLost(need, path))))
    .flatMap((check) => check.run(site));
}

/** Whether what a pattern means is lost when the value at a path is. */
export function isLost(need: string, damaged: Path): boolean {
  const deep = need.endsWith(".**");
  const pattern = (deep ? need.slice(0, -3) : need).split(".");
  if (damaged.length > pattern.length && !deep) {
    return false;
  }
  return pattern.slice(0, damaged.length).every((key, i) => key === "*" || key === String(damaged[i]));
}

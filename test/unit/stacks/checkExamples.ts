/** Examples of all cross-checks. */
import { cvmfsExamples } from "./cvmfsExamples";
import type { Example } from "./exampleParts";
import { harvesterExamples } from "./harvesterExamples";
import { logExamples } from "./logExamples";
import { machineExamples } from "./machineExamples";
import { magnumExamples } from "./magnumExamples";
import { monitoringExamples } from "./monitoringExamples";
import { networkExamples } from "./networkExamples";
import { securityExamples } from "./securityExamples";
import { storageExamples } from "./storageExamples";

/** Every one of them, at least one a check. */
export const examples: readonly Example[] = [
  ...networkExamples,
  ...machineExamples,
  ...magnumExamples,
  ...storageExamples,
  ...cvmfsExamples,
  ...harvesterExamples,
  ...securityExamples,
  ...monitoringExamples,
  ...logExamples,
];

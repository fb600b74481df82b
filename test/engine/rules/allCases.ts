/** Every case of an alert. */
import { batchCases } from "./batchCases";
import { controlPlaneCases } from "./controlPlaneCases";
import { jobCases } from "./jobCases";
import { machineCases } from "./machineCases";
import type { AlertCase } from "./ruleCase";
import { serviceCases } from "./serviceCases";
import { monitoringCases } from "./monitoringCases";

export const alertCases: readonly AlertCase[] = [
  ...batchCases,
  ...jobCases,
  ...machineCases,
  ...controlPlaneCases,
  ...serviceCases,
  ...monitoringCases,
];

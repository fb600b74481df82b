import { containersOf, podsOf } from "../model/pods";
import { isOfKind } from "../model/objects";
import { notApplicable, type ObjectSetPolicy } from "../model/policy";
import { programOf } from "./programs";

/** Programs that make accounting records. */
const PROGRAMS = ["kuantifier", "kuantifier-processor", "kapel", "auditor-apel-plugin"];

/** A pledged site reports its use. */
export const accountingPresent: ObjectSetPolicy = {
  kind: "objects",
  name: "accounting-present",
  title: "A pledged site has a CronJob that makes accounting records (setting pledged)",
  why: "What is not reported to APEL did not happen: the site's pledge counts as not delivered, and records cannot be made for long afterwards.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "WLCG", version: "2026", control: "APEL accounting" }],
  remediation: `Declare the accounting layer: a CronJob that runs one of ${PROGRAMS.join(", ")}.`,
  kinds: ["Namespace"],
  check: (objects, settings) => {
    if (!settings.pledged) {
      return notApplicable("the site is not pledged", "pledged");
    }
    const made = objects
      .filter((object) => isOfKind(object, ["batch/CronJob", "apps/Deployment"]))
      .flatMap((object) => podsOf(object, settings))
      .some((pod) => containersOf(pod).some((container) => PROGRAMS.includes(programOf(container))));
    return made ? [] : [{ path: "", message: `nothing runs one of ${PROGRAMS.join(", ")}` }];
  },
};

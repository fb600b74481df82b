/** Policies on jobs and on what becomes of them, in the order of the reference page. */
import type { Policy } from "../model/policy";
import { activeDeadlineSet } from "./activeDeadlineSet";
import { disruptionsIgnored } from "./disruptionsIgnored";
import { jobEnds } from "./jobEnds";
import { jobNameLabelKept } from "./jobNameLabelKept";
import { noRetries } from "./noRetries";
import { onePodPerJob } from "./onePodPerJob";
import { queueForJobs } from "./queueForJobs";
import { ttlAfterFinished } from "./ttlAfterFinished";

/** Every policy of the group. */
export const jobPolicies: readonly Policy[] = [
  ttlAfterFinished,
  noRetries,
  onePodPerJob,
  jobEnds,
  activeDeadlineSet,
  disruptionsIgnored,
  queueForJobs,
  jobNameLabelKept,
];

/** What of the table of fields comes from the site. */
import type { Queue } from "../../../../stacks/site/site";
import { CVMFS_CLAIM, PILOTS_STARTER, PROXY_SECRET } from "../../names";
import type { JobLimits } from "./job";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Harvester's own bound where CRIC has no maxtime: 4 x 24 x 23,600 s, by a slip in its source for 3,600. */
const HARVESTER_DEFAULT_RUN_SECONDS = 2_265_600;

/** Time a finished Job may be kept, if no queue of the site keeps its Jobs longer; production templates have up to two days. */
const KEEP_SECONDS = 14 * DAY;

/** The bounds of a site's Jobs: never less than what its own templates and Harvester write. */
export function jobLimits(queues: Readonly<Record<string, Pick<Queue, "maxHours" | "keepFinishedHours">>>): JobLimits {
  const all = Object.values(queues);
  return {
    runSeconds: Math.max(HARVESTER_DEFAULT_RUN_SECONDS, ...all.map(({ maxHours }) => maxHours * HOUR)),
    keepSeconds: Math.max(KEEP_SECONDS, ...all.map(({ keepFinishedHours }) => keepFinishedHours * HOUR)),
    secret: PROXY_SECRET,
    starter: PILOTS_STARTER,
    claim: CVMFS_CLAIM,
  };
}

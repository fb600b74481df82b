/** What storage adds to the rest of the site. */
import type { Contribution } from "../cluster/contribution";
import { localVolumes } from "./plan";

/** Directories of local volumes on the machines of their pool. */
export const storageContribution: Contribution = { feature: "storage", machines: localVolumes };

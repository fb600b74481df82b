/** What storage adds to the rest of the site. */
import type { Contribution } from "../cluster/contribution";
import { localVolumes } from "./plan";

/** Directories of local volumes on the machines of their pool; the credentials of Cinder's driver. */
export const storageContribution: Contribution = {
  feature: "storage",
  machines: localVolumes,
  requiredSecrets: ({ storage }) =>
    storage.class === "cinder" ? [{ key: "cloudCredentials", path: ["storage", "class"] }] : [],
};

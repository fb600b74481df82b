/** What a Harvester inside the cluster adds to the rest of the site. */
import type { Contribution } from "../cluster/contribution";

/** Volumes of the service and, with MariaDB, of its database server, which needs a password. */
export const harvesterContribution: Contribution = {
  feature: "harvester",
  requiredSecrets: ({ harvester }) =>
    harvester.mode === "inCluster" && harvester.database === "mariadb"
      ? [{ key: "databasePassword", path: ["harvester", "database"] }]
      : [],
  claims: ({ harvester }) =>
    harvester.mode === "remote"
      ? []
      : [
          {
            poolPath: ["harvester", "pool"],
            pool: harvester.pool,
            sizePath: ["harvester", "volumeGb"],
            sizeGb: harvester.volumeGb,
            count: harvester.database === "mariadb" ? 2 : 1,
            spread: false,
          },
        ],
};

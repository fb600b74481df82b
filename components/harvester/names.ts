/** Names that Harvester, its job template and the handover meet at. The first three are Harvester's own: it knows no others. */

/** Volume whose size Harvester decides: a scratch of another name would have no limit. */
export const SCRATCH_VOLUME = "pilot-dir";

/** Where the scratch is in the pod: Harvester's default, which TMPDIR and HOME point at. */
export const SCRATCH_PATH = "/pilotdir";

/** Start of every Job's name; Harvester puts `-` and its worker id behind it. */
export const JOB_NAME = "grid-job";

/** Where the pod finds the files of Harvester's `proxy-secret`. */
export const PROXY_PATH = "/proxy";

/** File with the grid proxy, in the secret and where Harvester takes it from: the name that ATLAS' central Harvester uses. */
export const PROXY_FILE = "x509up_u25606_prod";

/** Container of the pilot. */
export const PILOT_CONTAINER = "job-container";

/** Name of a Harvester inside the cluster: its ServiceAccount, StatefulSet and label. */
export const SERVICE = "harvester";

/** Name of that Harvester's database server: StatefulSet, Service and label. */
export const DATABASE = "harvester-database";

/** TCP port of the database server. */
export const DATABASE_PORT = 3306;

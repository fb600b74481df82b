/** Decisions on a Harvester inside the cluster: where things are in its container, where it runs, what it asks for. */
import type { InClusterHarvester, Queue } from "../../stacks/site/site";
import type { Resources } from "../kubernetes/resources";
import { poolPlacement, type Placement } from "../kubernetes/placement";
import type { SiteContext } from "../cluster/siteContext";
import type { ClosedNetworks } from "../security/queuePolicies";
import type { JobSite } from "./jobTemplate";
import { PROXY_FILE } from "./names";
import type { HarvesterPaths, SizedSite } from "./queueConfiguration";

/** User `atlpan` of Harvester's image, by the order in which its build makes accounts. */
export const HARVESTER_UID = 1000;

/** Group `zp` of the image, by the same order. */
export const HARVESTER_GID = 1001;

/** Database, logs and work directories: the volume. */
export const STATE = "/var/lib/harvester";

/** What the program configures, read-only. */
export const CONFIGURATION = "/etc/harvester/configuration";

/** Proxies and tokens that the operator's Secret holds. */
export const CREDENTIALS = "/etc/harvester/credentials";

/** The ServiceAccount's token and the cluster's CA. */
export const API_ACCESS = "/etc/harvester/api";

/** Where Harvester's image has its virtual environment, and looks for configuration. */
export const INSTALLATION = "/opt/harvester";

/** Seconds until a token is renewed at the latest; Harvester reads it anew with each plugin it makes. */
export const TOKEN_SECONDS = 3600;

/** What it asks of its node: an estimate from what others give it, nowhere measured. */
export const SERVICE_REQUESTS: Resources = { cpuMilli: 500, memoryMb: 1024 };

/** MiB above which it is ended and started anew. */
export const SERVICE_MEMORY_LIMIT_MB = 4096;

/** What the database server asks of its node; an estimate too. */
export const DATABASE_REQUESTS: Resources = { cpuMilli: 250, memoryMb: 1024 };

/** The file that a living Harvester writes to all the time: every one of its agents asks the database every minute. */
export const LIVE_LOG = `${STATE}/log/panda-db_proxy.log`;

/** Seconds that its agents get to end what they are at. */
export const STOP_SECONDS = 150;

/** Seconds after which the pod is killed: more than its agents get. */
export const GRACE_SECONDS = 180;

/** Where a queue's things are in the container. */
export function servicePaths(queue: string): HarvesterPaths {
  return {
    template: `${CONFIGURATION}/${templateFile(queue)}`,
    kubeconfig: `${CONFIGURATION}/kubeconfig.yaml`,
    proxy: `${CREDENTIALS}/${PROXY_FILE}`,
    workers: `${STATE}/workers`,
  };
}

/** File of a queue's job template. */
export function templateFile(queue: string): string {
  return `job-${queue}.yaml`;
}

/** What a Harvester inside the cluster needs to know of its site. */
export interface ServiceSite extends SiteContext, ClosedNetworks, JobSite, SizedSite {
  readonly network: SiteContext["network"];
  readonly cvmfs: JobSite["cvmfs"];
  readonly capabilities: SiteContext["capabilities"];
  /** The stack file's section of Harvester. */
  readonly harvester: InClusterHarvester;
  /** The queues it serves, by name. */
  readonly queues: Readonly<Record<string, Queue>>;
}

/** Nodes of Harvester's pool. */
export function servicePlacement({
  capabilities,
  harvester,
}: Pick<ServiceSite, "capabilities" | "harvester">): Placement {
  return poolPlacement(capabilities, harvester.pool);
}

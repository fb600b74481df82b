/** What layers and components are given of a site, for tests that start from a whole one. */
import type { AccountedSite } from "../../components/accounting/accountedSite";
import { capabilities, type Capabilities } from "../../components/cluster/capabilities";
import type { NodeLoad } from "../../components/cluster/capacity";
import { jobBounds, nodeLoad, scrapeTargets } from "../../components/features/features";
import type { ClientSite } from "../../components/cvmfs/clientConfig";
import type { CvmfsArgs } from "../../components/cvmfs/Cvmfs";
import type { SquidArgs } from "../../components/cvmfs/Squid";
import type { ServiceSite } from "../../components/harvester/servicePlan";
import { harvesterSubject } from "../../components/harvester/remoteAccess";
import { monitoredSite, type MonitoredSite } from "../../components/monitoring/monitoredSite";
import type { QueueNamespaceArgs } from "../../components/security/QueueNamespace";
import { planLocalVolumes, requiredStorageClass, type LocalVolumePlan } from "../../components/storage/plan";
import type { ShippingSite } from "../../components/traceability/collectorConfiguration";
import type { CsiCvmfs, Site, Squid } from "../../stacks/site/site";

/** A site, what the program may rely on in its cluster, and what its features contribute to nodes and jobs. */
export type KnownSite = Site & { capabilities: Capabilities; load: NodeLoad } & ReturnType<typeof jobBounds>;

/** The site, as layers and components get it. */
export function known(site: Site): KnownSite {
  return { ...site, ...jobBounds(site), capabilities: capabilities(site), load: nodeLoad(site) };
}

/** A value that the test's site must have. */
function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`the test's site has no ${what}`);
  }
  return value;
}

/** A site with CVMFS. */
export function clientSite(site: Site): ClientSite & ReturnType<typeof known> {
  return { ...known(site), cvmfs: present(site.cvmfs.mode === "none" ? undefined : site.cvmfs, "CVMFS") };
}

/** A site with CVMFS by CSI. */
export function csiSite(site: Site): ReturnType<typeof known> & { cvmfs: CsiCvmfs } {
  return { ...known(site), cvmfs: present(site.cvmfs.mode === "csi" ? site.cvmfs : undefined, "CVMFS by CSI") };
}

/** What `Cvmfs` is made from. */
export function cvmfsArgs(site: Site): CvmfsArgs {
  return { ...known(site), monitored: site.monitoring.mode !== "none" };
}

/** The squids of a site. */
export function squidOf(site: Site): Squid {
  return present(clientSite(site).cvmfs.squid, "squid");
}

/** What `Squid` is made from. */
export function squidArgs(site: Site): SquidArgs {
  const storageClass = requiredStorageClass(site.storage, "squids keep their caches");
  const retainClaims = site.storage.class === "local";
  return {
    ...known(site),
    monitored: site.monitoring.mode !== "none",
    squid: squidOf(site),
    storageClass,
    retainClaims,
  };
}

/** A site with monitoring. */
export function monitored(site: Site): MonitoredSite {
  return present(monitoredSite(site, scrapeTargets(site)), "monitoring");
}

/** A site with a Harvester in the cluster. */
export function serviceSite(site: Site): ServiceSite {
  const { harvester } = site;
  return { ...known(site), harvester: present(harvester.mode === "remote" ? undefined : harvester, "Harvester") };
}

/** A site with accounting. */
export function accountingArgs(site: Site): AccountedSite {
  const { accounting } = site;
  return { ...monitored(site), accounting: present(accounting.mode === "none" ? undefined : accounting, "accounting") };
}

/** A site with an archive of logs. */
export function shippingSite(site: Site): ShippingSite {
  const archive = present(site.logs.mode === "none" ? undefined : site.logs, "archive of logs");
  return { ...known(site), archive, monitored: site.monitoring.mode !== "none" };
}

/** What the `QueueNamespace` of a queue is made from. */
export function queueArgs(site: Site, queueName: string): QueueNamespaceArgs {
  const queueCount = Object.keys(site.queues).length;
  const queue = present(site.queues[queueName], `queue ${queueName}`);
  return { ...known(site), queueName, queue, queueCount, harvesterSubject: harvesterSubject(site) };
}

/** The local volumes of a site; none where storage is of another class. */
export function localVolumesOf(site: Site): LocalVolumePlan[] {
  return site.storage.class === "local" ? planLocalVolumes(known(site), site.storage) : [];
}

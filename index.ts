/** The program: read the site, build its layers from the ground up, say what came of it. */
// First, so that it is in force before the first resource.
import "./stacks/site/promiseTraces";
import type { ComponentResource } from "@pulumi/pulumi";
import { Accounting } from "./components/accounting/Accounting";
import { inCluster } from "./components/cluster/Cluster";
import { provision } from "./components/cluster/provision";
import { siteContext } from "./components/cluster/siteContext";
import { Cvmfs } from "./components/cvmfs/Cvmfs";
import { CvmfsClaim } from "./components/cvmfs/CvmfsClaim";
import { jobBounds, machineAdditions, nodeLoad, openings, scrapeTargets } from "./components/features/features";
import { harvesterHandover } from "./components/harvester/handover";
import { HarvesterService } from "./components/harvester/HarvesterService";
import { harvesterClients, harvesterKubeconfigs, harvesterSubject } from "./components/harvester/remoteAccess";
import { monitoredSite } from "./components/monitoring/monitoredSite";
import { Monitoring } from "./components/monitoring/Monitoring";
import { PodNetwork } from "./components/network/PodNetwork";
import { operatorClients, operatorKubeconfig } from "./components/security/operators";
import { QueueNamespace } from "./components/security/QueueNamespace";
import { SiteSecurity } from "./components/security/SiteSecurity";
import { requiredStorageClass } from "./components/storage/plan";
import { Storage } from "./components/storage/Storage";
import { LogShipping } from "./components/traceability/LogShipping";
import { currentIdentity, currentSite, secretSetting } from "./stacks/site/currentSite";

export = () => {
  const site = currentSite();
  const context = siteContext(site);
  const clients = { ...operatorClients, ...harvesterClients(site) };
  const load = nodeLoad(site);
  const contributed = { machines: machineAdditions(site), openings: openings(site) };
  const existingKubeconfig = () => secretSetting("kubeconfig");
  const { cluster, credential } = provision(site, clients, contributed, existingKubeconfig, currentIdentity);
  const options = inCluster(cluster);

  const monitored = site.monitoring.mode !== "none";

  new PodNetwork("network", { network: site.network, registryPrefix: site.site.registryPrefix }, options);
  const credentials = secretSetting("cloudCredentials");
  const storage = new Storage("storage", { ...context, storage: site.storage, credentials }, options);
  const jobs = { ...context, ...jobBounds(site), security: site.security, cvmfs: site.cvmfs, queues: site.queues };
  const security = new SiteSecurity("security", jobs, options);
  // Pods of services name priority classes and storage classes, and admission policies must exist before the first Job.
  const after = (...layers: ComponentResource[]) => ({ ...options, dependsOn: layers });
  const ofCvmfs = { ...context, cvmfs: site.cvmfs, storage: site.storage, monitored };
  const cvmfs = new Cvmfs("cvmfs", ofCvmfs, after(security, storage));
  const queues = Object.entries(site.queues);
  const namespaces = queues.map(([queueName, queue]) => {
    const access = { queueName, queue, queueCount: queues.length, harvesterSubject: harvesterSubject(site) };
    const made = new QueueNamespace(queue.namespace, { ...jobs, ...access }, after(security));
    if (site.cvmfs.mode === "csi") {
      new CvmfsClaim(`${queue.namespace}-cvmfs`, { namespace: made.namespace }, after(cvmfs));
    }
    return made;
  });
  const logs: LogShipping[] = [];
  if (site.logs.mode === "otlp") {
    const shipped = {
      ...context,
      archive: site.logs,
      queues: site.queues,
      monitored,
      token: secretSetting("logToken"),
    };
    logs.push(new LogShipping("log-shipping", shipped, after(security)));
  }
  const watched = monitoredSite(site, scrapeTargets(site));
  if (watched !== undefined) {
    const storageClass = requiredStorageClass(site.storage, "Prometheus keeps its data");
    const receivers = secretSetting("alertReceivers");
    // Its rights to find targets are Roles in the namespaces of the others; their pods it need not wait for.
    const targets = after(security, storage, ...cvmfs.namespaces, ...namespaces, ...logs);
    new Monitoring("monitoring", { ...watched, storageClass, receivers }, targets);
  }
  if (site.harvester.mode === "inCluster") {
    const storageClass = requiredStorageClass(site.storage, "Harvester keeps its database");
    const service = { ...jobs, harvester: site.harvester, load, storageClass };
    const databasePassword = secretSetting("databasePassword");
    new HarvesterService("harvester-service", { ...service, databasePassword }, after(security, storage));
  }
  if (watched !== undefined && site.accounting.mode === "kuantifier") {
    new Accounting("accounting", { ...watched, accounting: site.accounting }, after(security, cvmfs));
  }

  return {
    apiUrl: cluster.apiUrl,
    kubeconfig: cluster.kubeconfig,
    operatorKubeconfig: operatorKubeconfig(site.site.name, cluster, credential),
    harvesterKubeconfigs: harvesterKubeconfigs(site, cluster, credential, options),
    harvesterHandover: harvesterHandover({ ...site, capabilities: context.capabilities, load }),
  };
};

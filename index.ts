/** The program: read the site, build its layers from the ground up, say what came of it. */
import type { ComponentResource } from "@pulumi/pulumi";
import { Accounting } from "./components/accounting/Accounting";
import { inCluster } from "./components/cluster/Cluster";
import { provision } from "./components/cluster/provision";
import { together } from "./components/cluster/kubeadm/nodeAddition";
import { Cvmfs } from "./components/cvmfs/Cvmfs";
import { CvmfsClaim } from "./components/cvmfs/CvmfsClaim";
import { hostCvmfs } from "./components/cvmfs/host";
import { harvesterHandover } from "./components/harvester/handover";
import { HarvesterService } from "./components/harvester/HarvesterService";
import { harvesterClients, harvesterKubeconfigs, harvesterSubject } from "./components/harvester/remoteAccess";
import { Monitoring } from "./components/monitoring/Monitoring";
import { PodNetwork } from "./components/network/PodNetwork";
import { operatorClients, operatorKubeconfig } from "./components/security/operators";
import { QueueNamespace } from "./components/security/QueueNamespace";
import { SiteSecurity } from "./components/security/SiteSecurity";
import { localVolumes, storageClassName } from "./components/storage/plan";
import { Storage } from "./components/storage/Storage";
import { LogShipping } from "./components/traceability/LogShipping";
import { currentSite, secretSetting } from "./stacks/site/currentSite";

export = () => {
  const site = currentSite();
  const clients = { ...operatorClients, ...harvesterClients(site) };
  const additions = together([hostCvmfs(site), localVolumes(site)]);
  const { cluster, credential } = provision(site, clients, additions, () => secretSetting("kubeconfig"));
  const options = inCluster(cluster);

  new PodNetwork("network", { network: site.network, registryPrefix: site.site.registryPrefix }, options);
  const storageClass = storageClassName(site.storage);
  const storage = new Storage("storage", { site, credentials: secretSetting("cloudCredentials") }, options);
  const security = new SiteSecurity("security", { site }, options);
  // Pods of services name priority classes and storage classes, and no Job may come before the rules.
  const after = (...layers: ComponentResource[]) => ({ ...options, dependsOn: layers });
  const cvmfs = new Cvmfs("cvmfs", { site }, after(security, storage));
  const namespaces = Object.entries(site.queues).map(([queue, { namespace }]) => {
    const subject = harvesterSubject(site);
    const made = new QueueNamespace(namespace, { site, queue, harvesterSubject: subject }, after(security));
    if (site.cvmfs.mode === "csi") {
      new CvmfsClaim(`${namespace}-cvmfs`, { namespace: made.namespace }, after(cvmfs));
    }
    return made;
  });
  const token = secretSetting("logToken");
  const logs = site.logs.mode === "otlp" ? [new LogShipping("log-shipping", { site, token }, after(security))] : [];
  if (site.monitoring.mode === "prometheus") {
    const receivers = secretSetting("alertReceivers");
    // Its rights to find targets are Roles in the namespaces of the others; their pods it need not wait for.
    const watched = after(security, storage, ...cvmfs.namespaces, ...namespaces, ...logs);
    new Monitoring("monitoring", { site, storageClass, receivers }, watched);
  }
  if (site.harvester.mode === "inCluster") {
    const databasePassword = secretSetting("databasePassword");
    new HarvesterService("harvester-service", { site, storageClass, databasePassword }, after(security, storage));
  }
  if (site.accounting.mode === "kuantifier") {
    new Accounting("accounting", { site }, after(security, cvmfs));
  }

  return {
    apiUrl: cluster.apiUrl,
    kubeconfig: cluster.kubeconfig,
    operatorKubeconfig: operatorKubeconfig(site, cluster, credential),
    harvesterKubeconfigs: harvesterKubeconfigs(site, cluster, credential),
    harvesterHandover: harvesterHandover(site),
  };
};

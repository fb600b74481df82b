/** The program: read the site, build its layers from the ground up, say what came of it. */
import { inCluster } from "./components/cluster/Cluster";
import { provision } from "./components/cluster/provision";
import { together } from "./components/cluster/kubeadm/nodeAddition";
import { Cvmfs } from "./components/cvmfs/Cvmfs";
import { CvmfsClaim } from "./components/cvmfs/CvmfsClaim";
import { hostCvmfs } from "./components/cvmfs/host";
import { harvesterHandover } from "./components/harvester/handover";
import { HarvesterService } from "./components/harvester/HarvesterService";
import { harvesterClients, harvesterKubeconfigs, harvesterSubject } from "./components/harvester/remoteAccess";
import { PodNetwork } from "./components/network/PodNetwork";
import { operatorClients, operatorKubeconfig } from "./components/security/operators";
import { QueueNamespace } from "./components/security/QueueNamespace";
import { SiteSecurity } from "./components/security/SiteSecurity";
import { localVolumes, storageClassName } from "./components/storage/plan";
import { Storage } from "./components/storage/Storage";
import { currentSite, secretSetting } from "./stacks/currentSite";

export = () => {
  const site = currentSite();
  const clients = { ...operatorClients, ...harvesterClients(site) };
  const additions = together([hostCvmfs(site), localVolumes(site)]);
  const { cluster, credential } = provision(site, clients, additions, () => secretSetting("kubeconfig"));
  const options = inCluster(cluster);

  new PodNetwork("network", { network: site.network, registryPrefix: site.site.registryPrefix }, options);
  const storage = new Storage("storage", { site, credentials: secretSetting("cloudCredentials") }, options);
  const security = new SiteSecurity("security", { site }, options);
  // Pods of services name priority classes and storage classes, and no Job may come before the rules.
  const after = (...layers: (Storage | SiteSecurity | Cvmfs)[]) => ({ ...options, dependsOn: layers });
  const cvmfs = new Cvmfs("cvmfs", { site }, after(security, storage));
  for (const [queue, { namespace }] of Object.entries(site.queues)) {
    const made = new QueueNamespace(
      namespace,
      { site, queue, harvesterSubject: harvesterSubject(site) },
      after(security),
    );
    if (site.cvmfs.mode === "csi") {
      new CvmfsClaim(`${namespace}-cvmfs`, { namespace: made.namespace }, after(cvmfs));
    }
  }
  if (site.harvester.mode === "inCluster") {
    const databasePassword = secretSetting("databasePassword");
    const storageClass = storageClassName(site.storage);
    new HarvesterService("harvester-service", { site, storageClass, databasePassword }, after(security, storage));
  }

  return {
    apiUrl: cluster.apiUrl,
    kubeconfig: cluster.kubeconfig,
    operatorKubeconfig: operatorKubeconfig(site, cluster, credential),
    harvesterKubeconfigs: harvesterKubeconfigs(site, cluster, credential),
    harvesterHandover: harvesterHandover(site),
  };
};

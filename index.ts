/** The program: read the site, build its layers from the ground up, say what came of it. */
import * as pulumi from "@pulumi/pulumi";
import { inCluster } from "./components/cluster/Cluster";
import { provision } from "./components/cluster/provision";
import { together } from "./components/cluster/kubeadm/nodeAddition";
import {
  HARVESTER,
  harvesterIdentity,
  harvesterKubeconfigs,
  harvesterSubject,
} from "./components/harvester/remoteAccess";
import { Cvmfs } from "./components/cvmfs/Cvmfs";
import { hostCvmfs } from "./components/cvmfs/host";
import { PodNetwork } from "./components/network/PodNetwork";
import { QueueNamespace } from "./components/security/QueueNamespace";
import { SiteSecurity } from "./components/security/SiteSecurity";
import { localVolumes } from "./components/storage/plan";
import { Storage } from "./components/storage/Storage";
import { currentSite, existingKubeconfig } from "./stacks/currentSite";

export = () => {
  const site = currentSite();
  const additions = together([hostCvmfs(site), localVolumes(site)]);
  const { cluster, credential } = provision(site, { [HARVESTER]: harvesterIdentity }, additions, existingKubeconfig);

  new PodNetwork("network", { network: site.network, registryPrefix: site.site.registryPrefix }, inCluster(cluster));
  const security = new SiteSecurity("security", { site }, inCluster(cluster));
  // Their pods name priority classes and storage classes, which must be there first.
  const storage = new Storage("storage", { site }, inCluster(cluster));
  new Cvmfs("cvmfs", { site }, { ...inCluster(cluster), dependsOn: [security, storage] });
  for (const [queue, { namespace }] of Object.entries(site.queues)) {
    new QueueNamespace(namespace, { site, queue, harvesterSubject: harvesterSubject(site) }, inCluster(cluster));
  }

  return {
    apiUrl: cluster.apiUrl,
    kubeconfig: cluster.kubeconfig,
    harvesterKubeconfigs:
      credential === undefined ? {} : pulumi.secret(harvesterKubeconfigs(site, cluster, credential(HARVESTER))),
  };
};

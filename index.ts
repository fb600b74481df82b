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
import { PodNetwork } from "./components/network/PodNetwork";
import { QueueNamespace } from "./components/security/QueueNamespace";
import { currentSite, existingKubeconfig } from "./stacks/currentSite";

export = () => {
  const site = currentSite();
  const additions = together([]);
  const { cluster, credential } = provision(site, { [HARVESTER]: harvesterIdentity }, additions, existingKubeconfig);

  new PodNetwork("network", { network: site.network, registryPrefix: site.site.registryPrefix }, inCluster(cluster));
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

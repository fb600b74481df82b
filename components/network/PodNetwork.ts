import * as pulumi from "@pulumi/pulumi";
import type { PodNetwork as PodNetworkSection } from "../../stacks/site/site";
import { Flannel } from "./Flannel";
import { PolicyEngine } from "./PolicyEngine";

/** What the `PodNetwork` is made from. */
export interface PodNetworkArgs {
  /** The stack file's network section. */
  network: PodNetworkSection;
  /** Mirror of all images; undefined: their own registries. */
  registryPrefix?: string;
}

/** Network inside the cluster: pod network and policy engine. kube-proxy and CoreDNS are kubeadm's. */
export class PodNetwork extends pulumi.ComponentResource {
  constructor(name: string, args: PodNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:network:PodNetwork", name, {}, opts);
    const { network, registryPrefix } = args;
    if (network.plugin === "flannel") {
      new Flannel(`${name}-flannel`, { podCidr: network.podCidr, registryPrefix }, { parent: this });
    }
    if (network.policyEngine !== "none") {
      new PolicyEngine(`${name}-policy`, { engine: network.policyEngine, registryPrefix }, { parent: this });
    }
    this.registerOutputs({});
  }
}

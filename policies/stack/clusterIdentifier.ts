import { violation, type ResourcePolicy } from "../model/policy";

/** A new address or a new certificate is not a new cluster. */
export const clusterIdentifier: ResourcePolicy = {
  kind: "resource",
  name: "cluster-identifier",
  title: "Every Kubernetes provider has a clusterIdentifier",
  why: "Without it Pulumi guesses from the kubeconfig whether it is the same cluster: renewed credentials may then replace, that is delete and make anew, every object of the site.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "atlas-site", version: "1", control: "explicit identity of the cluster" }],
  remediation: "Set clusterIdentifier on the provider to a name that lives as long as the cluster's etcd.",
  types: ["pulumi:providers:kubernetes"],
  check: ({ props }) => {
    const identifier = props.at("clusterIdentifier");
    return (identifier.text ?? "") === "" ? [violation(identifier, "it is not set")] : [];
  },
};

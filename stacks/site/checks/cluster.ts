/** Whether the sections that describe the cluster belong together. */
import { versions } from "../../../versions";
import { capabilities } from "../../../components/cluster/capabilities";
import type { Problem } from "../problem";
import type { Site } from "../site";
import { cloudSection, type Check } from "./check";

/** A provisioner builds on machines of the section cloud, or its cluster brings its own. */
function machinesForProvisioner(site: Site): Problem[] {
  const { provisioner } = site.cluster;
  const wanted = capabilities(site).cloudSection;
  const isGiven = cloudSection(site) !== undefined;
  if (wanted === "required" && !isGiven) {
    const expected = `machines for the cluster that cluster.provisioner ${provisioner} makes`;
    return [{ path: ["cloud"], seen: "missing", expected, fix: "add the section atlas-site:cloud" }];
  }
  if (wanted === "forbidden" && isGiven) {
    const seen = "got machines that would never join a cluster";
    const expected = `no cloud section when cluster.provisioner is ${provisioner}`;
    return [{ path: ["cloud"], seen, expected, fix: "remove the section, or write provisioner: kubeadm" }];
  }
  return [];
}

/** Each Kubernetes minor has its own configuration formats; only those the program writes are allowed. */
function supportedVersion(site: Site): Problem[] {
  const kubernetes = capabilities(site).controlPlane?.kubernetes;
  if (kubernetes === undefined) {
    return [];
  }
  const minor = kubernetes.split(".").slice(0, 2).join(".");
  return (versions.kubernetesMinors as readonly string[]).includes(minor)
    ? []
    : [
        {
          path: ["cluster", "kubernetes"],
          seen: `got ${kubernetes}`,
          expected: `a version of ${versions.kubernetesMinors.join(", ")}`,
          fix: `write e.g. ${versions.kubernetes}`,
        },
      ];
}

/** Checks on how cloud and cluster section fit. */
export const clusterChecks: readonly Check[] = [
  {
    title: "a kubeadm cluster has machines, any other has none of ours",
    needs: ["cloud", "cluster.provisioner"],
    run: machinesForProvisioner,
  },
  {
    title: "the Kubernetes version is one the program can configure",
    needs: ["cluster.provisioner", "cluster.kubernetes"],
    run: supportedVersion,
  },
];

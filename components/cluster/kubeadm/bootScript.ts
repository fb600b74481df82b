/** The program a machine runs once, at its first boot, to become a node. It must be readable on the machine itself. */
import { join } from "node:path";
import type { MachinePlan } from "../../cloud/plan";
import type { ClusterPlan } from "./clusterPlan";
import { API_SERVER_PORT } from "../../kubernetes/ports";
import { apiEndpoint } from "./clusterPlan";
import { bashProgram } from "../../kubernetes/programFile";
import { KERNEL_UNIT } from "./kernelSettings";
import { PATCHES_DIRECTORY } from "./kubeadmConfig";

/** Where the files of the user data lie on a machine. */
export const BOOT_FILES = {
  script: "/usr/local/sbin/atlas-site-node",
  initConfig: "/etc/atlas-site/init.yaml",
  joinConfig: "/etc/atlas-site/join.yaml",
  /** The CAs lie here and are copied to kubeadm's place before each try: `kubeadm reset` empties that. */
  pki: "/etc/atlas-site/pki",
  ca: "/etc/atlas-site/pki/ca.crt",
  metadataRules: "/etc/nftables.d/atlas-site-metadata.nft",
  /** An image may name preflight checks that cannot pass on it, comma-separated; production images bring no such file. */
  preflightIgnored: "/etc/kubernetes/preflight-ignored",
} as const;

/**
 * First-boot rule: an API that answers with our CA is joined; else index 0 of the control plane makes the cluster;
 * else the machine waits and asks again, until its deadline.
 * @param commands of other layers, before containerd starts
 * @param tokenId public half of the pool's bootstrap token: cluster-info carries a signature by it once it is valid
 */
export function bootScript(
  plan: ClusterPlan,
  machine: MachinePlan,
  commands: readonly string[],
  tokenId: string,
): string {
  const peers = plan.controlPlane.filter((peer) => peer.name !== machine.name);
  return bashProgram(join(__dirname, "node.sh"), {
    DEADLINE_SECONDS: plan.kubeadm.joinDeadlineMinutes * 60,
    ROLE: machine.role === "control-plane" ? "control-plane" : "worker",
    MAY_INIT: machine.role === "control-plane" && machine.index === 0 ? "yes" : "no",
    API_ENDPOINT: apiEndpoint(plan),
    PEER_ENDPOINTS: peers.map((peer) => `${peer.address}:${API_SERVER_PORT}`),
    TOKEN_ID: tokenId,
    PKI: BOOT_FILES.pki,
    INIT_CONFIG: BOOT_FILES.initConfig,
    JOIN_CONFIG: BOOT_FILES.joinConfig,
    PATCHES: PATCHES_DIRECTORY,
    PREFLIGHT_IGNORED: BOOT_FILES.preflightIgnored,
    KERNEL_UNIT,
    FEATURE_COMMANDS: commands.join("\n"),
  });
}

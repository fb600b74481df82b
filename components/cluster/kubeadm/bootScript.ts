/** The program a machine runs once, at its first boot, to become a node. It must be readable on the machine itself. */
import type { MachinePlan } from "../../cloud/plan";
import type { ClusterPlan } from "./clusterPlan";
import { API_SERVER_PORT } from "../../kubernetes/ports";
import { apiEndpoint } from "./clusterPlan";
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
  const mayInit = machine.role === "control-plane" && machine.index === 0;
  const peers = plan.controlPlane
    .filter((peer) => peer.name !== machine.name)
    .map((peer) => `${peer.address}:${API_SERVER_PORT}`);
  return `#!/bin/bash
# Makes this machine a node of ${plan.name}. Runs once, by cloud-init; what it says is on the console.
set -u
deadline=$((SECONDS + ${plan.kubeadm.joinDeadlineMinutes * 60}))

say() { echo "atlas-site [$(cut -d' ' -f1 /proc/uptime)s] $*" | tee -a /var/log/atlas-site-node.log > /dev/console; }

# Answers at one of these addresses an API that our CA signed?
api_answers() {
  local endpoint
  for endpoint in "$@"; do
    curl -sf --max-time 3 --cacert ${BOOT_FILES.ca} -o /dev/null "https://$endpoint/readyz" && return 0
  done
  return 1
}

# Is this pool's token known there? Joining before would only wait inside kubeadm, in steps of five seconds.
token_valid() {
  curl -sf --max-time 3 --cacert ${BOOT_FILES.ca} \\
    "https://${apiEndpoint(plan)}/api/v1/namespaces/kube-public/configmaps/cluster-info" | grep -q 'jws-kubeconfig-${tokenId}'
}

give_up() {
  say "GAVE UP: $*. kubelet's last words:"
  journalctl -u kubelet -n 20 --no-pager -o cat > /dev/console 2>&1
  exit 1
}

run_kubeadm() {
  local ignored=""
${machine.role === "control-plane" ? `  mkdir -p /etc/kubernetes/pki && cp -a ${BOOT_FILES.pki}/. /etc/kubernetes/pki/\n` : ""}  [ -r ${BOOT_FILES.preflightIgnored} ] && ignored="--ignore-preflight-errors=$(cat ${BOOT_FILES.preflightIgnored})"
  say "kubeadm $1"
  kubeadm "$1" --config "$2" $ignored >> /var/log/atlas-site-node.log 2>&1
}

# Tries again from a clean slate until the deadline.
insist() {
  until run_kubeadm "$1" "$2"; do
    say "$1 failed: $(grep -E 'error|ERROR' /var/log/atlas-site-node.log | tail -n 1)"
    [ $SECONDS -lt $deadline ] || give_up "kubeadm $1 failed until the deadline"
    kubeadm reset --force > /dev/null 2>&1
    sleep 5
  done
}

mkdir -p ${PATCHES_DIRECTORY}
systemctl daemon-reload
systemctl enable --now ${KERNEL_UNIT} || give_up "the kernel is not ready for a node, for the reason above"
${commands.map(firstly).join("")}systemctl enable --now atlas-site-metadata.service containerd.service || give_up "containerd did not start"
systemctl enable kubelet.service

${mayInit ? initBlock(plan, peers) : ""}
say "waits for the Kubernetes API at ${apiEndpoint(plan)}"
until token_valid; do
  [ $SECONDS -lt $deadline ] || give_up "no API with our CA and our token at ${apiEndpoint(plan)} before the deadline"
  sleep 1
done
insist join ${BOOT_FILES.joinConfig}
say "joined the cluster"
`;
}

/** What another layer wants done before the machine is a node; its failure is told and does not end the boot. */
function firstly(command: string): string {
  return `${command} || say "FAILED, and went on: ${command.replaceAll(/["$`\\\\]/g, "")}"\n`;
}

/** Only index 0 carries this: with other control-plane machines about, it looks for their cluster first. */
function initBlock(plan: ClusterPlan, peers: readonly string[]): string {
  const tries = peers.length === 0 ? 1 : 10;
  return `# A cluster that lives already is joined, never made anew: that would be a second one with the same name.
cluster_lives=no
for attempt in $(seq ${tries}); do
  api_answers ${[apiEndpoint(plan), ...peers].join(" ")} && { cluster_lives=yes; break; }
  [ "$attempt" = ${tries} ] || sleep 2
done
if [ $cluster_lives = no ]; then
  insist init ${BOOT_FILES.initConfig}
  say "made the cluster"
  exit 0
fi
`;
}

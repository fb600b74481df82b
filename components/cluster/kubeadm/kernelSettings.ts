/** The kernel state a node needs, set and checked before the kubelet starts, at every boot. */

/** Where its files are on a machine. */
export const KERNEL_FILES = {
  script: "/usr/local/sbin/atlas-site-kernel",
  unit: "/etc/systemd/system/atlas-site-kernel.service",
  sysctls: "/etc/sysctl.d/90-atlas-site.conf",
} as const;

/** The unit's name, as systemctl takes it. */
export const KERNEL_UNIT = "atlas-site-kernel.service";

/** Kernel settings a node needs. */
export function sysctls(): string {
  return [
    "net.ipv4.ip_forward = 1",
    "net.ipv4.conf.all.rp_filter = 0",
    // Packets between two pods of one node cross a bridge. Unless netfilter sees them there, Services (DNS first) and
    // NetworkPolicies do not hold between pods of one node. The keys exist only while br_netfilter is loaded.
    "net.bridge.bridge-nf-call-iptables = 1",
    "net.bridge.bridge-nf-call-ip6tables = 1",
    "fs.inotify.max_user_instances = 8192",
    "",
  ].join("\n");
}

/**
 * Loads br_netfilter, sets our sysctls after those of the image, and turns swap off. It checks the result: the unit, and
 * with it the kubelet, fails with the reason on the console when the kernel is not as a node needs it.
 */
export function kernelScript(): string {
  return `#!/bin/bash
# Prepares this machine's kernel for the kubelet. Runs before the kubelet at every boot.
set -u

fail() {
  echo "atlas-site: the kernel is not ready for a node: $*" | tee /dev/console >&2
  exit 1
}

# kubeadm no longer checks for this module, and no other program loads it.
said=$(modprobe br_netfilter 2>&1)
[ -e /proc/sys/net/bridge/bridge-nf-call-iptables ] ||
  fail "no br_netfilter, without which Services and NetworkPolicies do not hold between pods of one node; fix: an image with this kernel module (modprobe: \${said:-no output})"
said=$(sysctl -q -p ${KERNEL_FILES.sysctls} 2>&1) || fail "sysctl -p ${KERNEL_FILES.sysctls}: $said"

# A flavor or an image may bring swap, and at each boot its /etc/fstab turns it on again. The kubelet does not start with it.
said=$(swapoff -a 2>&1)
left=$(awk 'NR > 1 { print $1 }' /proc/swaps | xargs)
[ -z "$left" ] || fail "swap is still on ($left); fix: a flavor and an image without swap (swapoff: \${said:-no output})"
`;
}

/** Unit of the script. The kubelet requires it, so a machine whose kernel is not ready does not become a node. */
export function kernelUnit(): string {
  return [
    "[Unit]",
    "Description=Prepare the kernel for the kubelet: br_netfilter, sysctls, no swap",
    "After=swap.target systemd-modules-load.service systemd-sysctl.service",
    "Before=kubelet.service",
    "",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    `ExecStart=${KERNEL_FILES.script}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "RequiredBy=kubelet.service",
    "",
  ].join("\n");
}

/** The kernel state a node needs, set and checked before the kubelet starts, at every boot. */
import { join } from "node:path";
import { bashProgram } from "../../kubernetes/programFile";

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

/** The program that loads br_netfilter, sets our sysctls after those of the image, and turns swap off. */
export function kernelScript(): string {
  return bashProgram(join(__dirname, "kernel.sh"), { SYSCTLS: KERNEL_FILES.sysctls });
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

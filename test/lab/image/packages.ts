/** What the machine image is made of beside our own binaries. */

/** Release of Debian that machines of the lab run. */
export const debianRelease = "bookworm";

/** Packages of the machine tree, without recommendations. */
export const machinePackages: readonly string[] = [
  // init and network
  ...["systemd", "systemd-sysv", "dbus", "iproute2", "netbase", "iputils-ping", "kmod", "procps"],
  // what a cloud image brings; the last one is a virtual dependency of cloud-init that is not always resolved
  ...["cloud-init", "openssh-server", "sudo", "ca-certificates", "curl", "less", "python3-cffi-backend"],
  // what a Kubernetes node needs
  ...["runc", "iptables", "nftables", "conntrack", "ipset", "ethtool", "socat", "util-linux", "mount"],
  // what stands in for the CVMFS client: a FUSE daemon for each repository
  "bindfs",
  // not for machines: slices of the tree become images, and this is in one of them
  "squid",
];

/** Packages the host needs in order to make the image and to boot machines. */
export const hostPackages: readonly string[] = ["mmdebstrap", "systemd-container"];

/** Binaries that go into every machine, and where. */
export const machineBinaries: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["containerd", "containerd-shim-runc-v2", "ctr", "kubelet", "kubeadm", "kubectl"].map((name) => [
      name,
      `usr/local/bin/${name}`,
    ]),
  ),
  ...Object.fromEntries(["bridge", "host-local", "loopback", "portmap"].map((name) => [name, `opt/cni/bin/${name}`])),
};

/** Units that cost time at boot, or run at odd moments, and do nothing for a machine that lives for minutes. */
export const maskedUnits: readonly string[] = [
  ...["apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer"],
  ...["e2scrub_reap.service", "systemd-networkd-wait-online.service", "systemd-pstore.service"],
  ...["getty.target", "console-getty.service", "systemd-update-utmp.service", "systemd-update-utmp-runlevel.service"],
  ...["systemd-machine-id-commit.service", "systemd-journal-flush.service", "systemd-binfmt.service"],
  ...["systemd-firstboot.service", "systemd-sysusers.service", "modprobe@.service", "kmod-static-nodes.service"],
  ...["cloud-init-hotplugd.socket", "remote-fs.target", "systemd-ask-password-wall.path"],
  ...["sys-kernel-debug.mount", "sys-kernel-tracing.mount", "sys-kernel-config.mount", "dev-hugepages.mount"],
  ...["systemd-udevd.service", "systemd-udev-trigger.service"],
  ...["squid.service", "logrotate.timer"],
];

/** Units that start at boot. containerd and the kubelet are not among them: the site's user data starts them. */
export const enabledUnits: readonly string[] = [
  "lab-host.service",
  "lab-cvmfs.service",
  "systemd-networkd.service",
  "ssh.service",
  ...["cloud-init-local.service", "cloud-init.service", "cloud-config.service", "cloud-final.service"],
];

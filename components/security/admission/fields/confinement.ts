/** Fields that pods and containers share: users, and what the kernel lets processes do. */
import { allow, refuse, ruled, type Fields } from "./decision";

/** Part of the security context of a pod and of a container. */
export const confinementFields: Fields = {
  runAsUser: ruled("The pilot's user.", "not-root"),
  runAsNonRoot: ruled("The kubelet refuses user 0.", "not-root"),
  runAsGroup: ruled("The pilot's group.", "no-root-group"),
  seccompProfile: allow("Filter on system calls.", {
    of: {
      type: ruled("RuntimeDefault, or Unconfined where the queue says so.", "seccomp-confined"),
      localhostProfile: refuse("The site installs no profiles on its nodes, so the container would never start."),
    },
  }),
  appArmorProfile: allow("The runtime's AppArmor profile.", {
    of: {
      type: ruled("The runtime's.", "apparmor-confined"),
      localhostProfile: refuse("The site installs no profiles on its nodes, so the container would never start."),
    },
  }),
  seLinuxOptions: allow("SELinux label of the processes, where nodes have SELinux.", {
    of: {
      type: ruled("A container's type.", "selinux-container-type"),
      user: ruled("None.", "selinux-container-type"),
      role: ruled("None.", "selinux-container-type"),
      level: allow("Separates pods from one another."),
    },
  }),
};

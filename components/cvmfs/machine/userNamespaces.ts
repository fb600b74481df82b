/** Kernel settings for unprivileged user namespaces, in which ATLAS payloads are run by apptainer inside the pilot's pod. */
import type { BootFile } from "../../cluster/kubeadm/nodeAddition";

/** The settings. `-` before a name: a kernel that does not know it is none the worse. */
export function userNamespacesFile(): BootFile {
  return {
    path: "/etc/sysctl.d/95-atlas-site-user-namespaces.conf",
    content: [
      "# A queue on this machine asks for seccomp Unconfined, so that its pilots can use apptainer.",
      "-user.max_user_namespaces = 15000",
      "# Debian's own switch, and Ubuntu's since 23.10.",
      "-kernel.unprivileged_userns_clone = 1",
      "-kernel.apparmor_restrict_unprivileged_userns = 0",
      "",
    ].join("\n"),
    permissions: "0644",
  };
}

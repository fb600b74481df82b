/** Rules on what the processes of a pod may do and become. */
import { SECCOMP_LABEL } from "../names";
import { celList, celText, type Rule } from "./rule";

/** Capabilities that Baseline lets a container add. */
const BASELINE_CAPABILITIES = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** SELinux types of containers; "" is the runtime's default. */
const SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

const UNCONFINED_IN_NAMESPACE = `namespaceObject.metadata.?labels[?${celText(SECCOMP_LABEL)}].orValue('') == 'Unconfined'`;

const seccomp = (of: string) =>
  `${of}.?securityContext.?seccompProfile.?type.orValue('') != 'Unconfined' || ${UNCONFINED_IN_NAMESPACE}`;

const appArmor = (of: string) => `${of}.?securityContext.?appArmorProfile.?type.orValue('') != 'Unconfined'`;

/** Before 1.30 AppArmor was an annotation for each container, which API servers still read. */
const APPARMOR_ANNOTATIONS =
  "variables.annotations.all(key, !key.startsWith('container.apparmor.security.beta.kubernetes.io/') || " +
  "variables.annotations[key] in ['', 'runtime/default'] || variables.annotations[key].startsWith('localhost/'))";

const seLinux = (of: string) => {
  const option = (name: string) => `${of}.?securityContext.?seLinuxOptions.?${name}.orValue('')`;
  return `${option("type")} in ${celList(SELINUX_TYPES)} && ${option("user")} == '' && ${option("role")} == ''`;
};

/** -1: nobody said. A container's own word goes before the pod's. */
const POD_USER = "variables.pod.?securityContext.?runAsUser.orValue(-1)";
const USER = `c.?securityContext.?runAsUser.orValue(${POD_USER})`;
const NON_ROOT =
  "c.?securityContext.?runAsNonRoot.orValue(variables.pod.?securityContext.?runAsNonRoot.orValue(false))";

/** Without a word on the group, the image's account database decides, and a user it does not know gets group 0. */
const GROUP = "c.?securityContext.?runAsGroup.orValue(variables.pod.?securityContext.?runAsGroup.orValue(0))";
const POD_GROUPS =
  "variables.pod.?securityContext.?fsGroup.orValue(1) > 0 && " +
  "variables.pod.?securityContext.?supplementalGroups.orValue([]).all(group, group > 0)";

/** The rules, the same for every site. */
export const privilegeRules: readonly Rule[] = [
  {
    name: "no-privilege-escalation",
    standard: "restricted",
    container: "!c.?securityContext.?allowPrivilegeEscalation.orValue(true)",
    fields: ["containers[*].securityContext.allowPrivilegeEscalation"],
    advice: "set it to false; left out it means true",
    why: "A set-uid program in the image, or one a payload brings, would make the job root.",
  },
  {
    name: "not-root",
    standard: "restricted",
    pod: `${POD_USER} != 0`,
    container: `${USER} > 0 || (${USER} == -1 && ${NON_ROOT})`,
    fields: ["securityContext.runAsUser", "containers[*].securityContext.runAsUser"],
    advice: "set runAsUser to a user other than 0 (10000 in ATLAS images), or runAsNonRoot to true",
    why: "Root in a container is root behind every hole of the kernel.",
  },
  {
    name: "no-root-group",
    standard: "site",
    pod: `${POD_GROUPS} && variables.pod.?securityContext.?runAsGroup.orValue(1) > 0`,
    container: `${GROUP} > 0`,
    fields: [
      "securityContext.runAsGroup",
      "securityContext.fsGroup",
      "securityContext.supplementalGroups",
      "containers[*].securityContext.runAsGroup",
    ],
    advice: "set runAsGroup to a group other than 0 (10000 in ATLAS images), and name no group 0 elsewhere",
    why: "Files and sockets of the node that root shares with its group, containerd's socket among them, open to group 0.",
  },
  {
    name: "baseline-capabilities",
    standard: "baseline",
    container: `c.?securityContext.?capabilities.?add.orValue([]).all(name, name in ${celList(BASELINE_CAPABILITIES)})`,
    fields: ["containers[*].securityContext.capabilities.add"],
    advice: "remove what is added, and drop ALL; a pilot needs no capability",
    why: "Capabilities beyond a container's default are parts of root.",
  },
  {
    name: "seccomp-confined",
    standard: "baseline",
    pod: seccomp("variables.pod"),
    container: seccomp("c"),
    fields: ["securityContext.seccompProfile.type", "containers[*].securityContext.seccompProfile.type"],
    advice:
      "use RuntimeDefault, or ask the site to set `seccomp: Unconfined` for the queue if its payloads need apptainer",
    why: "Without the filter every system call of the kernel is open; only queues whose pilots make user namespaces need that.",
  },
  {
    name: "apparmor-confined",
    standard: "baseline",
    pod: `(${appArmor("variables.pod")}) && ${APPARMOR_ANNOTATIONS}`,
    container: appArmor("c"),
    fields: ["securityContext.appArmorProfile.type", "containers[*].securityContext.appArmorProfile.type"],
    advice: "remove it, or use RuntimeDefault or Localhost",
    why: "The runtime's profile guards what the kernel shows below /proc and /sys.",
  },
  {
    name: "selinux-container-type",
    standard: "baseline",
    pod: seLinux("variables.pod"),
    container: seLinux("c"),
    fields: ["securityContext.seLinuxOptions", "containers[*].securityContext.seLinuxOptions"],
    advice: `remove user and role; type may be ${SELINUX_TYPES.filter(Boolean).join(", ")}`,
    why: "Another type leaves the container's own confinement.",
  },
];

import { apparmorNotUnconfined } from "../../../../policies/pods/apparmorNotUnconfined";
import { dropAllCapabilities } from "../../../../policies/pods/dropAllCapabilities";
import { noDangerousCapabilities } from "../../../../policies/pods/noDangerousCapabilities";
import { noPrivilegeEscalation } from "../../../../policies/pods/noPrivilegeEscalation";
import { noUnmaskedProc } from "../../../../policies/pods/noUnmaskedProc";
import { noWindowsHostProcess } from "../../../../policies/pods/noWindowsHostProcess";
import { procMountDefault } from "../../../../policies/pods/procMountDefault";
import { safeSysctls } from "../../../../policies/pods/safeSysctls";
import { seccompNotUnconfined } from "../../../../policies/pods/seccompNotUnconfined";
import { seccompRuntimeDefault } from "../../../../policies/pods/seccompRuntimeDefault";
import { selinuxTypes } from "../../../../policies/pods/selinuxTypes";
import { job, NO_POD, pod, type PolicyCases } from "../policyCases";

const confined = (context: string) => pod(`containers: [{ name: a, securityContext: ${context} }]`);
const whole = (context: string, containers = "[{ name: a }]") =>
  pod(`securityContext: ${context}\ncontainers: ${containers}`);
const windows = pod("os: { name: windows }\ncontainers: [{ name: a }]");
const sysctl = (name: string) => whole(`{ sysctls: [{ name: ${name}, value: '1' }] }`);
const unmasked = "containers: [{ securityContext: { procMount: Unmasked } }]";

const ofQueue = (namespace: string) =>
  whole("{ seccompProfile: { type: Unconfined } }").replace("namespace: somewhere", `namespace: ${namespace}`);
const HARVESTER_TEMPLATE = job(
  "securityContext: { seccompProfile: { type: Unconfined } }\nvolumes: [{ name: p, secret: { secretName: proxy-secret } }]",
).replace(", namespace: queue", "");

/** Cases of the policies on what keeps a container from the kernel. */
export const cases: readonly PolicyCases[] = [
  {
    policy: noPrivilegeEscalation,
    pass: { forbidden: confined("{ allowPrivilegeEscalation: false }") },
    fail: {
      "nothing said": { given: pod("containers: [{ name: a }]"), tells: "spec.containers[0].securityContext.allow" },
      allowed: { given: confined("{ allowPrivilegeEscalation: true }"), tells: 'container "a" does not' },
    },
    notApplicable: { "no pod": NO_POD, Windows: windows },
    unknown: { whether: confined("{ allowPrivilegeEscalation: !unknown }") },
  },
  {
    policy: dropAllCapabilities,
    pass: { dropped: confined("{ capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } }") },
    fail: {
      "nothing dropped": { given: pod("containers: [{ name: a }]"), tells: "does not drop ALL" },
      "one of them dropped": { given: confined("{ capabilities: { drop: [KILL] } }"), tells: "capabilities.drop" },
      "one added": { given: confined("{ capabilities: { drop: [ALL], add: [CHOWN] } }"), tells: 'adds "CHOWN"' },
    },
    notApplicable: { "no pod": NO_POD, Windows: windows },
    unknown: { "what is dropped": confined("{ capabilities: { drop: !unknown } }") },
  },
  {
    policy: noDangerousCapabilities,
    pass: { "the runtime's own": confined("{ capabilities: { add: [CHOWN, SYS_CHROOT] } }") },
    fail: {
      "raw sockets": { given: confined("{ capabilities: { add: [NET_RAW] } }"), tells: "capabilities.add[0]" },
      "a spelling nobody knows": { given: confined("{ capabilities: { add: [CAP_CHOWN] } }"), tells: "CAP_CHOWN" },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which one": confined("{ capabilities: { add: [!unknown] } }") },
  },
  {
    policy: seccompNotUnconfined,
    pass: {
      "nothing said": pod("containers: [{}]"),
      "a profile": confined("{ seccompProfile: { type: Localhost } }"),
      "a queue whose site says so": { given: ofQueue("somewhere"), settings: { unconfinedNamespaces: ["somewhere"] } },
      "a Harvester template of a site with such a queue": {
        given: HARVESTER_TEMPLATE,
        settings: { unconfinedNamespaces: ["somewhere"] },
      },
    },
    fail: {
      "another queue of that site": {
        given: ofQueue("other"),
        tells: "Unconfined",
        settings: { unconfinedNamespaces: ["somewhere"] },
      },
      "a Harvester template of a site without such a queue": { given: HARVESTER_TEMPLATE, tells: "Unconfined" },
      "the pod": {
        given: whole("{ seccompProfile: { type: Unconfined } }"),
        tells: 'the pod has seccomp profile "Unconf',
      },
      "a container": { given: confined("{ seccompProfile: { type: Unconfined } }"), tells: "spec.containers[0]" },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: {
      "which profile": confined("{ seccompProfile: { type: !unknown } }"),
      "which queue": { given: ofQueue("!unknown x"), settings: { unconfinedNamespaces: ["somewhere"] } },
    },
  },
  {
    policy: seccompRuntimeDefault,
    pass: {
      "from the pod": whole("{ seccompProfile: { type: RuntimeDefault } }"),
      "each of its own": confined("{ seccompProfile: { type: Localhost } }"),
      "Unconfined in a queue whose site says so": {
        given: ofQueue("somewhere"),
        settings: { unconfinedNamespaces: ["somewhere"] },
      },
    },
    fail: {
      "nothing said": { given: pod("containers: [{ name: a }]"), tells: 'neither container "a" nor the pod' },
      "one of two": {
        given: pod("containers: [{ name: a, securityContext: { seccompProfile: { type: Localhost } } }, { name: b }]"),
        tells: "spec.containers[1].securityContext.seccompProfile",
      },
      "a bad one of the pod, though each has its own": {
        given: whole(
          "{ seccompProfile: { type: Unconfined } }",
          "[{ securityContext: { seccompProfile: { type: Localhost } } }]",
        ),
        tells: "spec.securityContext.seccompProfile: the pod has",
      },
    },
    notApplicable: { "no pod": NO_POD, Windows: windows },
    unknown: { "the pod's": whole("!unknown"), "a container's": confined("!unknown") },
  },
  {
    policy: apparmorNotUnconfined,
    pass: {
      "nothing said": pod("containers: [{}]"),
      "the old way": pod("{}", "").replace(
        "namespace: somewhere",
        'annotations: { "container.apparmor.security.beta.kubernetes.io/a": localhost/x }',
      ),
    },
    fail: {
      "a container": { given: confined("{ appArmorProfile: { type: Unconfined } }"), tells: "appArmorProfile.type" },
      "the old way": {
        given: pod("{}").replace(
          "namespace: somewhere",
          'annotations: { "container.apparmor.security.beta.kubernetes.io/a": unconfined }',
        ),
        tells: 'metadata.annotations["container.apparmor',
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which profile": confined("{ appArmorProfile: !unknown }") },
  },
  {
    policy: selinuxTypes,
    pass: { "a type for containers": whole("{ seLinuxOptions: { type: container_engine_t, level: s0, user: '' } }") },
    fail: {
      "another type": { given: confined("{ seLinuxOptions: { type: spc_t } }"), tells: 'SELinux type "spc_t"' },
      "a role": {
        given: whole("{ seLinuxOptions: { role: sysadm_r } }"),
        tells: "spec.securityContext.seLinuxOptions.role",
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which type": confined("{ seLinuxOptions: { type: !unknown } }") },
  },
  {
    policy: noUnmaskedProc,
    pass: {
      "the default": confined("{ procMount: Default }"),
      "users of its own": pod(`hostUsers: false\n${unmasked}`),
    },
    fail: {
      unmasked: { given: pod(unmasked), tells: "spec.containers[0].securityContext.procMount" },
      "users of its own, before 1.35": {
        given: pod(`hostUsers: false\n${unmasked}`),
        tells: '"Unmasked"',
        settings: { podSecurityVersion: "1.34" },
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which mount": confined("{ procMount: !unknown }") },
  },
  {
    policy: procMountDefault,
    pass: { "the default": confined("{ procMount: Default }") },
    fail: { "users of its own": { given: pod(`hostUsers: false\n${unmasked}`), tells: "procMount" } },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which mount": confined("{ procMount: !unknown }") },
  },
  {
    policy: safeSysctls,
    pass: {
      "a safe one": sysctl("net.ipv4.tcp_syncookies"),
      "one that became safe": { given: sysctl("net.ipv4.tcp_notsent_lowat"), settings: { podSecurityVersion: "1.37" } },
    },
    fail: {
      "one of the node": { given: sysctl("kernel.msgmax"), tells: 'sysctl "kernel.msgmax"' },
      "one that is not safe yet": {
        given: sysctl("net.ipv4.tcp_notsent_lowat"),
        tells: "safe ones of Kubernetes 1.36",
      },
      "one named like a part of the language": { given: sysctl("constructor"), tells: '"constructor"' },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which one": sysctl("!unknown") },
  },
  {
    policy: noWindowsHostProcess,
    pass: { "said to be false": confined("{ windowsOptions: { hostProcess: false } }") },
    fail: { "a container": { given: confined("{ windowsOptions: { hostProcess: true } }"), tells: "hostProcess" } },
    notApplicable: { "no pod": NO_POD },
    unknown: { whether: whole("{ windowsOptions: !unknown }") },
  },
];

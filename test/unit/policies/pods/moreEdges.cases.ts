import { noDefaultServiceAccount } from "../../../../policies/pods/noDefaultServiceAccount";
import { noLatestTag } from "../../../../policies/pods/noLatestTag";
import { noNodeName } from "../../../../policies/pods/noNodeName";
import { noRuntimeSocket } from "../../../../policies/pods/noRuntimeSocket";
import { podCanStart } from "../../../../policies/pods/podCanStart";
import { proxySecretGuarded } from "../../../../policies/pods/proxySecretGuarded";
import { safeSysctls } from "../../../../policies/pods/safeSysctls";
import { seccompNotUnconfined } from "../../../../policies/pods/seccompNotUnconfined";
import { selinuxTypes } from "../../../../policies/pods/selinuxTypes";
import { volumeTypes } from "../../../../policies/pods/volumeTypes";
import { wholeCoreRequests } from "../../../../policies/pods/wholeCoreRequests";
import { job, pod, type MoreCases } from "../policyCases";

const context = (text: string) => pod(`containers: [{ name: a, securityContext: { ${text} } }]`);
const folder = (path: string) => pod(`volumes: [{ name: v, hostPath: { path: ${path} } }]`);
const image = (name: string) => pod(`containers: [{ name: a, image: "${name}" }]`);
const PROXY_VOLUME = "{ name: p, secret: { secretName: proxy-secret, defaultMode: 0400 } }";

/** Edges of the policies on pods, the other half. */
export const more: readonly MoreCases[] = [
  {
    policy: noDefaultServiceAccount,
    fail: {
      "an empty name": { given: job("serviceAccountName: ''\ncontainers: [{ name: a }]"), tells: "serviceAccountName" },
    },
  },
  {
    policy: noLatestTag,
    fail: { "an empty tag": { given: image("r.example/a:"), tells: "spec.containers[0].image" } },
  },
  { policy: noNodeName, pass: { "an empty name": job("nodeName: ''\ncontainers: [{ name: a }]") } },
  {
    policy: noRuntimeSocket,
    pass: {
      "a snap's folder of another place": folder("/srv/var/snap/docker"),
      "another folder of the snap": folder("/var/snap/docker/common/etc/config"),
      "another program's folder in /proc": folder("/srv/proc/1/root/run/x"),
      "a folder called so elsewhere": folder("/srv/var/run/notify"),
      "a socket whose name only begins so": folder("/run/docker.sockets"),
      "no path": pod("volumes: [{ name: v, hostPath: { path: 1 } }]"),
    },
    fail: {
      "with a step on the spot": { given: folder("/./run/./docker.sock"), tells: "/run/docker.sock" },
      "of a process with a long number": { given: folder("/proc/4711/root/run/crio"), tells: "/run/crio/crio.sock" },
      "the whole node by a process": { given: folder("/proc/4711/root"), tells: "holds the runtime's socket" },
      ...Object.fromEntries(
        ["docker", "containerd", "crio", "podman", "nri", "k3s", "k0s", "host-containerd", "buildkit"].map((name) => [
          `the folder of ${name}`,
          { given: folder(`/run/${name}`), tells: `/run/${name}/` },
        ]),
      ),
    },
  },
  {
    policy: podCanStart,
    pass: {
      "a request that is no number": {
        given: job("containers: [{ name: a, resources: { requests: { cpu: many } } }]"),
        settings: { flavors: { f: { vcpus: 8, ramMb: 1 } } },
      },
    },
  },
  {
    policy: proxySecretGuarded,
    pass: {
      "another volume, mounted for writing": job(
        `containers: [{ name: a, volumeMounts: [{ name: o, mountPath: /o }, { name: p, mountPath: /p, readOnly: true }] }]\nvolumes: [{ name: o, emptyDir: {} }, ${PROXY_VOLUME}]`,
      ),
      "an item whose mode is not said": job(
        "containers: [{ name: a }]\nvolumes: [{ name: p, secret: { secretName: proxy-secret, defaultMode: 0400, items: [{ key: k, path: p }] } }]",
      ),
      "another secret in the same volume": job(
        "containers: [{ name: a, volumeMounts: [{ name: p, mountPath: /p }] }]\nvolumes: [{ name: p, projected: { sources: [{ secret: { name: other } }] } }, { name: q, secret: { secretName: proxy-secret, defaultMode: 0400 } }]",
      ),
    },
    fail: {
      "for writing, by its place": {
        given: job(`containers: [{ name: a, volumeMounts: [{ name: p, mountPath: /p }] }]\nvolumes: [${PROXY_VOLUME}]`),
        tells: "volumeMounts[0].readOnly: the proxy is mounted for writing",
      },
      "a mode that is not said": {
        given: job("containers: [{ name: a }]\nvolumes: [{ name: p, secret: { secretName: proxy-secret } }]"),
        tells: "secret.defaultMode: the proxy has mode 0644",
      },
    },
  },
  {
    policy: safeSysctls,
    fail: {
      "one that is safe in a later version": {
        given: pod("securityContext: { sysctls: [{ name: net.ipv4.tcp_notsent_lowat, value: '1' }] }"),
        tells: "sysctl",
        settings: { podSecurityVersion: "1.36" },
      },
      "none that anybody knows": {
        given: pod("securityContext: { sysctls: [{ name: kernel.msgmax, value: '1' }] }"),
        tells: "kernel.msgmax",
      },
    },
    pass: Object.fromEntries(
      ["net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"].map((name) => [
        name,
        {
          given: pod(`securityContext: { sysctls: [{ name: ${name}, value: '1' }] }`),
          settings: { podSecurityVersion: "1.37" },
        },
      ]),
    ),
  },
  {
    policy: seccompNotUnconfined,
    pass: {
      "the runtime's own": context("seccompProfile: { type: RuntimeDefault }"),
      "one of the node": context("seccompProfile: { type: Localhost, localhostProfile: p }"),
    },
    fail: {
      "a namespace whose name nobody says": {
        given: context("seccompProfile: { type: Unconfined }").replace(", namespace: somewhere", ""),
        tells: "spec.containers[0].securityContext.seccompProfile.type",
        settings: { unconfinedNamespaces: ["q"] },
      },
      "an unknown namespace at a site without such queues": {
        given: context("seccompProfile: { type: Unconfined }").replace("somewhere", "!unknown x"),
        tells: "seccompProfile.type",
      },
    },
    unknown: {
      "an unknown namespace": {
        given: context("seccompProfile: { type: Unconfined }").replace("somewhere", "!unknown x"),
        settings: { unconfinedNamespaces: ["q"] },
      },
    },
  },
  {
    policy: selinuxTypes,
    fail: {
      "a user": { given: context("seLinuxOptions: { user: u }"), tells: "has SELinux user" },
      "a role called like a type": {
        given: context("seLinuxOptions: { role: container_t }"),
        tells: "has SELinux role",
      },
    },
  },
  {
    policy: volumeTypes,
    fail: {
      "another type with an allowed path": {
        given: pod("volumes: [{ name: v, nfs: { path: /cvmfs, server: s } }]"),
        tells: "spec.volumes[0].nfs",
      },
    },
  },
  {
    policy: wholeCoreRequests,
    fail: {
      "one container of two": {
        given: job("containers: [{ name: a }, { name: b, resources: { requests: { cpu: 500m } } }]"),
        tells: 'container "b" requests',
      },
    },
  },
];

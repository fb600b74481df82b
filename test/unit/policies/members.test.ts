/**
 * Lists that policies hold, member by member: a case shows what a policy does with one of them, here none may be lost or
 * misspelt. They are written once more from what the policies name as their source, not read from the policies.
 */
import { describe, expect, test } from "vitest";
import { noOpenPorts } from "../../../policies/cloud/noOpenPorts";
import { TYPES } from "../../../policies/cloud/openstack";
import { apiServerAdmission } from "../../../policies/cluster/apiServerAdmission";
import { apiServerAuthentication } from "../../../policies/cluster/apiServerAuthentication";
import { removedApis } from "../../../policies/cluster/removedApis";
import type { Policy } from "../../../policies/model/policy";
import { noDangerousCapabilities } from "../../../policies/pods/noDangerousCapabilities";
import { noHostNamespaces } from "../../../policies/pods/noHostNamespaces";
import { noProbeHost } from "../../../policies/pods/noProbeHost";
import { noRuntimeSocket } from "../../../policies/pods/noRuntimeSocket";
import { safeSysctls } from "../../../policies/pods/safeSysctls";
import { selinuxTypes } from "../../../policies/pods/selinuxTypes";
import { serviceProbes } from "../../../policies/pods/serviceProbes";
import { volumeTypes } from "../../../policies/pods/volumeTypes";
import { judged, pod, told, verdictOf } from "./policyCases";

const RBAC = "rbac.authorization.k8s.io";

/** Verdict on an object written as JSON, which is YAML. */
function verdictOn(policy: Policy, object: object): string {
  return verdictOf(judged(policy, JSON.stringify(object)));
}

describe("an API that is gone", () => {
  test.each<[string, string[], string]>([
    ["extensions/v1beta1", ["Ingress"], "1.22"],
    ["extensions/v1beta1", ["Deployment", "DaemonSet", "ReplicaSet", "NetworkPolicy", "PodSecurityPolicy"], "1.16"],
    ["apps/v1beta1", ["Deployment", "StatefulSet"], "1.16"],
    ["apps/v1beta2", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"], "1.16"],
    ["networking.k8s.io/v1beta1", ["Ingress", "IngressClass"], "1.22"],
    [`${RBAC}/v1beta1`, ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"], "1.22"],
    [`${RBAC}/v1alpha1`, ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"], "1.22"],
    ["policy/v1beta1", ["PodDisruptionBudget", "PodSecurityPolicy"], "1.25"],
    ["batch/v1beta1", ["CronJob"], "1.25"],
    ["batch/v2alpha1", ["CronJob"], "1.21"],
    ["authentication.k8s.io/v1beta1", ["TokenReview"], "1.22"],
    [
      "authorization.k8s.io/v1beta1",
      ["SubjectAccessReview", "LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview"],
      "1.22",
    ],
    ["events.k8s.io/v1beta1", ["Event"], "1.25"],
    ["autoscaling/v2beta1", ["HorizontalPodAutoscaler"], "1.25"],
    ["autoscaling/v2beta2", ["HorizontalPodAutoscaler"], "1.26"],
    ["discovery.k8s.io/v1beta1", ["EndpointSlice"], "1.25"],
    ["scheduling.k8s.io/v1beta1", ["PriorityClass"], "1.22"],
    ["storage.k8s.io/v1beta1", ["StorageClass", "CSIDriver", "CSINode", "VolumeAttachment"], "1.22"],
    ["flowcontrol.apiserver.k8s.io/v1beta1", ["FlowSchema", "PriorityLevelConfiguration"], "1.26"],
    ["flowcontrol.apiserver.k8s.io/v1beta2", ["FlowSchema", "PriorityLevelConfiguration"], "1.29"],
    ["flowcontrol.apiserver.k8s.io/v1beta3", ["FlowSchema", "PriorityLevelConfiguration"], "1.32"],
  ])("%s is told of, and since when", (apiVersion, kinds, since) => {
    const said = kinds.map((kind) => {
      const object = JSON.stringify({ apiVersion, kind, metadata: { name: "o" } });
      return told(judged(removedApis, object)).join("\n");
    });
    expect(said).toEqual(kinds.map((kind) => `apiVersion: ${kind} of ${apiVersion} is gone since Kubernetes ${since}`));
  });
});

describe("a port for everybody", () => {
  const open = (first?: number, last?: number) => {
    const props = { direction: "ingress", protocol: "tcp", remoteIpPrefix: "0.0.0.0/0" };
    const range = { portRangeMin: first, portRangeMax: last };
    return judged(noOpenPorts, [{ type: TYPES.securityGroupRule, props: { ...props, ...range } }]);
  };
  const closed = [22, 2379, 2380, 6443, 10_250, 10_255, 10_256, 10_257, 10_258, 10_259, 30_000, 32_767];

  test("is refused where something listens that nobody should reach, and nowhere else", () => {
    const around = [...new Set(closed.flatMap((port) => [port - 1, port, port + 1]))];
    const refused = around.filter((port) => verdictOf(open(port, port)) === "fail");
    expect(refused).toEqual([...closed, 30_001, 32_766].sort((one, other) => one - other));
  });

  test("is every port when none is named", () => {
    const said = told(open());
    expect(said).toHaveLength(6);
    expect(said.filter((text) => !text.endsWith("(ports 0 to 65535)"))).toEqual([]);
  });
});

describe("in a pod", () => {
  const inContainer = (policy: Policy, container: string, settings = {}) =>
    verdictOf(judged(policy, pod(`containers: [{ name: c, image: i, ${container} }]`), settings));
  const inSpec = (policy: Policy, spec: string, settings = {}) =>
    verdictOf(judged(policy, pod(`${spec}\ncontainers: [{ name: c, image: i }]`), settings));

  test("each harmless volume passes, and each that Restricted leaves out fails", () => {
    const volume = (type: string) => inSpec(volumeTypes, `volumes: [{ name: v, ${type}: {} }]`);
    const harmless = ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image"];
    harmless.push("persistentVolumeClaim", "projected", "secret");
    expect(harmless.filter((type) => volume(type) !== "pass")).toEqual([]);
    const others = ["hostPath", "nfs", "iscsi", "fc", "rbd", "cephfs", "cinder", "gitRepo", "flexVolume", "glusterfs"];
    expect(others.filter((type) => volume(type) !== "fail")).toEqual([]);
  });

  test("each capability that Baseline lets be added passes", () => {
    const add = (name: string) =>
      inContainer(noDangerousCapabilities, `securityContext: { capabilities: { add: [${name}] } }`);
    const harmless = "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP";
    const names = [...harmless.split(" "), "SETUID", "SYS_CHROOT"];
    expect(names.filter((name) => add(name) !== "pass")).toEqual([]);
    expect(["NET_RAW", "SYS_ADMIN", "ALL", "CAP_CHOWN"].filter((name) => add(name) !== "fail")).toEqual([]);
  });

  test.each<[string, number]>([
    ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range"].map((name): [string, number] => [name, 0]),
    ...["tcp_syncookies", "ping_group_range", "ip_unprivileged_port_start"].map((name): [string, number] => [
      `net.ipv4.${name}`,
      0,
    ]),
    ["net.ipv4.ip_local_reserved_ports", 27],
    ...["keepalive_time", "fin_timeout", "keepalive_intvl", "keepalive_probes"].map((name): [string, number] => [
      `net.ipv4.tcp_${name}`,
      29,
    ]),
    ["net.ipv4.tcp_rmem", 32],
    ["net.ipv4.tcp_wmem", 32],
  ])("sysctl %s is safe since Kubernetes 1.%s", (name, since) => {
    const at = (minor: number) =>
      inSpec(safeSysctls, `securityContext: { sysctls: [{ name: ${name}, value: "1" }] }`, {
        podSecurityVersion: `1.${minor}`,
      });
    expect([at(since), since === 0 ? "fail" : at(since - 1)]).toEqual(["pass", "fail"]);
  });

  test("each SELinux type for containers passes", () => {
    const types = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
    const options = (type: string) =>
      inContainer(selinuxTypes, `securityContext: { seLinuxOptions: { type: ${type} } }`);
    expect(types.filter((type) => options(type) !== "pass")).toEqual([]);
  });

  test("each namespace of the node fails", () => {
    const names = ["hostNetwork", "hostPID", "hostIPC"];
    expect(names.filter((name) => inSpec(noHostNamespaces, `${name}: true`) !== "fail")).toEqual([]);
  });

  test("a host fails in each call that a kubelet makes", () => {
    const calls = ["livenessProbe: {", "readinessProbe: {", "startupProbe: {"].map((open) => [open, "}"]);
    calls.push(...["postStart", "preStop"].map((hook) => [`lifecycle: { ${hook}: {`, "} }"]));
    const all = calls.flatMap(([open, close]) =>
      ["httpGet", "tcpSocket"].map((way) => `${open} ${way}: { port: 1, host: node.example } ${close}`),
    );
    expect(all.filter((call) => inContainer(noProbeHost, call) !== "fail")).toEqual([]);
  });

  test("each runtime's socket fails, by itself and by the folder it is in", () => {
    const mount = (path: string) => inSpec(noRuntimeSocket, `volumes: [{ name: v, hostPath: { path: ${path} } }]`);
    const sockets = ["docker.sock", "containerd/containerd.sock", "crio/crio.sock", "cri-dockerd.sock"];
    sockets.push("podman/podman.sock", "dockershim.sock", "k3s/containerd/containerd.sock", "k0s/containerd.sock");
    sockets.push("buildkit/buildkitd.sock", "nri/nri.sock", "host-containerd/containerd.sock", "isulad.sock");
    sockets.push("balena-engine.sock", "docker/containerd/containerd.sock", "containerd/containerd.sock.ttrpc");
    sockets.push("user/1000/docker.sock");
    const paths = sockets.flatMap((socket) => [`/run/${socket}`, `/var/run/${socket}`, `/proc/1/root/run/${socket}`]);
    const folders = ["/run", "/run/containerd", "/run/crio", "/run/podman", "/run/k3s", "/run/k3s/containerd"];
    folders.push("/run/docker", "/var/run/docker", "/run/buildkit", "/run/nri", "/run/k0s", "/run/host-containerd");
    folders.push("//var//run/", "/proc/1/root", "/var/snap/microk8s/common/run", "/var/snap/docker");
    folders.push("'\\\\.\\pipe\\docker_engine'", "//./pipe/containerd-containerd");
    expect([...paths, ...folders].filter((path) => mount(path) !== "fail")).toEqual([]);
  });
});

describe("everything that lasts", () => {
  test.each(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"])(
    "has probes: a %s without fails",
    (kind) => {
      const template = { metadata: {}, spec: { containers: [{ name: "c", image: "i" }] } };
      const apiVersion = kind === "ReplicationController" ? "v1" : "apps/v1";
      const metadata = { name: "o", namespace: "n" };
      expect(verdictOn(serviceProbes, { apiVersion, kind, metadata, spec: { template } })).toBe("fail");
    },
  );
});

describe("flags of the API server", () => {
  const server = (flag: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: kube-apiserver, namespace: kube-system }\nspec: { containers: [{ name: kube-apiserver, image: i, command: [kube-apiserver, --enable-admission-plugins=NodeRestriction, "${flag}"] }] }\n`;

  test("switch off nothing that the rules stand on", () => {
    const needed = [
      "PodSecurity",
      "NamespaceLifecycle",
      "ServiceAccount",
      "NodeRestriction",
      "ValidatingAdmissionPolicy",
    ];
    const off = (plugin: string) =>
      verdictOf(judged(apiServerAdmission, server(`--disable-admission-plugins=${plugin}`)));
    expect(needed.filter((plugin) => off(plugin) !== "fail")).toEqual([]);
    expect(off("DefaultTolerationSeconds")).toBe("pass");
  });

  test("name no file of tokens and no insecure address", () => {
    const flags = ["--token-auth-file=/f", "--basic-auth-file=/f", "--insecure-bind-address=0.0.0.0"];
    expect(flags.filter((flag) => verdictOf(judged(apiServerAuthentication, server(flag))) !== "fail")).toEqual([]);
  });
});

import { cvmfsFollowsMounts } from "../../../../policies/pods/cvmfsFollowsMounts";
import { hostPathAllowList } from "../../../../policies/pods/hostPathAllowList";
import { hostPathReadOnly } from "../../../../policies/pods/hostPathReadOnly";
import { noHostNamespaces } from "../../../../policies/pods/noHostNamespaces";
import { noHostPorts } from "../../../../policies/pods/noHostPorts";
import { noPrivileged } from "../../../../policies/pods/noPrivileged";
import { noProbeHost } from "../../../../policies/pods/noProbeHost";
import { noRuntimeSocket } from "../../../../policies/pods/noRuntimeSocket";
import { volumeTypes } from "../../../../policies/pods/volumeTypes";
import { NO_POD, pod, type PolicyCases } from "../policyCases";

const folder = (path: string) => pod(`volumes: [{ name: v, hostPath: { path: ${path} } }]`);
const mounted = (mount: string, list = "containers", path = "/cvmfs") =>
  pod(`${list}: [{ name: a, volumeMounts: [${mount}] }]\nvolumes: [{ name: v, hostPath: { path: ${path} } }]`);

/** Cases of the policies on what a pod may have of its node. */
export const cases: readonly PolicyCases[] = [
  {
    policy: noPrivileged,
    pass: {
      "nothing said": pod("containers: [{ name: a }]"),
      "said to be false": pod("containers: [{ name: a, securityContext: { privileged: false } }]"),
      "nothing at all": "kind: Pod",
      "fields of wrong types": pod("containers: { a: 1 }\ninitContainers: [1, null, a]\nephemeralContainers: x"),
    },
    fail: {
      "a container": {
        given: pod("containers: [{ name: a }, { name: b, securityContext: { privileged: true } }]"),
        tells: 'spec.containers[1].securityContext.privileged: container "b" is privileged',
      },
      "an init container of a CronJob": {
        given:
          "apiVersion: batch/v1\nkind: CronJob\nspec: { jobTemplate: { spec: { template: { spec: { initContainers: [{ securityContext: { privileged: true } }] } } } } }",
        tells: "spec.jobTemplate.spec.template.spec.initContainers[0]",
      },
      "one beside an unknown one": {
        given: pod("containers: [{ securityContext: !unknown }, { securityContext: { privileged: true } }]"),
        tells: "spec.containers[1]",
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: {
      "its security context": pod("containers: [{ name: a, securityContext: !unknown }]"),
      "its containers": pod("containers: !unknown"),
    },
  },
  {
    policy: noHostNamespaces,
    pass: { "said to be false": pod("{ hostNetwork: false, hostPID: false, containers: [] }") },
    fail: {
      "the node's network": { given: pod("hostNetwork: true"), tells: "spec.hostNetwork: hostNetwork is true" },
      "its processes": { given: pod("hostPID: true"), tells: "spec.hostPID" },
      "its IPC": { given: pod("hostIPC: true"), tells: "spec.hostIPC" },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "its network": pod("hostNetwork: !unknown") },
  },
  {
    policy: noHostPorts,
    pass: {
      "zero is none": pod("containers: [{ ports: [{ containerPort: 80, hostPort: 0 }, { containerPort: 81 }] }]"),
    },
    fail: {
      "one of two": {
        given: pod("containers: [{ name: a, ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }] }]"),
        tells: 'spec.containers[0].ports[1].hostPort: container "a" takes port 81 of the node',
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "the port": pod("containers: [{ ports: [{ hostPort: !unknown }] }]") },
  },
  {
    policy: hostPathAllowList,
    pass: {
      CVMFS: folder("/cvmfs"),
      "a repository": folder("/cvmfs/unpacked.cern.ch"),
      "a repository, with a slash at its end": folder("/cvmfs/unpacked.cern.ch/"),
      "ATLAS' own directory, as UVic mounts it": folder("/cvmfs/atlas.cern.ch/repo"),
      "other volumes": pod("volumes: [{ name: v, emptyDir: {} }]"),
      "a folder the site allows": { given: folder("/data"), settings: { hostPaths: ["/data"] } },
      "one name in a folder the site allows": { given: folder("/data/x"), settings: { hostPaths: ["/data/*"] } },
    },
    fail: {
      "a path inside a repository, which may be a link": {
        given: folder("/cvmfs/unpacked.cern.ch/img/root"),
        tells: '"/cvmfs/unpacked.cern.ch/img/root" is not among the allowed [/cvmfs, /cvmfs/*',
      },
      "a path below ATLAS' own directory": { given: folder("/cvmfs/atlas.cern.ch/repo/sw"), tells: "hostPath.path" },
      "a name where only the folder is allowed": {
        given: folder("/data/x"),
        tells: '"/data/x"',
        settings: { hostPaths: ["/data"] },
      },
      "a folder whose name only begins alike": { given: folder("/cvmfsx"), tells: "spec.volumes[0].hostPath.path" },
      "a path that climbs": { given: folder("/cvmfs/../etc"), tells: '"/cvmfs/../etc"' },
      "the whole node": { given: folder("/"), tells: 'the node\'s "/"' },
      "no path": { given: pod("volumes: [{ name: v, hostPath: {} }]"), tells: "nothing" },
      "CVMFS where nothing is allowed": { given: folder("/cvmfs"), tells: "allowed []", settings: { hostPaths: [] } },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "the path": folder("!unknown") },
  },
  {
    policy: hostPathReadOnly,
    pass: {
      "read-only, following": mounted(
        "{ name: v, mountPath: /cvmfs, readOnly: true, mountPropagation: HostToContainer }",
      ),
      "another volume, written": mounted("{ name: w, mountPath: /w }"),
    },
    fail: {
      "for writing": { given: mounted("{ name: v, mountPath: /cvmfs }"), tells: 'at "/cvmfs" for writing' },
      "by an init container": {
        given: mounted("{ name: v, mountPath: /x, readOnly: false }", "initContainers"),
        tells: "spec.initContainers[0].volumeMounts[0].readOnly",
      },
      "into the node": {
        given: mounted("{ name: v, mountPath: /x, readOnly: true, mountPropagation: Bidirectional }"),
        tells: "mounts into the node",
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "whether for writing": mounted("{ name: v, mountPath: /x, readOnly: !unknown }") },
  },
  {
    policy: cvmfsFollowsMounts,
    pass: { following: mounted("{ name: v, mountPath: /cvmfs, mountPropagation: HostToContainer }") },
    fail: { "not following": { given: mounted("{ name: v, mountPath: /cvmfs }"), tells: "mounted later" } },
    notApplicable: {
      "no pod": NO_POD,
      "one repository, which the node has mounted": mounted("{ name: v, mountPath: /x }", "containers", "/cvmfs/a.b"),
    },
    unknown: { "whether following": mounted("{ name: v, mountPath: /x, mountPropagation: !unknown }") },
  },
  {
    policy: noRuntimeSocket,
    pass: {
      "another socket": folder("/run/systemd/notify"),
      "a folder beside it": folder("/run/container"),
      "another program's socket": folder("/run/my-docker.sock"),
    },
    fail: {
      "where another distribution keeps it": {
        given: folder("/run/k3s/containerd/containerd.sock"),
        tells: "holds the runtime's socket /run/k3s/containerd/containerd.sock",
      },
      "right below /run": { given: folder("/var/run/crio.sock/"), tells: "/run/crio.sock" },
      "the whole node": { given: folder("/"), tells: "holds the runtime's socket" },
      "containerd's": { given: folder("/run/containerd/containerd.sock"), tells: "spec.volumes[0].hostPath.path" },
      "by the old path": { given: folder("/var/run/docker.sock"), tells: "/run/docker.sock" },
      "the folder above": { given: folder("/var/run"), tells: "holds the runtime's socket" },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "the path": folder("!unknown") },
  },
  {
    policy: volumeTypes,
    pass: {
      "harmless ones": pod(
        "volumes: [{ name: a, emptyDir: {} }, { name: b, csi: {} }, { name: c, image: {} }, { name: d }]",
      ),
      "an allowed folder of the node": folder("/cvmfs"),
      "a repository of CVMFS": folder("/cvmfs/atlas.cern.ch"),
      "a type that is null": pod("volumes: [{ name: a, nfs: null, emptyDir: {} }]"),
    },
    fail: {
      NFS: { given: pod("volumes: [{ name: a, nfs: { server: x } }]"), tells: "spec.volumes[0].nfs" },
      "a folder of the node": { given: folder("/etc"), tells: "spec.volumes[0].hostPath" },
      "a type nobody knows": { given: pod("volumes: [{ name: a, newDisk: {} }]"), tells: "newDisk" },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "the volume": pod("volumes: [!unknown]") },
  },
  {
    policy: noProbeHost,
    pass: {
      "the pod itself": pod(
        "containers: [{ livenessProbe: { httpGet: { port: 80, host: '' } }, lifecycle: { preStop: { httpGet: {} } } }]",
      ),
    },
    fail: {
      "by a probe": {
        given: pod("containers: [{ startupProbe: { tcpSocket: { port: 1, host: 10.0.0.1 } } }]"),
        tells: "spec.containers[0].startupProbe.tcpSocket.host",
      },
      "by a hook": {
        given: pod("initContainers: [{ lifecycle: { postStart: { httpGet: { host: 127.0.0.1 } } } }]"),
        tells: '"127.0.0.1"',
      },
    },
    notApplicable: {
      "no pod": NO_POD,
      "standards before 1.34": {
        given: pod("containers: [{ livenessProbe: { httpGet: { host: a } } }]"),
        settings: { podSecurityVersion: "1.33" },
      },
    },
    unknown: { "the host": pod("containers: [{ livenessProbe: { httpGet: { host: !unknown } } }]") },
  },
];

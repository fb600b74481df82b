/** The controller of cvmfs-csi: makes a volume for each claim. It mounts nothing and touches no node. */
import { imageReference, versions } from "../../../versions";
import { CONFINED, NOBODY } from "../../kubernetes/securityContext";
import { INFRASTRUCTURE_PRIORITY } from "../../kubernetes/names";
import { CSI_DRIVER } from "../names";

/** A rule of a role. */
interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const READ = ["get", "list", "watch"];

/** What the provisioner does in the whole cluster; `patch` on volumes is asked for by its releases from 5.0 on. */
export function provisionerRights(): Rule[] {
  return [
    { apiGroups: [""], resources: ["persistentvolumes"], verbs: [...READ, "create", "patch", "delete"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...READ, "update"] },
    { apiGroups: ["storage.k8s.io"], resources: ["storageclasses", "csinodes"], verbs: READ },
    { apiGroups: [""], resources: ["nodes"], verbs: READ },
    { apiGroups: [""], resources: ["events"], verbs: ["list", "watch", "create", "update", "patch"] },
  ];
}

/** What it does in its own namespace: hold the lease by which one of several controllers works. */
export function leaseRights(): Rule[] {
  return [
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: [...READ, "create", "update", "delete"] },
  ];
}

/** The pod's spec but for its ServiceAccount. */
export function controllerPod(registryPrefix: string | undefined) {
  const socket = { name: "socket-dir", mountPath: "/csi" };
  const common = {
    securityContext: CONFINED,
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
    volumeMounts: [socket],
  };
  const image = (reference: string) => imageReference(reference, registryPrefix);
  return {
    nodeSelector: { "kubernetes.io/os": "linux" },
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    // Claims must be bound before the first batch node is without taint.
    tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
    enableServiceLinks: false,
    automountServiceAccountToken: true,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: NOBODY,
      runAsGroup: NOBODY,
      fsGroup: NOBODY,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        ...common,
        name: "provisioner",
        image: image(versions.images.csiProvisioner),
        args: ["--csi-address=unix:///csi/csi.sock", "--leader-election=true"],
      },
      {
        ...common,
        name: "controllerplugin",
        image: image(versions.images.cvmfsCsi),
        command: ["/csi-cvmfsplugin"],
        args: [
          "--nodeid=$(NODE_ID)",
          "--endpoint=unix:///csi/csi.sock",
          `--drivername=${CSI_DRIVER}`,
          "--role=identity,controller",
        ],
        env: [{ name: "NODE_ID", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
      },
    ],
    volumes: [{ name: "socket-dir", emptyDir: {} }],
  };
}

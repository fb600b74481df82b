/** Cinder's CSI driver as plain values: its pods and what they may do. Facts: cloud-provider-openstack 1.36.0. */
import type { types } from "@pulumi/kubernetes";
import { imageReference, versions } from "../../versions";
import { CONFINED } from "../kubernetes/securityContext";

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;
type PolicyRule = types.input.rbac.v1.PolicyRule;

/** Name the driver registers with; it stands in volumes for ever. */
export const CINDER_DRIVER = "cinder.csi.openstack.org";

const KUBELET = "/var/lib/kubelet";
const SOCKET_FOLDER = "/csi";
const SOCKET = `${SOCKET_FOLDER}/csi.sock`;
/** Any user that is not root and nobody else's. */
const USER = 65_532;

/** What the driver's pods are made from. */
export interface CinderDriver {
  /** Site name: metadata `cinder.csi.openstack.org/cluster` of every volume in Cinder, by which an admin finds them. */
  readonly siteName: string;
  /** Mirror of all images; undefined: their own registries. */
  readonly registryPrefix?: string;
}

function container(
  driver: CinderDriver,
  name: string,
  image: keyof typeof versions.images,
  rest: Partial<Container>,
): Container {
  return {
    name,
    image: imageReference(versions.images[image], driver.registryPrefix),
    securityContext: CONFINED,
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "256Mi" } },
    volumeMounts: [{ name: "socket", mountPath: SOCKET_FOLDER }],
    ...rest,
  };
}

/** A helper of the driver that speaks to it over its socket. One at a time leads, also while a new pod takes over. */
function sidecar(driver: CinderDriver, name: string, image: keyof typeof versions.images, args: string[]): Container {
  const common = [`--csi-address=${SOCKET}`, "--timeout=3m", "--leader-election=true"];
  return container(driver, name, image, { args: [...common, ...args] });
}

/** Answers the kubelet's question whether the driver answers. */
function healthAnswers(driver: CinderDriver): Container {
  return container(driver, "liveness-probe", "csiLivenessProbe", { args: [`--csi-address=${SOCKET}`] });
}

const HEALTH = {
  ports: [{ name: "healthz", containerPort: 9808 }],
  livenessProbe: {
    httpGet: { path: "/healthz", port: "healthz" },
    initialDelaySeconds: 10,
    // An answer includes a look at the disks of the machine or at OpenStack.
    timeoutSeconds: 10,
    periodSeconds: 60,
    failureThreshold: 5,
  },
};

/**
 * Nodes that run services. Jobs claim no volumes, so batch nodes carry no privileged driver and lose no processor share
 * to it.
 */
const NOT_ON_BATCH: Pick<PodSpec, "affinity" | "tolerations"> = {
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "atlas-site/role", operator: "NotIn", values: ["batch"] }] }],
      },
    },
  },
  tolerations: [{ operator: "Exists" }],
};

/**
 * The controller: makes, attaches and grows volumes. It alone holds the credentials.
 * @param account of the pod
 * @param secret with key `cloud.conf`
 */
export function controllerPod(
  driver: CinderDriver,
  account: PodSpec["serviceAccountName"],
  secret: NonNullable<types.input.core.v1.SecretVolumeSource["secretName"]>,
): PodSpec {
  return {
    ...NOT_ON_BATCH,
    serviceAccountName: account,
    priorityClassName: "system-cluster-critical",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      container(driver, "cinder-csi-plugin", "cinderCsi", {
        args: [
          "/bin/cinder-csi-plugin",
          `--endpoint=unix:/${SOCKET}`,
          "--cloud-config=/etc/cloud/cloud.conf",
          `--cluster=${driver.siteName}`,
          "--provide-node-service=false",
        ],
        volumeMounts: [
          { name: "socket", mountPath: SOCKET_FOLDER },
          { name: "cloud", mountPath: "/etc/cloud", readOnly: true },
        ],
        ...HEALTH,
      }),
      sidecar(driver, "csi-provisioner", "cinderCsiProvisioner", ["--default-fstype=ext4", "--extra-create-metadata"]),
      sidecar(driver, "csi-attacher", "csiAttacher", ["--default-fstype=ext4"]),
      sidecar(driver, "csi-resizer", "csiResizer", ["--handle-volume-inuse-error=false"]),
      healthAnswers(driver),
    ],
    volumes: [
      { name: "socket", emptyDir: {} },
      { name: "cloud", secret: { secretName: secret, defaultMode: 0o440 } },
    ],
  };
}

/** The node's part: makes file systems and mounts them where the kubelet wants them, which takes a privileged container. */
export function nodePod(driver: CinderDriver, account: PodSpec["serviceAccountName"]): PodSpec {
  return {
    ...NOT_ON_BATCH,
    serviceAccountName: account,
    automountServiceAccountToken: false,
    priorityClassName: "system-node-critical",
    // It reads the machine's id from the config drive, else from the metadata service, which is closed to the pod network.
    hostNetwork: true,
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      container(driver, "cinder-csi-plugin", "cinderCsi", {
        // Without a cloud.conf: what is done on the machine itself needs no word with OpenStack.
        args: ["/bin/cinder-csi-plugin", `--endpoint=unix:/${SOCKET}`, "--provide-controller-service=false"],
        securityContext: { privileged: true },
        volumeMounts: [
          { name: "socket", mountPath: SOCKET_FOLDER },
          { name: "kubelet", mountPath: KUBELET, mountPropagation: "Bidirectional" },
          { name: "devices", mountPath: "/dev", mountPropagation: "HostToContainer" },
        ],
        ...HEALTH,
      }),
      container(driver, "node-driver-registrar", "cinderCsiNodeDriverRegistrar", {
        args: [`--csi-address=${SOCKET}`, `--kubelet-registration-path=${KUBELET}/plugins/${CINDER_DRIVER}/csi.sock`],
        volumeMounts: [
          { name: "socket", mountPath: SOCKET_FOLDER },
          { name: "registration", mountPath: "/registration" },
        ],
      }),
      healthAnswers(driver),
    ],
    volumes: [
      { name: "socket", hostPath: { path: `${KUBELET}/plugins/${CINDER_DRIVER}`, type: "DirectoryOrCreate" } },
      { name: "registration", hostPath: { path: `${KUBELET}/plugins_registry`, type: "Directory" } },
      { name: "kubelet", hostPath: { path: KUBELET, type: "Directory" } },
      { name: "devices", hostPath: { path: "/dev", type: "Directory" } },
    ],
  };
}

/** What the controller may do in the whole cluster: the sum of what its three sidecars ask for. */
export function controllerRights(): PolicyRule[] {
  const read = ["get", "list", "watch"];
  return [
    { apiGroups: [""], resources: ["persistentvolumes"], verbs: [...read, "create", "delete", "patch"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...read, "update"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims/status"], verbs: ["patch"] },
    { apiGroups: [""], resources: ["nodes", "pods"], verbs: read },
    { apiGroups: [""], resources: ["events"], verbs: ["list", "watch", "create", "update", "patch"] },
    { apiGroups: ["storage.k8s.io"], resources: ["storageclasses", "csinodes"], verbs: read },
    { apiGroups: ["storage.k8s.io"], resources: ["volumeattachments"], verbs: [...read, "patch"] },
    { apiGroups: ["storage.k8s.io"], resources: ["volumeattachments/status"], verbs: ["patch"] },
  ];
}

/** What it may do in its own namespace: hold the lease of who leads. */
export function leaseRights(): PolicyRule[] {
  const verbs = ["get", "list", "watch", "create", "update", "delete"];
  return [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs }];
}

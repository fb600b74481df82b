/**
 * How the control plane's own metrics come out of a machine where scheduler, controller-manager and etcd speak to loopback
 * alone, as CIS (1.3.7, 1.4.2) and kubeadm have it; plain values.
 */
import { join } from "node:path";
import { programText } from "../kubernetes/programFile";
import { imageReference, versions } from "../../versions";
import { kubernetesRequests, type Resources } from "../kubernetes/resources";
import { INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";
import { CONFINED, unprivileged, NOBODY } from "../kubernetes/securityContext";
import { CONTROL_PLANE_METRICS_PORTS, SCRAPE_JOBS } from "./names";

/** Name of the DaemonSet, its ServiceAccount, its rights and its pods' label. */
export const CONTROL_PLANE_METRICS = "control-plane-metrics";

/** Name of the file with the program that passes connections on. */
export const DOOR_FILE = "loopback_door.py";

/** One program of the control plane. */
export interface ControlPlanePort {
  readonly job: string;
  /** Name of the port in the pod. */
  readonly name: string;
  /** Port on the machine's address. */
  readonly port: number;
  /** The program's port on loopback, kubeadm's choice. */
  readonly inner: number;
  /** Families of series nobody uses. */
  readonly unused: readonly string[];
}

const SAME_EVERYWHERE = "(rest_client|workqueue|authentication|authorization|apiserver)_.*_bucket";

const scheduler: ControlPlanePort = {
  job: SCRAPE_JOBS.scheduler,
  name: "scheduler",
  port: CONTROL_PLANE_METRICS_PORTS.scheduler,
  inner: 10_259,
  unused: [SAME_EVERYWHERE, "scheduler_(plugin|framework_extension_point)_.*_bucket", "kubernetes_feature_enabled"],
};
const controllers: ControlPlanePort = {
  job: SCRAPE_JOBS.controllerManager,
  name: "controllers",
  port: CONTROL_PLANE_METRICS_PORTS["controller-manager"],
  inner: 10_257,
  unused: [
    SAME_EVERYWHERE,
    "(attachdetach|pv_collector|volume_operation|storage)_.*_bucket",
    "kubernetes_feature_enabled",
  ],
};
const etcd: ControlPlanePort = {
  job: SCRAPE_JOBS.etcd,
  name: "etcd",
  port: CONTROL_PLANE_METRICS_PORTS.etcd,
  inner: 2381,
  unused: ["etcd_debugging_.*", "grpc_(client|server)_.*_bucket"],
};

/** Every one of them. */
export const CONTROL_PLANE_PORTS: readonly ControlPlanePort[] = [scheduler, controllers, etcd];

/** Measured with the real programs: 22 MiB and 50 MiB resident, the programs' own pages included. */
const DOOR_REQUESTS: Resources = { cpuMilli: 10, memoryMb: 24 };
const PROXY_REQUESTS: Resources = { cpuMilli: 10, memoryMb: 56 };

const HOST_ADDRESS = [{ name: "HOST_IP", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } }];
const PROGRAM = "/program";

/** Whether somebody listens; what is behind shows in the scrape. */
function listening(port: string) {
  const tcpSocket = { port };
  return {
    readinessProbe: { tcpSocket, periodSeconds: 10 },
    livenessProbe: { tcpSocket, periodSeconds: 30, failureThreshold: 4 },
  };
}

function portOf({ name, port }: ControlPlanePort) {
  return { name, containerPort: port };
}

/**
 * Passes connections to scheduler and controller-manager on as they are: both speak TLS and ask the API themselves whose
 * token comes and whether it may read metrics.
 */
function door(registryPrefix: string | undefined) {
  const pairs = [scheduler, controllers].map(({ port, inner }) => `${port}:${inner}`);
  return {
    name: "loopback-door",
    image: imageReference(versions.images.python, registryPrefix),
    command: ["python3", "-B", "-u", `${PROGRAM}/${DOOR_FILE}`, "$(HOST_IP)", ...pairs],
    env: HOST_ADDRESS,
    ports: [scheduler, controllers].map(portOf),
    ...listening(scheduler.name),
    resources: { requests: kubernetesRequests(DOOR_REQUESTS), limits: { memory: "64Mi" } },
    securityContext: CONFINED,
    volumeMounts: [{ name: "program", mountPath: PROGRAM, readOnly: true }],
  };
}

/** etcd's metrics are plain HTTP for whoever is on the machine; this asks in its place. */
function proxy(registryPrefix: string | undefined) {
  return {
    name: "etcd-proxy",
    image: imageReference(versions.images.kubeRbacProxy, registryPrefix),
    args: [
      `--secure-listen-address=$(HOST_IP):${etcd.port}`,
      `--upstream=http://127.0.0.1:${etcd.inner}/`,
      "--allow-paths=/metrics",
    ],
    env: HOST_ADDRESS,
    ports: [portOf(etcd)],
    ...listening(etcd.name),
    resources: { requests: kubernetesRequests(PROXY_REQUESTS), limits: { memory: "128Mi" } },
    securityContext: CONFINED,
    volumeMounts: [{ name: "access", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true }],
  };
}

/** The pod: one on each machine of the control plane. */
export function controlPlanePod(registryPrefix: string | undefined) {
  return {
    hostNetwork: true,
    nodeSelector: { "node-role.kubernetes.io/control-plane": "" },
    tolerations: [{ operator: "Exists" }],
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    serviceAccountName: CONTROL_PLANE_METRICS,
    // Only the proxy gets a token, below.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 5,
    securityContext: unprivileged(NOBODY),
    containers: [door(registryPrefix), proxy(registryPrefix)],
    volumes: [
      { name: "program", configMap: { name: CONTROL_PLANE_METRICS } },
      {
        name: "access",
        projected: {
          sources: [
            { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
            { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
          ],
        },
      },
    ],
  };
}

/** Files of the pod's ConfigMap. */
export const LOOPBACK_DOOR_FILES = { [DOOR_FILE]: programText(join(__dirname, DOOR_FILE)) };

/** What the proxy may do: ask whose a token is and what its owner may. */
export const PROXY_RIGHTS = [
  { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
  { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
];

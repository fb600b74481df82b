/** Jobs that want to be somebody else, run somewhere else, or run something else. */
import { accepted, refused, refusedByApi, type Changes, type JobShape } from "../shape";

const projected = (source: object): Changes => ({ "pod.volumes[+]": { name: "v", projected: { sources: [source] } } });
const secret = (more: object): Changes => ({ "pod.volumes[+]": { name: "v", secret: more } });
const configMap = (more: object): Changes => ({ "pod.volumes[+]": { name: "v", configMap: more } });
const variable = (valueFrom: object): Changes => ({ "container.env[+]": { name: "V", valueFrom } });
const toleration = (more: object): Changes => ({ "pod.tolerations[+]": more });
const nodeTerm = (term: object): Changes => ({
  "pod.affinity": {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
  },
});
const podTerm = (kind: string, more: object = {}): Changes => ({
  "pod.affinity": {
    [kind]: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, podAffinityTerm: { topologyKey: "kubernetes.io/hostname", ...more } },
      ],
    },
  },
});
const POOL = "pod.nodeSelector.atlas-site/pool";

/** The table. */
export const identityShapes: readonly JobShape[] = [
  accepted("nothing: the Job as Harvester makes it", {}),
  refused("default-service-account", "another account", { "pod.serviceAccountName": "builder" }),
  refused("default-service-account", "another account by the old name", { "pod.serviceAccount": "builder" }),
  refused("no-api-token", "the account's token", { "pod.automountServiceAccountToken": true }),
  refused("no-api-token", "a token as a volume", projected({ serviceAccountToken: { path: "t" } })),
  refused("no-api-token", "a token for another audience", {
    ...projected({ serviceAccountToken: { path: "t", audience: "vault", expirationSeconds: 600 } }),
  }),
  refused("known-fields-only", "a certificate of the cluster's signer", {
    ...projected({
      podCertificate: { signerName: "example.com/signer", keyType: "ED25519", credentialBundlePath: "c" },
    }),
  }),
  refused("known-fields-only", "a Secret in a projected volume", projected({ secret: { name: "proxy-secret" } })),
  refused("known-fields-only", "a trust bundle", {
    ...projected({ clusterTrustBundle: { name: "b", path: "ca.pem" } }),
  }),
  refused("known-fields-only", "the pod's fields as files", {
    "pod.volumes[+]": {
      name: "v",
      downwardAPI: { items: [{ path: "l", fieldRef: { fieldPath: "metadata.labels" } }] },
    },
  }),
  refused("allowed-values", "another Secret", secret({ secretName: "harvester-credentials" })),
  refused("known-fields-only", "a part of the Secret", {
    ...secret({ secretName: "proxy-secret", items: [{ key: "x", path: "y" }] }),
  }),
  refused("known-fields-only", "a Secret that may be missing", secret({ secretName: "proxy-secret", optional: true })),
  refused("allowed-values", "another ConfigMap", configMap({ name: "kube-root-ca.crt" })),
  accepted("a job's ConfigMap", configMap({ name: "4711" })),
  refused("allowed-values", "another claim", {
    "pod.volumes[+]": { name: "v", persistentVolumeClaim: { claimName: "prometheus-0", readOnly: true } },
  }),
  refused("allowed-values", "CVMFS' claim, writable", {
    "pod.volumes[+]": { name: "v", persistentVolumeClaim: { claimName: "cvmfs" } },
  }),
  refused("known-fields-only", "a Secret in the environment", {
    ...variable({ secretKeyRef: { name: "proxy-secret", key: "x" } }),
  }),
  refused("known-fields-only", "a ConfigMap in the environment", {
    ...variable({ configMapKeyRef: { name: "kube-root-ca.crt", key: "ca.crt" } }),
  }),
  refused("known-fields-only", "limits in the environment", variable({ resourceFieldRef: { resource: "limits.cpu" } })),
  refused("known-fields-only", "a whole Secret as the environment", {
    "container.envFrom": [{ secretRef: { name: "proxy-secret" } }],
  }),
  refused(
    "allowed-values",
    "the node's address in the environment",
    variable({ fieldRef: { fieldPath: "status.hostIP" } }),
  ),
  accepted("the pod's name in the environment", variable({ fieldRef: { fieldPath: "metadata.name" } })),
  refused("known-fields-only", "a Secret for pulling images", { "pod.imagePullSecrets": [{ name: "pull" }] }),
  refused("allowed-images", "an image of Docker Hub", { "container.image": "docker.io/library/busybox:1" }),
  refused("allowed-images", "an image without a registry", { "container.image": "alpine:3" }),
  refusedByApi("no image", { "container.image": "" }),
  refused("allowed-images", "a registry whose name begins alike", {
    "container.image": "registry.example/atlas-not/grid-el9:1",
  }),
  refused("allowed-values", "an image that must be on the node", { "container.imagePullPolicy": "Never" }),
  accepted("another image of the queue's path", { "container.image": "registry.example/atlas/grid-el9:2" }),
  refused("no-node-name", "a node by name", { "pod.nodeName": "batch-0" }),
  refused("queue-pool", "the services' pool", { [POOL]: "services" }),
  refused("queue-pool", "the control plane's pool", { [POOL]: "control" }),
  refused("queue-pool", "no pool", { "pod.nodeSelector": undefined }),
  accepted("one node of the pool", {
    "pod.nodeSelector": { "atlas-site/pool": "batch", "kubernetes.io/hostname": "batch-0" },
  }),
  refused("known-fields-only", "a node by its name in the affinity", {
    ...nodeTerm({ matchFields: [{ key: "metadata.name", operator: "In", values: ["control-0"] }] }),
  }),
  accepted("nodes by label, as UVic has it", {
    ...nodeTerm({ matchExpressions: [{ key: "rcs.uvic.ca/node-type", operator: "DoesNotExist" }] }),
  }),
  accepted("Harvester's preference for shared nodes", podTerm("podAffinity")),
  accepted("Harvester's preference for separate nodes", podTerm("podAntiAffinity")),
  refused("known-fields-only", "nodes of pods of other namespaces", podTerm("podAffinity", { namespaceSelector: {} })),
  refused("known-fields-only", "nodes of Prometheus' pod", {
    ...podTerm("podAffinity", { namespaces: ["atlas-site-monitoring"] }),
  }),
  refused(
    "allowed-values",
    "zones of other pods",
    podTerm("podAffinity", { topologyKey: "topology.kubernetes.io/zone" }),
  ),
  refused("known-fields-only", "a demand for other pods' nodes", {
    "pod.affinity": {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: {} }],
      },
    },
  }),
  refused("no-closed-node", "the control plane's taint", {
    ...toleration({ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }),
  }),
  refused("no-closed-node", "every taint", toleration({ operator: "Exists" })),
  refused("no-closed-node", "CVMFS' taint", toleration({ key: "site/cvmfs-unready", operator: "Exists" })),
  refused("no-closed-node", "the services' taint", toleration({ key: "site.example/services", operator: "Exists" })),
  refused("no-closed-node", "nodes that are gone, for ever", {
    ...toleration({ key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" }),
  }),
  accepted("the pool's taint", toleration({ key: "site.example/batch", operator: "Exists" })),
  refused("no-service-priority", "Kubernetes' own priority", { "pod.priorityClassName": "system-node-critical" }),
  refused("no-service-priority", "the services' priority", { "pod.priorityClassName": "atlas-site-infrastructure" }),
  refused("no-service-priority", "a class that does not exist", { "pod.priorityClassName": "preemptable" }),
  accepted("no class", { "pod.priorityClassName": undefined }),
  refused("known-fields-only", "another container image's start as a first container", {
    "pod.initContainers": [
      {
        name: "first",
        image: "registry.example/atlas/grid-el9:1",
        securityContext: { allowPrivilegeEscalation: false },
      },
    ],
  }),
  refused("allowed-values", "a second container", {
    "pod.containers[+]": {
      name: "second",
      image: "registry.example/atlas/grid-el9:1",
      securityContext: { allowPrivilegeEscalation: false },
    },
  }),
  refusedByApi("a debugging container", {
    "pod.ephemeralContainers": [{ name: "e", image: "registry.example/atlas/grid-el9:1" }],
  }),
  refused("known-fields-only", "a network of another plugin, as pods' annotations ask for it", {
    "template.metadata.annotations": { "k8s.v1.cni.cncf.io/networks": "storage" },
    "pod.hostname": "pilot",
  }),
  refused("allowed-values", "a device, as pods' annotations ask for it", {
    "template.metadata.annotations": { "cdi.k8s.io/x": "vendor.example/device=all" },
  }),
  accepted("Harvester's annotation for the autoscaler", {
    "template.metadata.annotations": { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
  }),
];

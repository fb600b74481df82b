/** Resources that are against one policy of each group, for previews that must fail; and a pod that is against none. */
import { gzipSync } from "node:zlib";
import * as k8s from "@pulumi/kubernetes";
import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";

/** Providers that the resources need. */
export interface SeedProviders {
  readonly provider: k8s.Provider;
  readonly cloud: openstack.Provider;
}

/** A violation. */
export interface Seed {
  readonly group: string;
  /** The policy it is against. */
  readonly policy: string;
  /** Name of the resource that is told. */
  readonly resource: string;
  /** Declares it; absent where the program itself has it. */
  make?(providers: SeedProviders): unknown;
}

/** A Harvester template that stays for ever, as text in a ConfigMap. */
export const WITHOUT_TTL = {
  apiVersion: "v1" as const,
  kind: "ConfigMap" as const,
  metadata: { name: "template", namespace: "queue" },
  data: {
    "job.yaml":
      "apiVersion: batch/v1\nkind: Job\nmetadata: { name: grid-job }\nspec:\n  backoffLimit: 0\n  template: { spec: { restartPolicy: Never, containers: [] } }\n",
  },
};

/** A pod that no mandatory policy minds. */
export const CLEAN_POD = {
  metadata: { name: "clean", namespace: "squids" },
  spec: {
    automountServiceAccountToken: false,
    priorityClassName: "services",
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "squid",
        image: `registry.k8s.io/pause:3.10@sha256:${"0".repeat(64)}`,
        resources: { requests: { cpu: "1", memory: "1Gi" } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  },
};

/** One violation of each group. */
export const SEEDS: readonly Seed[] = [
  {
    group: "pods",
    policy: "no-privileged",
    resource: "privileged",
    make: ({ provider }) => {
      const containers = [{ name: "a", image: "a", securityContext: { privileged: true } }];
      return new k8s.core.v1.Pod("privileged", { spec: { containers } }, { provider });
    },
  },
  {
    group: "jobs",
    policy: "ttl-after-finished",
    resource: "template",
    make: ({ provider }) => new k8s.core.v1.ConfigMap("template", WITHOUT_TTL, { provider }),
  },
  {
    group: "rbac",
    policy: "no-wildcards",
    resource: "everything",
    make: ({ provider }) => {
      const rules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];
      return new k8s.rbac.v1.ClusterRole("everything", { rules }, { provider });
    },
  },
  {
    group: "namespaces",
    policy: "pod-security-labels",
    resource: "open",
    make: ({ provider }) => new k8s.core.v1.Namespace("open", { metadata: { name: "open" } }, { provider }),
  },
  {
    group: "cluster",
    policy: "kubelet-read-only-port",
    resource: "kubelet",
    make: ({ provider }) => {
      const text = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 10255\n";
      const metadata = { name: "kubelet", namespace: "kube-system" };
      return new k8s.core.v1.ConfigMap("kubelet", { metadata, data: { kubelet: text } }, { provider });
    },
  },
  {
    group: "cluster, hidden in secret user data",
    policy: "kubelet-authentication",
    resource: "machine",
    make: ({ cloud }) => {
      const kubelet = "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n";
      const content = `${kubelet}authentication: { anonymous: { enabled: true } }\n`;
      const text = `#cloud-config\n${JSON.stringify({ write_files: [{ path: "/etc/kubelet.yaml", content }] })}`;
      const userData = pulumi.secret(gzipSync(text).toString("base64"));
      const machine = { imageId: "6f1c", flavorName: "m1.batch", networks: [{ port: "0b6f" }], userData };
      return new openstack.compute.Instance("machine", machine, { provider: cloud });
    },
  },
  {
    group: "monitoring",
    policy: "prometheus-retention",
    resource: "prometheus",
    make: ({ provider }) => {
      const labels = { "app.kubernetes.io/name": "prometheus" };
      const containers = [
        { name: "prometheus", image: "quay.io/prometheus/prometheus:v3", args: ["--storage.tsdb.retention.time=15d"] },
      ];
      const template = { metadata: { labels }, spec: { containers } };
      const spec = { serviceName: "prometheus", selector: { matchLabels: labels }, template };
      const metadata = { name: "prometheus", namespace: "monitoring" };
      return new k8s.apps.v1.StatefulSet("prometheus", { metadata, spec }, { provider });
    },
  },
  {
    group: "cloud",
    policy: "no-open-ports",
    resource: "ssh",
    make: ({ cloud }) =>
      new openstack.networking.SecGroupRule(
        "ssh",
        {
          securityGroupId: "00000000-0000-4000-8000-000000000000",
          direction: "ingress",
          ethertype: "IPv4",
          protocol: "tcp",
          portRangeMin: 22,
          portRangeMax: 22,
          remoteIpPrefix: "0.0.0.0/0",
        },
        { provider: cloud },
      ),
  },
  { group: "stack", policy: "cluster-identifier", resource: "cluster" },
];

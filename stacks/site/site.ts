/**
 * What a site is. zod is the one source: types, defaults, bounds and the JSON schema of the stack file come from here.
 * A section is one key under the project's namespace in `Pulumi.<stack>.yaml` (`atlas-site:cloud`, …). Secrets are keys
 * of their own, never inside a section.
 */
import { z } from "zod";
import { versions } from "../../versions";
import { cloudSchema } from "./schema/cloud";
import { cvmfsSchema } from "./schema/cvmfs";
import { accountingSchema, logsSchema, monitoringSchema } from "./schema/monitoring";
import { magnumSchema } from "./schema/magnum";
import { queuesSchema } from "./schema/queues";
import { cidr, count, dnsLabel, reservation, text } from "./schema/parts";
import { harvesterSchema, securitySchema, storageSchema } from "./schema/services";

const identity = z
  .strictObject({
    name: dnsLabel.describe("Name of the site: part of every resource name in the cloud."),
    registryPrefix: text(
      "a registry and a path in it in small letters, without https:// and without '/' at the end",
      /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9._-]+)*$/,
      "mirror.example/k8s",
    )
      .optional()
      .describe("Registry that mirrors every image of the site, for air-gapped sites, e.g. mirror.example/k8s."),
  })
  .describe("Who the site is.");

const kubeadm = z
  .strictObject({
    provisioner: z.literal("kubeadm").describe("Machines turn themselves into a cluster by their user data."),
    kubernetes: text("a Kubernetes version of three numbers, without 'v'", /^1\.\d+\.\d+$/, versions.kubernetes)
      .default(versions.kubernetes)
      .describe("Kubernetes version; must be what the machine image carries."),
    reserved: z
      .strictObject({
        kube: reservation.default({ cpuMilli: 150, memoryMb: 384 }).describe("For kubelet and container runtime."),
        system: reservation.default({ cpuMilli: 150, memoryMb: 384 }).describe("For the operating system's daemons."),
      })
      .prefault({})
      .describe("Reserved on every node; the largest job of each queue must fit what is left."),
    maxPods: z.int().min(10).max(250).default(110).describe("Pods per node."),
    apiDeadlineMinutes: count
      .meta({ unit: "minutes" })
      .default(15)
      .describe("How long `pulumi up` waits for the Kubernetes API."),
    joinDeadlineMinutes: count
      .meta({ unit: "minutes" })
      .default(30)
      .describe("How long a machine tries to join before it gives up and says why on its console."),
    credentialsGeneration: count
      .default(1)
      .describe("Raise it for new client certificates (administrator, Harvester); the CAs stay."),
    tokensGeneration: count.default(1).describe("Raise it for new bootstrap tokens; running machines are not touched."),
    auditMaxAgeDays: z
      .int()
      .min(1)
      .meta({ unit: "days" })
      .default(90)
      .describe("How long audit logs stay on the control plane (WLCG traceability asks for 90)."),
  })
  .describe("kubeadm by user data: no ssh, no Ansible.");

const existing = z
  .strictObject({
    provisioner: z.literal("existing").describe("A cluster somebody else runs."),
    identifier: dnsLabel.describe("Stable name of that cluster; changing it means: this is another cluster."),
  })
  .describe("An existing cluster; its administrator kubeconfig is the secret key `atlas-site:kubeconfig`.");

const podNetwork = z
  .strictObject({
    plugin: z.enum(["flannel", "none"]).default("flannel").describe("Pod network; none: the cluster brings its own."),
    podCidr: cidr.default("10.244.0.0/16").describe("Pod addresses; every node takes a /24."),
    serviceCidr: cidr.default("10.96.0.0/16").describe("Service addresses."),
    policyEngine: z
      .enum(["kube-network-policies", "kube-router", "none"])
      .default("kube-network-policies")
      .describe(
        "What enforces NetworkPolicy: kube-network-policies needs nft queue in the kernel, kube-router needs iptables and ipset.",
      ),
  })
  .describe("Network inside the cluster.");

/** The sections of a stack file; each key is `atlas-site:<section>` there. */
export const siteSchema = z.strictObject({
  site: identity,
  cloud: cloudSchema.optional(),
  cluster: z.discriminatedUnion("provisioner", [kubeadm, magnumSchema, existing]),
  network: podNetwork.prefault({}),
  storage: storageSchema.prefault({ class: "none" }).describe("Where volumes of the site's services come from."),
  security: securitySchema.prefault({}),
  cvmfs: cvmfsSchema.prefault({ mode: "none" }).describe("How jobs get CVMFS."),
  queues: queuesSchema,
  harvester: harvesterSchema.prefault({ mode: "remote" }).describe("How Harvester reaches the site."),
  monitoring: monitoringSchema.prefault({ mode: "none" }).describe("How the site is watched."),
  logs: logsSchema.prefault({ mode: "none" }).describe("Where audit and container logs go."),
  accounting: accountingSchema.prefault({ mode: "none" }).describe("How the site's use is accounted."),
});

/** A site: parsed, defaulted, validated. The only thing the layers' plans know of the stack file. */
export type Site = z.infer<typeof siteSchema>;
/** The OpenStack section. */
export type Cloud = NonNullable<Site["cloud"]>;
/** Machines of one shape and role. */
export type Pool = Cloud["pools"][string];
/** A kubeadm cluster's section. */
export type Kubeadm = Extract<Site["cluster"], { provisioner: "kubeadm" }>;
/** The section of a cluster that Magnum creates. */
export type Magnum = Extract<Site["cluster"], { provisioner: "magnum" }>;
/** A PanDA queue. */
export type Queue = Site["queues"][string];
/** What jobs may do. */
export type Security = Site["security"];
/** Network inside the cluster. */
export type PodNetwork = Site["network"];
/** How jobs get CVMFS. */
export type Cvmfs = Site["cvmfs"];
/** CVMFS on the hosts. */
export type HostCvmfs = Extract<Cvmfs, { mode: "host" }>;
/** CVMFS by CSI. */
export type CsiCvmfs = Extract<Cvmfs, { mode: "csi" }>;
/** CVMFS as the program provides it, in either mode. */
export type CvmfsClient = HostCvmfs | CsiCvmfs;
/** Squids of the site. */
export type Squid = NonNullable<CvmfsClient["squid"]>;
/** Where volumes of services come from. */
export type Storage = Site["storage"];
/** A Harvester inside the cluster. */
export type InClusterHarvester = Extract<Site["harvester"], { mode: "inCluster" }>;
/** Prometheus in the cluster. */
export type Monitoring = Extract<Site["monitoring"], { mode: "prometheus" }>;
/** When alerts are raised. */
export type Thresholds = Monitoring["thresholds"];
/** An archive of logs. */
export type LogArchive = Extract<Site["logs"], { mode: "otlp" }>;
/** APEL records by Kuantifier. */
export type Kuantifier = Extract<Site["accounting"], { mode: "kuantifier" }>;

import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Site, Squid as SquidSection } from "../../stacks/site";
import { imageReference, versions } from "../../versions";
import { squidNodePorts } from "../cloud/nodePorts";
import { kubernetesRequests } from "../cluster/capacity";
import { InfrastructureNamespace } from "../security/InfrastructureNamespace";
import { INFRASTRUCTURE_PRIORITY } from "../security/names";
import { storageClassName as storageClassOf, volumeSize } from "../storage/plan";
import { SQUID_NAMESPACE, SQUID_PORT, SQUID_SERVICE } from "./names";
import { SQUID_FILES, squidConfiguration } from "./squidConfig";
import { hasSquidExporter, squidExporter } from "./squidExporter";
import { GRACE_SECONDS, SNMP_PORT, SQUID_UID, squidPlacement, squidRequests, trafficPolicy } from "./squidPlan";
import { squidPolicy } from "./squidPolicy";

/** What the `Squid` is made from. */
export interface SquidArgs {
  /** The site; its section cvmfs must have a squid, and its storage a class. */
  site: Site;
}

const LABELS = { "app.kubernetes.io/name": "squid" };
const SKIP_AWAIT = { "pulumi.com/skipAwait": "true" };

/** The site's squids: caching proxies for CVMFS and Frontier, each with a volume of its own. */
export class Squid extends pulumi.ComponentResource {
  /** The namespace of the squids. */
  readonly place: InfrastructureNamespace;

  constructor(name: string, args: SquidArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cvmfs:Squid", name, {}, opts);
    const parent = { parent: this };
    const { site } = args;
    const squid = squidOf(site);
    const storageClassName = classOf(site);
    this.place = new InfrastructureNamespace(name, { namespace: SQUID_NAMESPACE, level: "restricted" }, parent);
    const { namespace } = this.place;
    const metadata = { name: SQUID_SERVICE, namespace, labels: LABELS };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    const text = squidConfiguration(site, squid);
    const configuration = new k8s.core.v1.ConfigMap(name, { metadata, data: { "squid.conf": text } }, parent);
    const spec = squidPolicy(site, squid, LABELS);
    const policy = new k8s.networking.v1.NetworkPolicy(name, { metadata, spec }, parent);
    // Also a drain may take one squid at a time only; of a single one it may take that one.
    new k8s.policy.v1.PodDisruptionBudget(
      name,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: LABELS } } },
      parent,
    );
    const service = this.addServices(name, metadata, site, squid);
    new k8s.apps.v1.StatefulSet(
      name,
      {
        // A machine of theirs that is away must not fail an update of the site, and clients find them whenever they come.
        metadata: { ...metadata, annotations: SKIP_AWAIT },
        spec: {
          serviceName: service.metadata.name,
          replicas: squid.replicas,
          // They know nothing of each other.
          podManagementPolicy: "Parallel",
          selector: { matchLabels: LABELS },
          persistentVolumeClaimRetentionPolicy: claimRetention(site),
          template: {
            metadata: { labels: LABELS, annotations: { "atlas-site/configuration-hash": hash(text) } },
            spec: podSpec(site, squid, account, configuration),
          },
          volumeClaimTemplates: [
            {
              metadata: { name: "cache", labels: LABELS },
              spec: {
                accessModes: ["ReadWriteOnce"],
                storageClassName,
                resources: { requests: { storage: volumeSize(squid.cacheGb) } },
              },
            },
          ],
        },
      },
      { ...parent, dependsOn: [policy] },
    );
    this.registerOutputs({});
  }

  /** The headless one names every squid; clients outside the pod network come by the entrance. */
  private addServices(
    name: string,
    metadata: { name: string; namespace: pulumi.Output<string>; labels: Record<string, string> },
    site: Site,
    squid: SquidSection,
  ): k8s.core.v1.Service {
    const parent = { parent: this };
    const ports = squidNodePorts(squid);
    if (ports !== undefined) {
      // That a load balancer comes is worth waiting for: a cluster without a cloud provider never makes one.
      const annotations = squid.entrance === "nodePort" ? SKIP_AWAIT : {};
      const shape = {
        type: squid.entrance === "nodePort" ? "NodePort" : "LoadBalancer",
        selector: LABELS,
        externalTrafficPolicy: trafficPolicy(site, squid),
      };
      const proxy = { name: "proxy", port: SQUID_PORT, targetPort: "proxy", nodePort: ports.proxy };
      new k8s.core.v1.Service(
        `${name}-entrance`,
        {
          metadata: { ...metadata, annotations, name: `${SQUID_SERVICE}-entrance` },
          spec: { ...shape, ports: [proxy] },
        },
        parent,
      );
      if (ports.snmp !== undefined) {
        const snmp = { name: "snmp", protocol: "UDP", port: SNMP_PORT, targetPort: "snmp", nodePort: ports.snmp };
        new k8s.core.v1.Service(
          `${name}-snmp`,
          { metadata: { ...metadata, annotations, name: `${SQUID_SERVICE}-snmp` }, spec: { ...shape, ports: [snmp] } },
          parent,
        );
      }
    }
    return new k8s.core.v1.Service(
      name,
      {
        metadata: { ...metadata, annotations: SKIP_AWAIT },
        spec: {
          clusterIP: "None",
          selector: LABELS,
          ports: [{ name: "proxy", port: SQUID_PORT, targetPort: "proxy" }],
        },
      },
      parent,
    );
  }
}

function squidOf({ cvmfs }: Site): SquidSection {
  const squid = cvmfs.mode === "none" ? undefined : cvmfs.squid;
  if (squid === undefined) {
    throw new Error("the site's section cvmfs has no squid; write cvmfs.squid.pool, or make no component Squid");
  }
  return squid;
}

function classOf({ storage }: Site): string {
  const name = storageClassOf(storage);
  if (name === undefined) {
    throw new Error("squids keep their caches on volumes, and storage.class is none; use local, cinder or existing");
  }
  return name;
}

/**
 * What is in a cache can be fetched again, so the claims go with their squids. A local volume that has lost its claim serves
 * no other until somebody looks at it, so there they stay and are taken up again.
 */
function claimRetention({ storage }: Site): { whenDeleted: string; whenScaled: string } {
  const what = storage.class === "local" ? "Retain" : "Delete";
  return { whenDeleted: what, whenScaled: what };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function podSpec(
  site: Site,
  squid: SquidSection,
  account: k8s.core.v1.ServiceAccount,
  configuration: k8s.core.v1.ConfigMap,
): k8s.types.input.core.v1.PodSpec {
  const requests = squidRequests(squid);
  const common = {
    image: imageReference(versions.images.squid, site.site.registryPrefix),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "configuration", mountPath: "/etc/atlas-site", readOnly: true },
      { name: "cache", mountPath: SQUID_FILES.cache },
      { name: "run", mountPath: "/run" },
      { name: "temporary", mountPath: "/tmp" },
    ],
  };
  return {
    ...squidPlacement(site, squid, LABELS),
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    serviceAccountName: account.metadata.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: SQUID_UID,
      runAsGroup: SQUID_UID,
      fsGroup: SQUID_UID,
      // A full cache has a million files: their owner is looked at only when the top folder's is wrong.
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    initContainers: [
      {
        ...common,
        name: "make-cache",
        // Makes what is missing of the cache's folders, and leaves what is there.
        command: ["squid", "-N", "-z", "-f", SQUID_FILES.configuration],
        resources: { requests: kubernetesRequests(requests) },
      },
    ],
    containers: [
      {
        ...common,
        name: "squid",
        command: ["squid", "-N", "-f", SQUID_FILES.configuration],
        ports: [
          { name: "proxy", containerPort: SQUID_PORT },
          ...(squid.snmpCidrs.length === 0 ? [] : [{ name: "snmp", containerPort: SNMP_PORT, protocol: "UDP" }]),
        ],
        readinessProbe: { tcpSocket: { port: "proxy" }, periodSeconds: 10 },
        livenessProbe: {
          tcpSocket: { port: "proxy" },
          initialDelaySeconds: 20,
          periodSeconds: 30,
          failureThreshold: 4,
        },
        resources: {
          requests: kubernetesRequests(requests),
          limits: { memory: `${Math.ceil(requests.memoryMb * 1.5)}Mi` },
        },
      },
      ...(hasSquidExporter(site) ? [squidExporter(site.site.registryPrefix)] : []),
    ],
    volumes: [
      { name: "configuration", configMap: { name: configuration.metadata.name } },
      { name: "run", emptyDir: {} },
      { name: "temporary", emptyDir: {} },
    ],
  };
}

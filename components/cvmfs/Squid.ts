import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../kubernetes/transform";
import type { Squid as SquidSection } from "../../stacks/site/site";
import { rollout } from "../kubernetes/contentHash";
import { InfrastructureNamespace } from "../kubernetes/InfrastructureNamespace";
import { SQUID_NAMESPACE, SQUID_PORT, SQUID_SERVICE } from "./names";
import { squidConfiguration } from "./squidConfig";
import { SNMP_PORT, SQUID_LABELS, squidNodePorts, type SquidSite, trafficPolicy } from "./squidPlan";
import { CACHE_VOLUME, squidPod } from "./squidPod";
import { squidPolicy } from "./squidPolicy";
import { serviceSpec, statefulSet, unawaited } from "../kubernetes/workloads";

/** What the `Squid` is made from. */
export interface SquidArgs extends SquidSite {
  /** The stack file's section cvmfs.squid. */
  squid: SquidSection;
  /** Storage class of the caches' volumes. */
  storageClass: string;
  /**
   * Whether the caches' claims outlive their squids. What is in a cache can be fetched again; but a local volume that has
   * lost its claim serves no other until someone releases it, so there the claims stay and are taken up again.
   */
  retainClaims: boolean;
  /** Changes to objects before they are registered. */
  transform?: { statefulSet?: Transform<k8s.apps.v1.StatefulSetArgs> };
}

/** The site's squids: caching proxies for CVMFS and Frontier, each with a volume of its own. */
export class Squid extends pulumi.ComponentResource {
  /** The namespace of the squids. */
  readonly namespace: InfrastructureNamespace;

  constructor(name: string, args: SquidArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cvmfs:Squid", name, {}, opts);
    const parent = { parent: this };
    const { squid } = args;
    this.namespace = new InfrastructureNamespace(name, { namespace: SQUID_NAMESPACE, level: "restricted" }, parent);
    const { namespace } = this.namespace;
    const metadata = { name: SQUID_SERVICE, namespace, labels: SQUID_LABELS };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    const text = squidConfiguration(args, squid);
    const configuration = new k8s.core.v1.ConfigMap(name, { metadata, data: { "squid.conf": text } }, parent);
    const spec = squidPolicy(args, squid);
    const policy = new k8s.networking.v1.NetworkPolicy(name, { metadata, spec }, parent);
    // Also a drain may take one squid at a time only; of a single one it may take that one.
    new k8s.policy.v1.PodDisruptionBudget(
      name,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: SQUID_LABELS } } },
      parent,
    );
    const service = this.createServices(name, metadata, args);
    statefulSet(
      name,
      {
        metadata,
        serviceName: service.metadata.name,
        replicas: squid.replicas,
        pod: squidPod(args, squid),
        annotations: rollout("configuration", text),
        claim: {
          volume: CACHE_VOLUME,
          storageClass: args.storageClass,
          sizeGb: squid.cacheGb,
          whenUnused: args.retainClaims ? "Retain" : "Delete",
        },
        transform: args.transform?.statefulSet,
      },
      { ...parent, dependsOn: [account, configuration, policy] },
    );
    this.registerOutputs({});
  }

  /** The headless one names every squid; clients outside the pod network come by the exposure. */
  private createServices(
    name: string,
    metadata: { name: string; namespace: pulumi.Output<string>; labels: Record<string, string> },
    { squid, capabilities }: SquidArgs,
  ): k8s.core.v1.Service {
    const parent = { parent: this };
    const ports = squidNodePorts(squid);
    if (ports !== undefined) {
      // That a load balancer comes is worth waiting for: a cluster without a cloud provider never makes one.
      const exposed = squid.exposure === "nodePort" ? unawaited(metadata) : { ...metadata, annotations: {} };
      const shape = {
        type: squid.exposure === "nodePort" ? "NodePort" : "LoadBalancer",
        selector: SQUID_LABELS,
        externalTrafficPolicy: trafficPolicy(capabilities, squid),
      };
      const proxy = { name: "proxy", port: SQUID_PORT, targetPort: "proxy", nodePort: ports.proxy };
      new k8s.core.v1.Service(
        `${name}-exposure`,
        {
          metadata: { ...exposed, name: `${SQUID_SERVICE}-exposure` },
          spec: { ...shape, ports: [proxy] },
        },
        parent,
      );
      if (ports.snmp !== undefined) {
        const snmp = { name: "snmp", protocol: "UDP", port: SNMP_PORT, targetPort: "snmp", nodePort: ports.snmp };
        new k8s.core.v1.Service(
          `${name}-snmp`,
          { metadata: { ...exposed, name: `${SQUID_SERVICE}-snmp` }, spec: { ...shape, ports: [snmp] } },
          parent,
        );
      }
    }
    return new k8s.core.v1.Service(
      name,
      {
        metadata: unawaited(metadata),
        spec: { clusterIP: "None", ...serviceSpec(SQUID_LABELS, "proxy", SQUID_PORT) },
      },
      parent,
    );
  }
}

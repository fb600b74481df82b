import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../kubernetes/transform";
import { rollout } from "../kubernetes/contentHash";
import { grant } from "../kubernetes/grant";
import { INFRASTRUCTURE_LABEL } from "../kubernetes/names";
import { allowApi, allowEgress, allowIngress, tcp } from "../kubernetes/networkPolicy";
import type { CvmfsClient } from "../../stacks/site/site";
import type { SiteContext } from "../cluster/siteContext";
import { CVMFS_NAMESPACE } from "./names";
import { probePod } from "./probePod";
import { PROBE_PORT, PROBE_SETTINGS, probeFiles, probeSettings } from "./probeProgram";
import { narrowToOwnNode } from "../kubernetes/ownNode";
import { PROBE, PROBE_USER, probeValidations } from "./probeRights";
import { labelsOf } from "../kubernetes/names";
import { daemonSet } from "../kubernetes/workloads";

/** What a `CvmfsProbe` is made from. */
export interface CvmfsProbeArgs extends SiteContext {
  /** The stack file's section of CVMFS. */
  cvmfs: CvmfsClient;
  /** Namespace it runs in; default: the name of the namespace of CVMFS, which must then be there already. */
  namespace?: pulumi.Input<string>;
  /** Changes to objects before they are registered. */
  transform?: { daemonSet?: Transform<k8s.apps.v1.DaemonSetArgs> };
}

const LABELS = labelsOf(PROBE);

/** Checks every repository on every batch node, keeps jobs from nodes with unhealthy CVMFS, and exports metrics. */
export class CvmfsProbe extends pulumi.ComponentResource {
  constructor(name: string, args: CvmfsProbeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cvmfs:CvmfsProbe", name, {}, opts);
    const parent = { parent: this };
    const { cvmfs } = args;
    const namespace = args.namespace ?? CVMFS_NAMESPACE;
    const metadata = { name: PROBE, namespace, labels: LABELS };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    const rights = this.grantOwnTaint(name, account);
    const ownClient = cvmfs.mode === "csi" || args.capabilities.machines !== undefined;
    const settings = probeSettings(cvmfs, ownClient);
    const files = { ...probeFiles(), [PROBE_SETTINGS]: JSON.stringify(settings, undefined, 2) };
    const program = new k8s.core.v1.ConfigMap(name, { metadata, data: files }, parent);
    new k8s.networking.v1.NetworkPolicy(
      name,
      {
        metadata,
        spec: {
          ...allowIngress(LABELS, [
            {
              from: [{ namespaceSelector: { matchLabels: { [INFRASTRUCTURE_LABEL]: "true" } } }],
              ports: tcp(PROBE_PORT),
            },
          ]),
          ...allowEgress(LABELS, [allowApi(args)]),
          policyTypes: ["Ingress", "Egress"],
        },
      },
      parent,
    );
    daemonSet(
      name,
      {
        metadata,
        pod: probePod(args, cvmfs),
        annotations: rollout("program", files),
        transform: args.transform?.daemonSet,
      },
      // A probe without its rights would only log errors.
      { ...parent, dependsOn: [program, rights] },
    );
    this.registerOutputs({});
  }

  /** By role every node, since a role cannot say "mine"; the admission policy narrows it to one taint of one node. */
  private grantOwnTaint(name: string, account: k8s.core.v1.ServiceAccount): pulumi.Resource {
    const parent = { parent: this };
    const metadata = { name: `atlas-site-${PROBE}`, labels: LABELS };
    const bound = narrowToOwnNode(
      name,
      { ...metadata, user: PROBE_USER, resources: ["nodes"], validations: probeValidations() },
      parent,
    );
    return grant(
      name,
      { to: account, metadata, rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "patch"] }] },
      // The right is granted after the policy that narrows it, and taken away before the policy is deleted.
      { ...parent, dependsOn: [bound] },
    );
  }
}

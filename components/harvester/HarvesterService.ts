import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../kubernetes/transform";
import { rollout } from "../kubernetes/contentHash";
import { InfrastructureNamespace } from "../kubernetes/InfrastructureNamespace";
import { claimSpec, statefulSet, unawaited } from "../kubernetes/workloads";
import { HarvesterDatabase } from "./HarvesterDatabase";
import { SERVICE } from "./names";
import { serviceFiles } from "./serviceConfiguration";
import type { ServiceSite } from "./servicePlan";
import { servicePodSpec } from "./servicePod";
import { SERVICE_LABELS, servicePolicies } from "./servicePolicies";

/** What a `HarvesterService` is made from. */
export interface HarvesterServiceArgs extends ServiceSite {
  /** Storage class of its volumes. */
  storageClass: string;
  /** The database's password, secret key `atlas-site:databasePassword`; needed with database mariadb alone. */
  databasePassword?: pulumi.Input<string>;
  /** Changes to objects before they are registered. */
  transform?: { statefulSet?: Transform<k8s.apps.v1.StatefulSetArgs> };
}

/**
 * A Harvester inside the cluster, with a database on a volume that nothing deletes by mistake. It works with the queues'
 * namespaces by the rights its ServiceAccount is given there; proxies come from a Secret that the operator makes.
 */
export class HarvesterService extends pulumi.ComponentResource {
  constructor(name: string, args: HarvesterServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:harvester:HarvesterService", name, {}, opts);
    const parent = { parent: this };
    const { storageClass } = args;
    const { namespace: wanted, database, volumeGb } = args.harvester;
    // What is missing is reported before anything is created.
    const password = database === "mariadb" ? passwordOf(args) : undefined;
    const { namespace } = new InfrastructureNamespace(name, { namespace: wanted, level: "restricted" }, parent);
    const metadata = { name: SERVICE, namespace, labels: SERVICE_LABELS };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    const policies = Object.entries(servicePolicies(args)).map(([policy, spec]) => {
      return new k8s.networking.v1.NetworkPolicy(
        policy === SERVICE ? name : `${name}-${policy}`,
        { metadata: { name: policy, namespace }, spec },
        parent,
      );
    });
    const files = serviceFiles(args);
    const configuration = new k8s.core.v1.ConfigMap(name, { metadata, data: files }, parent);
    const volume = new k8s.core.v1.PersistentVolumeClaim(
      name,
      {
        // It is bound when the pod is scheduled, and the pod waits for the operator's Secret.
        metadata: unawaited(metadata),
        spec: claimSpec(storageClass, volumeGb),
      },
      { ...parent, protect: true },
    );
    const servers =
      password === undefined ? [] : [new HarvesterDatabase(name, { ...args, namespace, password }, parent)];
    statefulSet(
      name,
      {
        metadata,
        serviceName: SERVICE,
        pod: servicePodSpec(args),
        annotations: rollout("configuration", files),
        transform: args.transform?.statefulSet,
      },
      { ...parent, dependsOn: [account, configuration, volume, ...policies, ...servers] },
    );
    this.registerOutputs({});
  }
}

function passwordOf({ databasePassword }: HarvesterServiceArgs): pulumi.Input<string> {
  if (databasePassword === undefined) {
    throw new Error(
      "harvester.database mariadb needs a password; set it by: pulumi config set --secret atlas-site:databasePassword",
    );
  }
  return databasePassword;
}

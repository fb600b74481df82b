import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { claimSpec, serviceSpec, statefulSet, unawaited } from "../kubernetes/workloads";
import { databasePod } from "./databasePod";
import { DATABASE, DATABASE_PORT } from "./names";
import type { ServiceSite } from "./servicePlan";
import { PASSWORD_KEY } from "./servicePod";
import { DATABASE_LABELS } from "./servicePolicies";

/** What a `HarvesterDatabase` is made from. */
export interface HarvesterDatabaseArgs extends Pick<ServiceSite, "site" | "capabilities" | "harvester"> {
  /** Harvester's own namespace. */
  namespace: pulumi.Output<string>;
  /** Storage class of its volume. */
  storageClass: string;
  /** Password of Harvester's user, and of the server's administrator, who can come from inside its container only. */
  password: pulumi.Input<string>;
}

/** A MariaDB server for Harvester alone, on a volume of its own that nothing deletes by mistake. */
export class HarvesterDatabase extends pulumi.ComponentResource {
  constructor(name: string, args: HarvesterDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:harvester:HarvesterDatabase", name, {}, opts);
    const parent = { parent: this };
    const { harvester, namespace, storageClass } = args;
    const resource = `${name}-database`;
    const metadata = { name: DATABASE, namespace, labels: DATABASE_LABELS };
    const secret = new k8s.core.v1.Secret(
      resource,
      { metadata, stringData: { [PASSWORD_KEY]: pulumi.secret(args.password) } },
      parent,
    );
    const volume = new k8s.core.v1.PersistentVolumeClaim(
      resource,
      { metadata: unawaited(metadata), spec: claimSpec(storageClass, harvester.volumeGb) },
      { ...parent, protect: true },
    );
    const service = new k8s.core.v1.Service(
      resource,
      {
        metadata: unawaited(metadata),
        spec: { clusterIP: "None", ...serviceSpec(DATABASE_LABELS, "mysql", DATABASE_PORT) },
      },
      parent,
    );
    statefulSet(
      resource,
      { metadata, serviceName: service.metadata.name, pod: databasePod(args) },
      { ...parent, dependsOn: [secret, volume] },
    );
    this.registerOutputs({});
  }
}

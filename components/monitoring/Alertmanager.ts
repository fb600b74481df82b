import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../kubernetes/transform";
import { contentHash } from "../kubernetes/contentHash";
import type { MonitoredSite } from "./monitoredSite";
import { alertmanagerConfiguration } from "./alertmanagerConfiguration";
import { ALERTMANAGER_DATA, ALERTMANAGER_FILE, ALERTMANAGER_VOLUME_GB, alertmanagerPod } from "./alertmanagerPod";
import { ALERTMANAGER, ALERTMANAGER_PORT } from "./names";
import { labelsOf } from "../kubernetes/names";
import { serviceSpec, statefulSet, unawaited } from "../kubernetes/workloads";

/** What an `Alertmanager` is made from. */
export interface AlertmanagerArgs extends Pick<MonitoredSite, "site" | "capabilities" | "monitoring"> {
  /** Namespace of monitoring. */
  namespace: pulumi.Input<string>;
  /** Storage class of its volume. */
  storageClass: string;
  /** Secret key `atlas-site:alertReceivers`: a YAML list of Alertmanager's receivers; needed when the site has routes. */
  receivers?: pulumi.Input<string>;
  /** Changes to objects before they are registered. */
  transform?: { statefulSet?: Transform<k8s.apps.v1.StatefulSetArgs> };
}

/** Alertmanager with the site's routes. Its receivers have passwords in them, so its whole configuration is a Secret. */
export class Alertmanager extends pulumi.ComponentResource {
  constructor(name: string, args: AlertmanagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:monitoring:Alertmanager", name, {}, opts);
    const parent = { parent: this };
    const { namespace, storageClass, receivers } = args;
    const text = pulumi.secret(
      receivers === undefined
        ? alertmanagerConfiguration(args.monitoring, undefined)
        : pulumi.output(receivers).apply((described) => alertmanagerConfiguration(args.monitoring, described)),
    );
    const metadata = { name: ALERTMANAGER, namespace, labels: labelsOf(ALERTMANAGER) };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    const secret = new k8s.core.v1.Secret(name, { metadata, stringData: { [ALERTMANAGER_FILE]: text } }, parent);
    const service = serviceSpec(metadata.labels, "http", ALERTMANAGER_PORT);
    new k8s.core.v1.Service(name, { metadata: unawaited(metadata), spec: service }, parent);
    statefulSet(
      name,
      {
        metadata,
        serviceName: ALERTMANAGER,
        pod: alertmanagerPod(args),
        annotations: { "atlas-site/configuration-hash": text.apply(contentHash) },
        claim: { volume: ALERTMANAGER_DATA, storageClass, sizeGb: ALERTMANAGER_VOLUME_GB },
        transform: args.transform?.statefulSet,
      },
      { ...parent, dependsOn: [account, secret] },
    );
    this.registerOutputs({});
  }
}

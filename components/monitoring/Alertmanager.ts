import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../kubernetes/transform";
import { contentHash } from "../kubernetes/contentHash";
import type { MonitoredSite } from "./monitoredSite";
import { alertmanagerConfiguration } from "./alertmanagerConfiguration";
import { ALERTMANAGER_DATA, ALERTMANAGER_FILE, ALERTMANAGER_VOLUME_GB, alertmanagerPod } from "./alertmanagerPod";
import { ALERTMANAGER, ALERTMANAGER_PORT } from "./names";
import { serviceSpec, statefulSetSpec } from "../kubernetes/statefulSet";
import { labelsOf } from "../kubernetes/names";

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

const SKIP_AWAIT = { "pulumi.com/skipAwait": "true" };

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
    const unawaited = { ...metadata, annotations: SKIP_AWAIT };
    new k8s.core.v1.Service(name, { metadata: unawaited, spec: serviceSpec(ALERTMANAGER, ALERTMANAGER_PORT) }, parent);
    const plan = {
      name: ALERTMANAGER,
      pod: alertmanagerPod(args),
      volume: ALERTMANAGER_DATA,
      storageClass,
      volumeGb: ALERTMANAGER_VOLUME_GB,
    };
    new k8s.apps.v1.StatefulSet(
      ...transformed<k8s.apps.v1.StatefulSetArgs>(
        args.transform?.statefulSet,
        name,
        {
          metadata: unawaited,
          spec: statefulSetSpec(
            plan,
            text.apply((file) => contentHash(JSON.stringify(file))),
          ),
        },
        { ...parent, dependsOn: [account, secret] },
      ),
    );
    this.registerOutputs({});
  }
}

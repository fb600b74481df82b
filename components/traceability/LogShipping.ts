import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../kubernetes/transform";
import { rollout } from "../kubernetes/contentHash";
import { InfrastructureNamespace } from "../kubernetes/InfrastructureNamespace";
import { daemonSet } from "../kubernetes/workloads";
import { bearerToken } from "./bearerToken";
import { collectorConfiguration, type ShippingSite, siteCollector } from "./collectorConfiguration";
import { LOG_SHIPPER_LABELS, logPolicy } from "./logPolicies";
import { CONFIGURATION_FILE, logShipperPod, nodeFolders, TOKEN_FILE, TOKEN_PATH } from "./logShipperPod";
import { LOG_SHIPPER, LOGS_NAMESPACE } from "./names";

/** What `LogShipping` is made from. */
export interface LogShippingArgs extends ShippingSite {
  /** Token that the archive wants, secret key `atlas-site:logToken`; kept secret. Default: none is sent. */
  token?: pulumi.Input<string>;
  /** Changes to objects before they are registered. */
  transform?: { daemonSet?: Transform<k8s.apps.v1.DaemonSetArgs> };
}

/**
 * Ships the API's audit log and the output of containers to the site's archive as they are written, from every node. What
 * the archive does not take at once waits on the node's disk, and in the files themselves.
 * @throws Error for a token that no header can carry
 */
export class LogShipping extends pulumi.ComponentResource {
  constructor(name: string, args: LogShippingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:traceability:LogShipping", name, {}, opts);
    const parent = { parent: this };
    const { namespace } = new InfrastructureNamespace(name, { namespace: LOGS_NAMESPACE, level: "privileged" }, parent);
    const metadata = { name: LOG_SHIPPER, namespace, labels: LOG_SHIPPER_LABELS };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    const withToken = args.token !== undefined;
    const text = collectorConfiguration(
      siteCollector(args, nodeFolders(args.capabilities), withToken ? TOKEN_PATH : undefined),
    );
    const configuration = new k8s.core.v1.ConfigMap(name, { metadata, data: { [CONFIGURATION_FILE]: text } }, parent);
    const token = args.token === undefined ? [] : this.createTokenSecret(name, metadata, args.token);
    const policy = new k8s.networking.v1.NetworkPolicy(name, { metadata, spec: logPolicy(args) }, parent);
    const pod = logShipperPod(args, { configuration: LOG_SHIPPER, token: withToken ? LOG_SHIPPER : undefined });
    daemonSet(
      name,
      {
        metadata,
        pod: { ...pod, serviceAccountName: account.metadata.name },
        annotations: rollout("configuration", text),
        transform: args.transform?.daemonSet,
      },
      { ...parent, dependsOn: [configuration, policy, ...token] },
    );
    this.registerOutputs({});
  }

  /** The collector reads the file again by itself when the token is another. */
  private createTokenSecret(
    name: string,
    metadata: { name: string; namespace: pulumi.Output<string>; labels: Record<string, string> },
    token: pulumi.Input<string>,
  ): pulumi.Resource[] {
    const value = pulumi.secret(token).apply(bearerToken);
    return [new k8s.core.v1.Secret(name, { metadata, stringData: { [TOKEN_FILE]: value } }, { parent: this })];
  }
}

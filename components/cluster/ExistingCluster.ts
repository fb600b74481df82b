import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { type Cluster, OBJECTS_CHANGE_IN_PLACE } from "./Cluster";

/** What an `ExistingCluster` is made from. */
export interface ExistingClusterArgs {
  /** Stable name of that cluster; another one means another cluster: every object is made there and deleted here. */
  identifier: string;
  /** Administrator's kubeconfig; secret key `atlas-site:kubeconfig`. */
  kubeconfig: pulumi.Input<string>;
}

interface KubeconfigFile {
  clusters?: { name: string; cluster?: { server?: string; "certificate-authority-data"?: string } }[];
}

/** A cluster somebody else runs: the program only puts the site into it. */
export class ExistingCluster extends pulumi.ComponentResource implements Cluster {
  readonly kubeconfig: pulumi.Output<string>;
  readonly apiUrl: pulumi.Output<string>;
  readonly caPem: pulumi.Output<string>;
  readonly provider: k8s.Provider;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cluster:ExistingCluster", name, {}, opts);
    this.kubeconfig = pulumi.secret(args.kubeconfig);
    const cluster = this.kubeconfig.apply(onlyCluster);
    this.apiUrl = pulumi.unsecret(cluster.apply(({ server }) => server));
    this.caPem = pulumi.unsecret(cluster.apply(({ caPem }) => caPem));
    this.provider = new k8s.Provider(
      name,
      { kubeconfig: this.kubeconfig, clusterIdentifier: args.identifier, ...OBJECTS_CHANGE_IN_PLACE },
      { parent: this },
    );
    this.registerOutputs({ apiUrl: this.apiUrl });
  }
}

/** Server and CA of a kubeconfig with one cluster in it. */
function onlyCluster(text: string): { server: string; caPem: string } {
  const clusters = (parse(text) as KubeconfigFile | null)?.clusters ?? [];
  const cluster = clusters[0]?.cluster;
  if (clusters.length !== 1 || cluster?.server === undefined || cluster["certificate-authority-data"] === undefined) {
    throw new Error(
      `atlas-site:kubeconfig must hold exactly one cluster with server and certificate-authority-data; it holds ` +
        `${clusters.length}. \`kubectl config view --minify --flatten\` writes such a file.`,
    );
  }
  return {
    server: cluster.server,
    caPem: Buffer.from(cluster["certificate-authority-data"], "base64").toString("utf8"),
  };
}

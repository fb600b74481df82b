import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../stacks/site";
import { imageReference, versions } from "../../versions";
import { kubernetesRequests } from "../cluster/capacity";
import { CONFINED, unprivileged } from "../cluster/securityContext";
import { INFRASTRUCTURE_PRIORITY } from "../security/names";
import { volumeSize } from "../storage/plan";
import { DATABASE, DATABASE_PORT } from "./names";
import { DATABASE_REQUESTS, inClusterHarvester, servicePlacement } from "./servicePlan";
import { PASSWORD_KEY } from "./servicePod";
import { DATABASE_LABELS } from "./servicePolicies";

/** What a `HarvesterDatabase` is made from. */
export interface HarvesterDatabaseArgs {
  /** The site; its section harvester must have mode inCluster. */
  site: Site;
  /** Harvester's own namespace. */
  namespace: pulumi.Output<string>;
  /** Storage class of its volume. */
  storageClass: string;
  /** Password of Harvester's user, and of the server's administrator, who can come from inside its container only. */
  password: pulumi.Input<string>;
}

/** User and group `mysql` of the image. */
const UID = 999;

/** Where the Secret is in the container. */
const SECRETS = "/etc/harvester-database";

/** Seconds the server gets to write everything down. */
const STOP_SECONDS = 120;

/**
 * How Harvester wants its server: no strict mode, or its statements fail; packets as large as its largest job lists; and
 * without MariaDB 11's snapshot check, which lets its many threads fail one another.
 */
const OPTIONS = ["--sql-mode=NO_ENGINE_SUBSTITUTION", "--max-allowed-packet=256M", "--innodb-snapshot-isolation=OFF"];

/** A MariaDB server for Harvester alone, on a volume of its own that nothing deletes by mistake. */
export class HarvesterDatabase extends pulumi.ComponentResource {
  constructor(name: string, args: HarvesterDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:harvester:HarvesterDatabase", name, {}, opts);
    const parent = { parent: this };
    const { site, namespace, storageClass } = args;
    const resource = `${name}-database`;
    const metadata = { name: DATABASE, namespace, labels: DATABASE_LABELS };
    const unawaited = { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } };
    const secret = new k8s.core.v1.Secret(
      resource,
      { metadata, stringData: { [PASSWORD_KEY]: pulumi.secret(args.password) } },
      parent,
    );
    const volume = new k8s.core.v1.PersistentVolumeClaim(
      resource,
      {
        metadata: unawaited,
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: storageClass,
          resources: { requests: { storage: volumeSize(inClusterHarvester(site).volumeGb) } },
        },
      },
      { ...parent, protect: true },
    );
    const service = new k8s.core.v1.Service(
      resource,
      {
        metadata: unawaited,
        spec: {
          clusterIP: "None",
          selector: DATABASE_LABELS,
          ports: [{ name: "mysql", port: DATABASE_PORT, targetPort: "mysql" }],
        },
      },
      parent,
    );
    new k8s.apps.v1.StatefulSet(
      resource,
      {
        metadata: unawaited,
        spec: {
          serviceName: service.metadata.name,
          replicas: 1,
          selector: { matchLabels: DATABASE_LABELS },
          template: { metadata: { labels: DATABASE_LABELS }, spec: podSpec(site) },
        },
      },
      { ...parent, dependsOn: [secret, volume] },
    );
    this.registerOutputs({});
  }
}

function podSpec(site: Site): k8s.types.input.core.v1.PodSpec {
  return {
    ...servicePlacement(site),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    terminationGracePeriodSeconds: STOP_SECONDS,
    securityContext: unprivileged(UID),
    containers: [container(site)],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: DATABASE } },
      { name: "password", secret: { secretName: DATABASE, defaultMode: 0o440 } },
      { name: "run", emptyDir: {} },
      { name: "temporary", emptyDir: {} },
    ],
  };
}

function container(site: Site): k8s.types.input.core.v1.Container {
  const check = { exec: { command: ["healthcheck.sh", "--connect", "--innodb_initialized"] }, timeoutSeconds: 10 };
  return {
    name: DATABASE,
    image: imageReference(versions.images.mariadb, site.site.registryPrefix),
    args: OPTIONS,
    env: [
      { name: "MARIADB_DATABASE", value: "harvester" },
      { name: "MARIADB_USER", value: "harvester" },
      { name: "MARIADB_PASSWORD_FILE", value: `${SECRETS}/${PASSWORD_KEY}` },
      { name: "MARIADB_ROOT_PASSWORD_FILE", value: `${SECRETS}/${PASSWORD_KEY}` },
      { name: "MARIADB_ROOT_HOST", value: "localhost" },
    ],
    ports: [{ name: "mysql", containerPort: DATABASE_PORT }],
    // The first start makes the tables of the server itself.
    startupProbe: { ...check, periodSeconds: 5, failureThreshold: 120 },
    readinessProbe: { ...check, periodSeconds: 10 },
    livenessProbe: { ...check, periodSeconds: 30, failureThreshold: 5 },
    resources: { requests: kubernetesRequests(DATABASE_REQUESTS), limits: { memory: "4Gi" } },
    securityContext: CONFINED,
    volumeMounts: [
      { name: "data", mountPath: "/var/lib/mysql" },
      { name: "password", mountPath: SECRETS, readOnly: true },
      { name: "run", mountPath: "/run/mysqld" },
      { name: "temporary", mountPath: "/tmp" },
    ],
  };
}

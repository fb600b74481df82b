/** The pod of Harvester's database server, as plain values. */
import { imageReference, versions } from "../../versions";
import { kubernetesRequests } from "../kubernetes/resources";
import { INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";
import { CONFINED, unprivileged } from "../kubernetes/securityContext";
import { DATABASE, DATABASE_PORT } from "./names";
import { DATABASE_REQUESTS, servicePlacement, type ServiceSite } from "./servicePlan";
import { PASSWORD_KEY } from "./servicePod";

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

/** What the pod needs to know of its site. */
type DatabaseSite = Pick<ServiceSite, "site" | "capabilities" | "harvester">;

/** The pod's spec; claim and Secret have the database's name. */
export function databasePod(site: DatabaseSite) {
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

function container(site: DatabaseSite) {
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

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { databaseUrl } from "./config/common";
import { mariadbSocket } from "./config/infrastructure";
import { contentPlan, identityPlan } from "./content";
import { exec, execInNamespace, runInNamespace } from "./namespace";
import { PATIENCE_MS } from "./patience";
import { send, type ProcessRecord } from "./processes";
import { serviceEnvironment } from "./services";
import { lab, url, type LabPaths } from "./settings";

const names = [
  "keystone",
  "placement",
  "glance",
  "nova_api",
  "nova_cell0",
  "nova_cell1",
  "neutron",
  "octavia",
  "magnum",
];

/** How long one management command may take, in milliseconds: six migrations run at once, two minutes on two processors. */
const MIGRATION_MS = 900_000;

/** How many snapshots stay: this checkout's and that of the one before, so that changing branches stays quick. */
const keptSnapshots = 2;

/** Runs SQL as the database's root over its socket and returns the rows, tab-separated. */
export async function sql(paths: LabPaths, statements: string): Promise<string> {
  const client = ["--no-defaults", "-N", "-B", "-uroot", "-S", mariadbSocket(paths)];
  const done = await exec("mariadb", client, { input: statements, timeoutMs: PATIENCE_MS });
  if (done.code !== 0) throw new Error(`lab database: exit ${done.code}: ${done.stderr.trim()}`);
  return done.stdout;
}

/** Makes an empty data folder. */
export function installDatabase(paths: LabPaths): void {
  runInNamespace("mariadb-install-db", [
    `--defaults-file=${join(paths.config, "my.cnf")}`,
    "--user=root",
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
  ]);
}

/** Makes the empty databases and their user. */
export async function createDatabases(paths: LabPaths): Promise<void> {
  const user = ["'%'", "localhost"].map(
    (host) =>
      `create user if not exists openstack@${host} identified by '${lab.password}';` +
      `grant all on *.* to openstack@${host};`,
  );
  await sql(paths, [...names.map((n) => `create database ${n} character set utf8;`), ...user].join("\n"));
}

/** Runs one management command of a service; its output goes into the message when it fails. */
export async function manage(paths: LabPaths, command: string, args: string[], input?: object): Promise<void> {
  const done = await execInNamespace(command, args, {
    env: serviceEnvironment(paths),
    timeoutMs: MIGRATION_MS,
    input: input && JSON.stringify(input),
  });
  if (done.code !== 0) {
    const said = (done.stdout + done.stderr).trim().split("\n").slice(-25).join("\n");
    throw new Error(`lab: ${command} ${args.join(" ")}: exit ${done.code}\n${said}`);
  }
}

/** Schema of Keystone, its keys and its first user. */
export async function migrateKeystone(paths: LabPaths): Promise<void> {
  const keystone = (...args: string[]) =>
    manage(paths, "keystone-manage", ["--config-file", join(paths.config, "keystone.conf"), ...args]);
  const owner = ["--keystone-user", "root", "--keystone-group", "root"];
  const identity = url("keystone", "/v3");
  await Promise.all([
    keystone("fernet_setup", ...owner),
    keystone("credential_setup", ...owner),
    keystone("db_sync").then(() => undefined),
  ]);
  await keystone(
    ...["bootstrap", "--bootstrap-password", lab.password, "--bootstrap-region-id", lab.region],
    ...["admin", "internal", "public"].flatMap((kind) => [`--bootstrap-${kind}-url`, identity]),
  );
}

/** Schemas of all other services, in parallel. */
export async function migrateServices(paths: LabPaths): Promise<void> {
  const config = (file: string) => ["--config-file", join(paths.config, file)];
  const nova = (...args: string[]) => manage(paths, "nova-manage", [...config("nova.conf"), ...args]);
  await Promise.all([
    (async () => {
      await nova("api_db", "sync");
      await nova("cell_v2", "map_cell0", "--database_connection", databaseUrl("nova_cell0"));
      await nova("cell_v2", "create_cell", "--name", "cell1");
      await nova("db", "sync");
    })(),
    manage(paths, "neutron-db-manage", [...config("neutron.conf"), "upgrade", "heads"]),
    manage(paths, "placement-manage", [...config("placement.conf"), "db", "sync"]),
    manage(paths, "glance-manage", [...config("glance-api.conf"), "db_sync"]),
    manage(paths, "octavia-db-manage", [...config("octavia.conf"), "upgrade", "head"]),
    manage(paths, "magnum-db-manage", [...config("magnum.conf"), "upgrade"]),
  ]);
}

/**
 * Name of the snapshot that fits: anything that shapes the databases changes it, so an outdated one is never used.
 *
 * @param packages `name=version` of the installed packages
 */
export function snapshotKey(paths: LabPaths, files: Record<string, string>, packages: readonly string[]): string {
  const hash = createHash("sha256");
  const scripts = ["identity.py", "content.py"].map((f) => readFileSync(join(paths.python, "atlas_lab", f), "utf8"));
  hash.update(JSON.stringify([files, [...packages].sort(), scripts, identityPlan(), contentPlan()]));
  return hash.digest("hex").slice(0, 16);
}

/** Folders of the state that make up a snapshot. */
const snapshotParts = ["mysql", "lib/keystone", "lib/glance"];

/**
 * Copies the databases for the next `up`. The server is stopped in its tracks for the moment of the copy: what lies on
 * disk then is what a crash would leave, and InnoDB starts from that.
 */
export async function saveSnapshot(paths: LabPaths, key: string, mariadb: ProcessRecord): Promise<void> {
  mkdirSync(paths.snapshots, { recursive: true });
  const unfinished = join(paths.snapshots, `${key}.unfinished`);
  rmSync(unfinished, { recursive: true, force: true });
  await sql(paths, "flush engine logs;");
  send(mariadb.pid, "SIGSTOP");
  try {
    for (const part of snapshotParts) copyTree(join(paths.state, part), join(unfinished, part));
  } finally {
    send(mariadb.pid, "SIGCONT");
  }
  rmSync(join(paths.snapshots, key), { recursive: true, force: true });
  renameSync(unfinished, join(paths.snapshots, key));
  for (const old of snapshotsByAge(paths).slice(keptSnapshots))
    rmSync(join(paths.snapshots, old), { recursive: true, force: true });
}

/** Lays the snapshot down as the lab's databases; false when there is none. */
export function restoreSnapshot(paths: LabPaths, key: string): boolean {
  const from = join(paths.snapshots, key);
  if (!existsSync(from)) return false;
  for (const part of snapshotParts) copyTree(join(from, part), join(paths.state, part));
  utimesSync(from, new Date(), new Date());
  return true;
}

function snapshotsByAge(paths: LabPaths): string[] {
  const age = (name: string) => statSync(join(paths.snapshots, name)).mtimeMs;
  return readdirSync(paths.snapshots).sort((a, b) => age(b) - age(a));
}

function copyTree(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(join(to, ".."), { recursive: true });
  runInNamespace("cp", ["-a", "--reflink=auto", from, to]);
}

import { existsSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { configFiles } from "./config/files";
import { contentPlan, identityPlan } from "./content";
import * as databases from "./databases";
import { cleanUp } from "./down";
import { currentPaths, labLock, makeFolders, openLab, writeConfig, type Lab } from "./lab";
import { LOG_ARCHIVE, logArchiveUrl, prepareLogArchive } from "./logArchive";
import { createNamespace, namespaceFile } from "./namespace";
import { withLock } from "../toolchain/lock";
import { answers, mustRecord, servicesAnswer, until } from "./ready";
import { preflight, requireCommands } from "./preflight";
import { installedPackages, installPackages, missingPackages } from "./packages";
import { endGroup, startDaemon } from "./processes";
import { daemons, type Stage } from "./services";
import { cloudEnvironment, url, type ComputeDriver, type LabPaths } from "./settings";
import { bootImage, writeBootImage } from "./machineImage";
import { canFix, deadDaemons, isRunning, readState, writeState } from "./state";

export type Log = (line: string) => void;

/** The compute driver asked for by `ATLAS_LAB_DRIVER`; machines that boot unless told otherwise. */
export function wantedDriver(): ComputeDriver {
  const asked = process.env.ATLAS_LAB_DRIVER ?? "nspawn";
  if (asked !== "nspawn" && asked !== "fake")
    throw new Error(
      `ATLAS_LAB_DRIVER=${asked}: allowed are nspawn (machines that boot) and fake (instant, boot nothing)`,
    );
  return asked;
}

/**
 * Brings the lab's cloud up and returns it; a running one is returned as it is, a broken one is cleared away first.
 *
 * @param accepted called once, when this machine has passed the preflight or a lab runs here: long work beside the start
 *   begins there, and not before a refusal
 * @throws before anything is touched when this machine cannot hold a lab; later with the service that did not answer
 *   and its log
 */
export async function labUp(log: Log, accepted: () => void = () => undefined): Promise<Lab> {
  const paths = currentPaths();
  const driver = wantedDriver();
  return withLock(labLock(paths), "or ending the lab", log, () => bringUp(paths, driver, log, accepted));
}

async function bringUp(paths: LabPaths, driver: ComputeDriver, log: Log, accepted: () => void): Promise<Lab> {
  const state = readState(paths);
  const running = isRunning(paths);
  if (state && (running === true || canFix(paths))) {
    if (state.driver !== driver)
      throw new Error(`a lab with driver ${state.driver} runs; for ${driver}, first: npm run lab -- down`);
    accepted();
    if (running !== true) await fix(paths, driver, log);
    return openLab();
  }
  // Before the preflight, which would count the memory of what is left against the new lab.
  if (state && process.getuid?.() === 0) {
    log(`clearing away what an earlier lab left (${String(running)})`);
    await cleanUp(paths);
  }
  const missing = missingPackages();
  preflight(paths, driver, missing.length === 0);
  accepted();
  // Beside the packages and the services' start: the first time it takes long, and Nova needs it with the first machine.
  const image = driver === "nspawn" ? bootImage(log) : undefined;
  image?.catch(() => undefined);
  if (missing.length > 0) {
    await installPackages(missing, log);
    requireCommands();
  }
  // Whatever a killed \`down\` left without its record.
  await cleanUp(paths);

  const startedAt = new Date();
  makeFolders(paths);
  writeState(paths, { phase: "starting", driver, startedAt: startedAt.toISOString() });
  createNamespace();
  const files = configFiles(paths, driver);
  writeConfig(paths, files);
  linkPasteFile(paths);

  // Our driver tells Nova the same of its host as the fake one: one snapshot serves both.
  const key = databases.snapshotKey(paths, configFiles(paths, "fake"), installedPackages());
  const warm = databases.restoreSnapshot(paths, key);
  log(warm ? "databases from the snapshot of an earlier lab" : "no databases yet: making them");
  if (!warm) databases.installDatabase(paths);
  start(paths, driver, "infrastructure");
  await until(paths, "mariadb", "the database to answer", async () => (await databases.sql(paths, "select 1;")) !== "");
  await (warm ? startWarm(paths, driver) : startCold(paths, driver, log));
  // Magnum is wanted by few and late; it goes on loading meanwhile.
  await servicesAnswer(paths, startedAt, warm ? ["magnum"] : []);
  log("all services answer");
  if (!warm) {
    await firstContent(paths, log);
    await databases.saveSnapshot(paths, key, mustRecord(paths, "mariadb"));
  }
  if (image) {
    // After the image, whose building holds the toolchain's lock; the archive's program is then most likely there.
    writeBootImage(paths, await image);
    await prepareLogArchive(paths, log);
    start(paths, driver, "outside");
    await logArchiveListens(paths);
  }
  writeState(paths, { phase: "running", driver, startedAt: startedAt.toISOString() });
  log("the cloud is up");
  return openLab();
}

/** Starts the daemons that ended in a lab that was up; machines and databases are left as they are. */
async function fix(paths: LabPaths, driver: ComputeDriver, log: Log): Promise<void> {
  const dead = deadDaemons(paths);
  log(`starting again what ended: ${dead.join(", ")}`);
  const startedAt = new Date();
  // What an older checkout's namespace lacks; the rest stays as it is.
  createNamespace();
  for (const daemon of daemons(paths, driver).filter(({ name }) => dead.includes(name))) {
    await endGroup(paths.run, daemon.name);
    if (daemon.name === LOG_ARCHIVE) await prepareLogArchive(paths, log);
    startDaemon(daemon, namespaceFile, paths.run, paths.logs);
  }
  await servicesAnswer(paths, startedAt);
  if (driver === "nspawn") await logArchiveListens(paths);
}

async function logArchiveListens(paths: LabPaths): Promise<void> {
  await until(paths, LOG_ARCHIVE, `the log archive to listen at ${logArchiveUrl}`, () => answers(logArchiveUrl));
}

async function startWarm(paths: LabPaths, driver: ComputeDriver): Promise<void> {
  start(paths, driver, "keystone");
  start(paths, driver, "openstack");
}

/** Empty databases: schemas first; the other services need Keystone's users the moment they start. */
async function startCold(paths: LabPaths, driver: ComputeDriver, log: Log): Promise<void> {
  await databases.createDatabases(paths);
  const identity = async () => {
    await databases.migrateKeystone(paths);
    start(paths, driver, "keystone");
    await until(paths, "keystone", "Keystone to answer", () => answers(url("keystone", "/v3")));
    await python(paths, "atlas_lab.identity", identityPlan());
  };
  await Promise.all([identity(), databases.migrateServices(paths)]);
  log("databases made, Keystone filled");
  start(paths, driver, "openstack");
}

async function firstContent(paths: LabPaths, log: Log): Promise<void> {
  const nova = ["--config-file", join(paths.config, "nova.conf"), "cell_v2", "discover_hosts"];
  await Promise.all([databases.manage(paths, "nova-manage", nova), python(paths, "atlas_lab.content", contentPlan())]);
  log("flavors, image and external network made");
}

/** Runs a module of ours as the cloud's administrator. */
async function python(paths: LabPaths, module: string, plan: object): Promise<void> {
  const env = Object.entries(cloudEnvironment("admin", "admin")).map(([k, v]) => `${k}=${v}`);
  await databases.manage(paths, "env", [...env, "/usr/bin/python3", "-m", module], plan);
}

function start(paths: LabPaths, driver: ComputeDriver, stage: Stage): void {
  for (const daemon of daemons(paths, driver))
    if (daemon.stage === stage) startDaemon(daemon, namespaceFile, paths.run, paths.logs);
}

/** Nova's API looks for its paste file beside its configuration only. */
function linkPasteFile(paths: LabPaths): void {
  const link = join(paths.config, "api-paste.ini");
  if (existsSync(link)) rmSync(link);
  symlinkSync("/etc/nova/api-paste.ini", link);
}

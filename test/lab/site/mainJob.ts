import { known } from "../../support/componentArgs";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureToolchain, type Toolchain } from "../../toolchain";
import { currentPaths, inventory, labUp, openLab, type Lab } from "../lab";
import { logArchiveFile } from "../logArchive";
import { PATIENCE_MS } from "../patience";
import { readState } from "../state";
import { loadSite } from "../../../stacks/site/load";
import type { Site } from "../../../stacks/site/site";
import { harvesterHandover } from "../../../components/harvester/handover";
import { MONITORING_NAMESPACE, PROMETHEUS } from "../../../components/monitoring/names";
import type { CricQueue, Worker } from "./harvesterJob";
import type { HarvesterReport, JobReport } from "./harvesterWork";
import { LabStack, tail } from "./labStack";
import type { PilotOrder } from "./pilotJob";
import { KubeView, type NodeView } from "./kubeView";
import { consoleUptime, lastCreated, renderTimeline, type Milestone } from "./timeline";

const repository = resolve(__dirname, "../../..");
/** How long a Job may take from its creation, in seconds: on cold caches the first pod waits for its node. */
const JOB_DEADLINE_SECONDS = 600;

/** The provider of the cluster's objects, which waits for the API. */
const PROVIDER = "pulumi:providers:kubernetes";

/** The lab's queue, as the stack file has it. */
const QUEUE = "LAB-K8S";

type Log = (line: string) => void;

/** What a run of the main job saw. */
export interface RunReport {
  readonly job: JobReport;
  readonly nodes: readonly NodeView[];
  readonly timeline: readonly string[];
  /** From the start of `pulumi up` to the finished job. */
  readonly seconds: number;
  /** From the start of `pulumi up` until Nova called the last machine ACTIVE, in seconds. */
  readonly openstackSeconds?: number;
}

/** File with what the last `pulumi up` of `runSite` printed. */
export function upOutput(lab: Lab): string {
  return join(lab.stateDir, "site", "up.log");
}

/**
 * Lab and stack, ready for commands; starts the lab where none runs. Cloud, machine image and toolchain are made
 * side by side: the image waits for its own binaries only, which are built first.
 */
export async function openSite(log: Log): Promise<{ lab: Lab; stack: LabStack }> {
  let toolchain: Promise<Toolchain> | undefined;
  await labUp(log, () => {
    toolchain = ensureToolchain({ log });
    // Awaited below; until then its failure must not end the process, and the cloud's start reports its own.
    toolchain.catch(() => undefined);
  });
  const lab = openLab();
  const stack = new LabStack(lab, await (toolchain ?? ensureToolchain({ log })));
  await stack.prepareForUp();
  return { lab, stack };
}

/** `pulumi up` of the lab's stack, then one pilot Job by Harvester's kubeconfig, watched until it has ended. */
export async function runSite(lab: Lab, stack: LabStack, log: Log): Promise<RunReport> {
  const eventLog = join(lab.stateDir, "site", "events.jsonl");
  rmSync(eventLog, { force: true });
  const start = Date.now();
  log("pulumi up");
  let events = "";
  try {
    const up = await stack.pulumi(["up", "--yes", "--skip-preview", "--suppress-progress", "--event-log", eventLog], {
      onLine: (line) => logResource(line, log),
      // The event log is a flag the engine shows to debuggers only.
      env: { PULUMI_DEBUG_COMMANDS: "true" },
    });
    writeFileSync(upOutput(lab), up.stdout + up.stderr);
    events = existsSync(eventLog) ? readFileSync(eventLog, "utf8") : "";
  } finally {
    // It holds the SDK's debug messages, and they show every secret.
    rmSync(eventLog, { force: true });
  }
  const upDone = Date.now();
  const kubeconfigs = await stack.writeKubeconfigs();
  log("submitting one 8-core pilot Job with Harvester's kubeconfig");
  const job = await submitJob(lab, kubeconfigs.harvester[QUEUE], pilotFor(stack));
  const end = Date.now();
  const nodes = await new KubeView(lab, stack.toolchain, kubeconfigs.administrator).nodes();
  const active = lastCreated(events, "openstack:compute/instance:Instance");
  // Of a site that was there already, what came before is no part of this run.
  const milestones: Milestone[] = [
    ...(active === undefined ? [] : [{ what: "every machine ACTIVE in Nova", at: active }]),
    ...(active === undefined ? [] : [{ what: "Kubernetes API ready", at: lastCreated(events, PROVIDER) }]),
    { what: "`pulumi up` finished", at: upDone },
    ...nodes
      .filter(({ readySince }) => readySince === undefined || readySince >= start)
      .map((node) => ({ what: `node ${node.name} Ready`, at: node.readySince })),
    { what: `pod started on ${job.node ?? "no node"}`, at: parsed(job.podStarted) },
    { what: "job finished", at: parsed(job.completed) ?? (job.succeeded ? end : undefined) },
  ];
  return {
    job,
    nodes,
    timeline: renderTimeline(start, milestones),
    seconds: (end - start) / 1000,
    openstackSeconds: active === undefined ? undefined : (active - start) / 1000,
  };
}

/** Submits pilots as Harvester would, from inside the lab, and waits for their end. */
export async function submitPilots(
  lab: Lab,
  kubeconfig: string,
  order: PilotOrder,
  deadlineSeconds = JOB_DEADLINE_SECONDS,
): Promise<HarvesterReport> {
  const program = join(repository, "test/lab/site/harvesterDouble.ts");
  const done = await lab.exec(
    process.execPath,
    ["--import", "tsx", program, kubeconfig, JSON.stringify(order), String(deadlineSeconds)],
    { cwd: repository, timeoutMs: deadlineSeconds * 1000 + PATIENCE_MS },
  );
  if (done.code !== 0) {
    throw new Error(`the Harvester double failed: ${tail(done.stderr)}`);
  }
  return JSON.parse(done.stdout.trim().split("\n").at(-1) ?? "") as HarvesterReport;
}

/** As `submitPilots`, for an order of one pilot. */
export async function submitJob(lab: Lab, kubeconfig: string, order: PilotOrder): Promise<JobReport> {
  const { jobs } = await submitPilots(lab, kubeconfig, order);
  return jobs[0];
}

/**
 * An order of pilots for the lab's queue, by the queue's own template; of one 8-core pilot unless others are named.
 * @param change what the site is to be taken for, where the cluster is not the stack's own
 */
export function pilotFor(
  stack: LabStack,
  workers: readonly Worker[] = pilots(1, 8),
  change: (site: Site) => Site = (site) => site,
): PilotOrder {
  const site = change(loadSite("lab", readFileSync(stack.stackFile, "utf8"), stack.stackFile));
  const { namespace, jobTemplate, cric } = harvesterHandover(known(site))[QUEUE];
  const mode = site.queues[QUEUE].workflow === "push" ? "PUSH" : "PULL";
  return { queue: QUEUE, namespace, template: jobTemplate, cric: cric as CricQueue, mode, workers };
}

let lastWorker = 0;

/** Workers of one size, numbered by the time so that no run meets another's. */
export function pilots(count: number, cores: number, memoryMb = cores * 1000): Worker[] {
  lastWorker = Math.max(lastWorker, Math.floor(Date.now() / 1000) % 1_000_000);
  return Array.from({ length: count }, () => ({ workerId: ++lastWorker, cores, memoryMb }));
}

/** `npm run lab`: the whole way, with a summary at the end. */
export async function run(log: Log): Promise<boolean> {
  const { lab, stack } = await openSite(log);
  const report = await runSite(lab, stack, log);
  await printSummary(lab, stack, report);
  return report.job.succeeded;
}

/** `npm run lab -- rebuild`: every machine replaced, the keys kept, old kubeconfigs still good. */
export async function rebuild(log: Log): Promise<boolean> {
  const { lab, stack } = await openSite(log);
  raiseGenerations(stack);
  const report = await runSite(lab, stack, log);
  await printSummary(lab, stack, report);
  return report.job.succeeded;
}

/** Asks for new machines in every pool. */
export function raiseGenerations(stack: LabStack): void {
  const pools = stack.read(["atlas-site:cloud", "pools"]) as { items: { key: { value: string } }[] };
  for (const { key } of pools.items) {
    const path = ["atlas-site:cloud", "pools", key.value, "generation"];
    stack.edit(path, ((stack.read(path) as number | undefined) ?? 1) + 1);
  }
}

/** `npm run lab -- destroy`: the stack gone, the cloud as empty as before. */
export async function destroy(log: Log): Promise<boolean> {
  if (readState(currentPaths()) === undefined) {
    log("no lab runs, so there is nothing to destroy");
    return true;
  }
  const { lab, stack } = await openSite(log);
  log("pulumi destroy");
  await stack.destroy({ onLine: (line) => logResource(line, log) });
  stack.resetFile();
  const left = Object.entries(await inventory(lab)).filter(([, names]) => names.length > 0);
  left.forEach(([kind, names]) => log(`left behind: ${kind}: ${names.join(", ")}`));
  log(left.length === 0 ? "the project is empty in every OpenStack API" : "the project is NOT empty");
  return left.length === 0;
}

async function printSummary(lab: Lab, stack: LabStack, report: RunReport): Promise<void> {
  const outputs = await stack.outputs();
  const kubeconfigs = await stack.writeKubeconfigs();
  const lines = [
    "",
    `Nodes      ${report.nodes.map((node) => `${node.name} (${node.ready ? "Ready" : "NOT READY"}, ${node.cpu} cores)`).join(", ")}`,
    `Job        ${report.job.name} ${report.job.succeeded ? `succeeded on ${report.job.node}` : `FAILED: ${report.job.reason}`}`,
    `API        ${outputs.apiUrl} (inside the lab's network namespace only)`,
    `Kubeconfig ${kubeconfigs.administrator} (administrator)`,
    ...Object.entries(kubeconfigs.harvester).map(([queue, path]) => `           ${path} (Harvester, queue ${queue})`),
    `Stack      ${stack.project}`,
    "Watching   npm run lab -- figures (drawn from Prometheus), npm run bench:monitoring (what it takes); alerts and",
    `           queries: kubectl port-forward -n ${MONITORING_NAMESPACE} pod/${PROMETHEUS}-0 9090, in the lab's shell`,
    `Logs       ${logArchiveFile(currentPaths())} (what the log archive received)`,
    `Consoles   ${report.nodes.map((node) => lab.consoleLog(node.name)).join("\n           ")}`,
    "",
    "Timeline, from the start of `pulumi up`:",
    ...report.timeline,
    ...bootLines(lab, report.nodes),
    "",
    "Look further: npm run lab -- shell (kubectl, pulumi and openstack are set up in it), npm run lab -- status",
    "Then: npm run lab -- rebuild | destroy | down",
  ];
  console.log(lines.join("\n"));
}

/** What each machine's first boot took, by its own clock. */
function bootLines(lab: Lab, nodes: readonly NodeView[]): string[] {
  return nodes.flatMap((node) => {
    const path = lab.consoleLog(node.name);
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const seconds = consoleUptime(text, "made the cluster") ?? consoleUptime(text, "joined the cluster");
    return seconds === undefined ? [] : [`           ${node.name}: a node ${seconds.toFixed(1)} s after power-on`];
  });
}

function logResource(line: string, log: Log): void {
  if (/(created|deleted|replaced|updated|unchanged|error)/.test(line) && !line.includes("neutron-lbaas")) {
    log(line.trim());
  }
}

function parsed(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}

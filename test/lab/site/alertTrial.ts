/**
 * Four things go wrong on the site, as they do on real ones, and are fixed: a squid that stands still, CVMFS that hangs on
 * a node, cores that lie idle on partly filled nodes while a large job waits, a Harvester that does not renew its proxy.
 */
import { monitored } from "../../support/componentArgs";
import { ALERTMANAGER, ALERTMANAGER_PORT, MONITORING_NAMESPACE } from "../../../components/monitoring/names";
import { ruleFiles } from "../../../components/monitoring/rules";
import type { PrometheusClient } from "../../../stacks/site/commands/prometheusClient";
import type { Site } from "../../../stacks/site/site";
import type { Lab } from "../lab";
import { PATIENCE_MS } from "../patience";
import { AlertLog, type Expected } from "./alertLog";
import { hangRepository, releaseRepository } from "./cvmfsStandIn";
import { endJobs, holding } from "./heldCores";
import type { KubeView } from "./kubeView";
import type { LabStack } from "./labStack";
import { pilotFor, submitPilots } from "./mainJob";
import { forwarded } from "./portForward";
import { signalSquid } from "./squidStop";

/** Where and with what. */
export interface TrialPlace {
  readonly lab: Lab;
  readonly stack: LabStack;
  readonly cluster: KubeView;
  /** Paths of kubeconfigs. */
  readonly harvester: string;
  readonly operator: string;
  readonly prometheus: PrometheusClient;
  readonly site: Site;
}

/** The alerts, one for each trouble. */
export const TROUBLES = {
  squid: "SquidDown",
  cvmfs: "CvmfsRepositoryUnreadable",
  stranded: "BatchCoresStranded",
  proxy: "HarvesterProxyOverdue",
} as const;

/** Alerts may be late by this, in seconds: a look of the probe, a scrape, an evaluation. */
export const LATE_SECONDS = 60;

const SQUID = "squid-0";
const HANGING = { machine: "lab-batch-1", repository: "sft.cern.ch" } as const;

/** `for` of an alert of the site's rules, in seconds. @throws Error when there is no such alert with this severity */
export function patienceOf(site: Site, alert: string, severity: string): number {
  const rules = Object.values(ruleFiles(monitored(site))).flatMap(({ groups }) =>
    groups.flatMap((group) => group.rules),
  );
  const found = rules.find((rule) => "alert" in rule && rule.alert === alert && rule.labels.severity === severity);
  if (found === undefined || !("alert" in found)) {
    throw new Error(`the site's rules have no alert ${alert} of severity ${severity}`);
  }
  const [, number = "0", unit = "s"] = /^(\d+)([smhd])$/.exec(found.for ?? "0s") ?? [];
  return Number(number) * { s: 1, m: 60, h: 3600, d: 86_400 }[unit as "s" | "m" | "h" | "d"];
}

/** The alerts that the trial waits for, with the labels of the machines and repositories it touches. */
export function expectedOf(site: Site): Expected[] {
  const warning = (alert: string, labels: Expected["labels"]): Expected => {
    return { alert, labels: { severity: "warning", ...labels }, dueSeconds: patienceOf(site, alert, "warning") };
  };
  const credentialMinutes = site.monitoring.mode === "prometheus" ? site.monitoring.thresholds.credentialMinutes : 0;
  return [
    warning(TROUBLES.squid, {}),
    warning(TROUBLES.cvmfs, { node: HANGING.machine, repository: HANGING.repository }),
    warning(TROUBLES.stranded, {}),
    {
      alert: TROUBLES.proxy,
      dueSeconds: credentialMinutes * 60 + patienceOf(site, TROUBLES.proxy, "critical"),
    },
  ];
}

/** When the first two troubles began, in milliseconds since the epoch. */
export interface Begun {
  /** Cores were stranded. */
  readonly stranded: number;
  /** The proxy was renewed for the last time. */
  readonly renewed: number;
}

/** Lets jobs hold one node wholly and the other in part, so that a large one waits. */
export async function strandCores({ lab, stack, cluster, harvester }: TrialPlace): Promise<Begun> {
  const submit = async (count: number, cores: number, waiting = false) => {
    const order = holding(stack, count, cores);
    const { jobs } = await submitPilots(lab, harvester, order);
    const names = jobs.map(({ name }) => name);
    await cluster.waitFor(
      `the pods of ${names.join(", ")} to ${waiting ? "wait for a node" : "run"}`,
      async () => {
        const selector = `job-name in (${names.join(",")})`;
        const path = `jsonpath={range .items[*]}{.status.phase}{"\\n"}{end}`;
        const text = await cluster.kubectl("get", "pods", "-n", order.namespace, "-l", selector, "-o", path);
        const phases = text.trim().split("\n");
        const wanted = waiting ? "Pending" : "Running";
        return phases.length === count && phases.every((phase) => phase === wanted) ? true : undefined;
      },
      () => cluster.kubectl("get", "pods", "-n", order.namespace, "-o", "wide"),
    );
  };
  // Two fill a node, the third begins the other; of the small ones one still fits the first and two go to the other.
  await submit(3, 8);
  await submit(3, 1);
  const renewed = Date.now();
  await submit(1, 8, true);
  return { stranded: Date.now(), renewed };
}

/** Takes every job of the queue away that has not ended. */
export async function freeCores({ stack, cluster }: TrialPlace): Promise<void> {
  const { namespace } = pilotFor(stack);
  await endJobs(cluster, namespace, true);
}

/** Alerts that Alertmanager shows, by name. */
async function alertmanagerShows({ stack, operator }: TrialPlace): Promise<string[]> {
  const kubectl = stack.toolchain.binary("kubectl");
  const pod = { namespace: MONITORING_NAMESPACE, pod: `${ALERTMANAGER}-0`, port: ALERTMANAGER_PORT };
  return forwarded({ kubectl, kubeconfig: operator, ...pod }, async (url) => {
    const response = await fetch(`${url}/api/v2/alerts`);
    return ((await response.json()) as { labels: { alertname: string } }[]).map(({ labels }) => labels.alertname);
  });
}

/** What was seen. */
export interface TrialReport {
  readonly log: AlertLog;
  /** Names of alerts that Alertmanager showed when all had fired. */
  readonly alertmanager: readonly string[];
}

/**
 * Runs the trial.
 * @param begun the cores must be stranded already, by `strandCores`, and nothing have renewed the proxy since
 */
export async function tryAlerts(place: TrialPlace, begun: Begun): Promise<TrialReport> {
  const { lab, stack, cluster, harvester, prometheus, site } = place;
  const log = new AlertLog(expectedOf(site));
  const look = async () => log.look(await prometheus.alerts(), Date.now());
  const until = (what: string, left: () => string[], dueSeconds: number) =>
    cluster.waitFor(
      what,
      async () => {
        await look();
        return left().length === 0 ? true : undefined;
      },
      () => Promise.resolve(`still not: ${left().join(", ")}\n${log.table()}`),
      dueSeconds * 1000 + PATIENCE_MS,
    );
  const renew = () => submitPilots(lab, harvester, pilotFor(stack, []));
  let fixed = false;
  const fix = async () => {
    fixed = true;
    const done = (alert: string) => log.fixed(alert, Date.now());
    await Promise.all([
      signalSquid(lab, cluster, SQUID, "CONT").then(() => done(TROUBLES.squid)),
      releaseRepository(lab, HANGING.machine, HANGING.repository).then(() => done(TROUBLES.cvmfs)),
      freeCores(place).then(() => done(TROUBLES.stranded)),
      renew().then(() => done(TROUBLES.proxy)),
    ]);
  };
  try {
    log.caused(TROUBLES.proxy, begun.renewed);
    log.caused(TROUBLES.stranded, begun.stranded);
    await log.lookBack(prometheus, begun.renewed);
    await signalSquid(lab, cluster, SQUID, "STOP");
    log.caused(TROUBLES.squid, Date.now());
    await hangRepository(lab, HANGING.machine, HANGING.repository);
    log.caused(TROUBLES.cvmfs, Date.now());
    await until("all alerts to fire", () => log.silent(), Math.max(...log.sightings.map((one) => one.dueSeconds)));
    const alertmanager = await alertmanagerShows(place);
    await fix();
    await until("all alerts to go", () => log.lasting(), 0);
    return { log, alertmanager };
  } finally {
    if (!fixed) await fix();
  }
}

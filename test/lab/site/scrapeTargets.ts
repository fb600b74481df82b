/** Whether Prometheus has found all it is to scrape, and loaded all it is to reckon. */
import { SCRAPE_JOBS } from "../../../components/monitoring/names";
import type { LoadedGroup, PrometheusClient, Target } from "../../../stacks/site/commands/prometheusClient";

/** Number of the lab's targets by job, counted from its stack file: one control plane, one services and two batch machines. */
export const LAB_TARGETS: Readonly<Record<string, number>> = {
  [SCRAPE_JOBS.prometheus]: 1,
  [SCRAPE_JOBS.alertmanager]: 1,
  [SCRAPE_JOBS.stateMetrics]: 1,
  [SCRAPE_JOBS.credentialMetrics]: 1,
  [SCRAPE_JOBS.nodeExporter]: 4,
  [SCRAPE_JOBS.apiServer]: 1,
  [SCRAPE_JOBS.scheduler]: 1,
  [SCRAPE_JOBS.controllerManager]: 1,
  [SCRAPE_JOBS.etcd]: 1,
  [SCRAPE_JOBS.kubelet]: 4,
  [SCRAPE_JOBS.cadvisor]: 4,
  // kubeadm's number.
  [SCRAPE_JOBS.coreDns]: 2,
  [SCRAPE_JOBS.squid]: 2,
  // Where jobs run.
  [SCRAPE_JOBS.cvmfsProbe]: 2,
  [SCRAPE_JOBS.logShipper]: 4,
};

/** Targets that answer, by job; one that does not is listed apart with its error. */
export function answering(targets: readonly Target[]): { up: Record<string, number>; down: string[] } {
  const up: Record<string, number> = {};
  for (const { labels, health } of targets) {
    if (health === "up") {
      up[labels.job] = (up[labels.job] ?? 0) + 1;
    }
  }
  const down = targets
    .filter(({ health }) => health !== "up")
    .map(({ labels, scrapeUrl, health, lastError }) => `${labels.job} ${scrapeUrl} ${health}: ${lastError}`);
  return { up, down };
}

/** Rules that were not evaluated well, with the reason. */
export function brokenRules(groups: readonly LoadedGroup[]): string[] {
  return groups.flatMap(({ name, rules }) =>
    rules
      .filter(({ health }) => health !== "ok")
      .map((rule) => `${name}: ${rule.name} is ${rule.health}: ${rule.lastError ?? ""}`),
  );
}

/** Groups, records and alerts that are loaded. */
export function countRules(groups: readonly LoadedGroup[]): { groups: number; records: number; alerts: number } {
  const of = (type: string) => groups.flatMap(({ rules }) => rules.filter((rule) => rule.type === type)).length;
  return { groups: groups.length, records: of("recording"), alerts: of("alerting") };
}

/** The same as text, with what is wrong; undefined: nothing is. */
export async function whatIsMissing(prometheus: PrometheusClient): Promise<string | undefined> {
  const { up, down } = answering(await prometheus.targets());
  const missing = Object.entries(LAB_TARGETS)
    .filter(([job, number]) => up[job] !== number)
    .map(([job, number]) => `${job}: ${up[job] ?? 0} of ${number} answer`);
  const lines = [...missing, ...down, ...brokenRules(await prometheus.rules())];
  return lines.length === 0 ? undefined : lines.join("\n");
}

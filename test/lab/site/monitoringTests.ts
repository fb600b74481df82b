/** What must be seen of the site from its first `up`: targets, dashboards, figures, alerts, use, and who did what. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { MONITORING_NAMESPACE, PROMETHEUS, PROMETHEUS_PORT } from "../../../components/monitoring/names";
import type { AccountedMonth } from "../../../stacks/site/accounting/accountedHours";
import { PrometheusClient } from "../../../stacks/site/commands/prometheusClient";
import { loadSite } from "../../../stacks/site/load";
import type { Site } from "../../../stacks/site/site";
import type { Trace } from "../../../stacks/site/trace/trace";
import { LATE_SECONDS, strandCores, tryAlerts, TROUBLES, type Begun, type TrialPlace } from "./alertTrial";
import { figures } from "../figures/draw";
import { FIGURES } from "../figures/figures";
import { currentPaths } from "../lab";
import { logArchiveFile } from "../logArchive";
import type { RunningSite } from "./insideTests";
import { runJobs, type RunResult } from "./jobRun";
import type { LabStack } from "./labStack";
import { pilotFor } from "./mainJob";
import { panelsWithoutData } from "./panelData";
import { forwarded } from "./portForward";
import { countRules, whatIsMissing } from "./scrapeTargets";
import { coreHours, deviation } from "./siteByHand";
import { figureTable, siteFigures } from "./siteFigures";
import { visitSquids } from "./squidVisit";
import { costOfMonitoring, costTable, totalCost } from "./stackCost";

/** Most that a figure may be off. */
const TOLERANCE = 0.02;
/** The goal for Prometheus, Alertmanager and all exporters of the lab together. */
const MOST_MEMORY_MB = 1024;
const MOST_CORES = 0.5;
/** A squid's node port on the services machine. */
const SQUID_ENTRANCE = "10.64.2.1:30128";
/** The lab's queue. */
const QUEUE = "LAB-K8S";

/** Core hours of a queue in this month so far, by `npm run site -- accounting`. */
async function accountedHours(stack: LabStack, queue: string): Promise<number> {
  const accounted = JSON.parse(await stack.site("accounting", "--json")) as AccountedMonth;
  return accounted.queues[queue].coreHours;
}

/** Registers the tests. @param running the site; asked for only when a test runs */
export function testsMonitoring(running: () => RunningSite, log: (line: string) => void): void {
  let run: RunResult;
  let hoursBefore: number;
  let begun: Begun;

  const site = (): Site => {
    const { stackFile } = running().stack;
    return loadSite("lab", readFileSync(stackFile, "utf8"), stackFile);
  };
  const scrapeSeconds = () => {
    const { monitoring } = site();
    return monitoring.mode === "prometheus" ? monitoring.scrapeSeconds : 0;
  };
  /** Prometheus, reached as an operator reaches it. */
  const withPrometheus = <T>(use: (prometheus: PrometheusClient) => Promise<T>): Promise<T> => {
    const { stack, operator } = running();
    const pod = { namespace: MONITORING_NAMESPACE, pod: `${PROMETHEUS}-0`, port: PROMETHEUS_PORT };
    const forward = { kubectl: stack.toolchain.binary("kubectl"), kubeconfig: operator, ...pod };
    return forwarded(forward, (url) => use(new PrometheusClient(url)));
  };
  const place = (prometheus: PrometheusClient): TrialPlace => ({ ...running(), prometheus, site: site() });

  it("finds every target and loads every rule", async () => {
    const { cluster } = running();
    await withPrometheus(async (prometheus) => {
      await cluster.waitFor(
        "every target to answer and every rule to be well",
        async () => ((await whatIsMissing(prometheus)) === undefined ? true : undefined),
        async () => (await whatIsMissing(prometheus)) ?? "",
      );
      const { groups, records, alerts } = countRules(await prometheus.rules());
      log(`rules: ${groups} groups, ${records} series recorded, ${alerts} alerts`);
      expect(alerts).toBeGreaterThan(30);
    });
  });

  it("is given twenty jobs of both sizes, of which one fails and one outgrows its memory", async () => {
    const { lab, stack, cluster, harvester } = running();
    hoursBefore = await accountedHours(stack, QUEUE);
    run = await runJobs(lab, cluster, stack, harvester);
    const failed = run.report.jobs.filter(({ succeeded }) => !succeeded);
    log(`twenty jobs; not succeeded: ${failed.map(({ name, reason }) => `${name}: ${reason}`).join(" | ")}`);
    expect(run.pods).toHaveLength(20);
    const reasons = Object.fromEntries(failed.map(({ name, reason }) => [name.split("-").at(-1), reason]));
    expect(reasons).toEqual({
      [run.failing]: expect.stringContaining("exit code 3"),
      [run.outgrowing]: expect.stringContaining("OOMKilled"),
    });
    // So that squids have something to show as well.
    await visitSquids(lab, cluster, pilotFor(stack).namespace, "lab-batch-0", SQUID_ENTRANCE);
  });

  it("shows wallclock success, packing and stranded cores as they are worked out by hand", async () => {
    const { cluster } = running();
    const { namespace, pool, largestJob, cpuRequestPercent } = site().queues[QUEUE];
    await withPrometheus(async (prometheus) => {
      begun = await strandCores(place(prometheus));
      const figures = await siteFigures(prometheus, cluster, {
        namespace,
        pool,
        small: cpuRequestPercent / 100,
        large: (largestJob.cores * cpuRequestPercent) / 100,
        quietSeconds: 3 * scrapeSeconds(),
      });
      log(figureTable(figures));
      for (const { name, prometheus: seen, byHand } of figures) {
        expect([name, byHand > 0, deviation(seen, byHand) <= TOLERANCE]).toEqual([name, true, true]);
      }
    });
  });

  it("has data for every panel of every dashboard", async () => {
    await withPrometheus(async (prometheus) => {
      const { asked, empty } = await panelsWithoutData(prometheus);
      log(`dashboards: ${asked} queries put to Prometheus, ${empty.length} without data`);
      expect(empty).toEqual([]);
    });
  });

  it("accounts for the core hours that the run's jobs used", async () => {
    const accounted = (await accountedHours(running().stack, QUEUE)) - hoursBefore;
    const share = site().queues[QUEUE].cpuRequestPercent / 100;
    const used = coreHours(run.pods, share, "podSeconds");
    const computed = coreHours(run.pods, share, "containerSeconds");
    log(
      `core hours of the run: accounted ${accounted.toFixed(4)}, from the pods' start to their containers' end ` +
        `${used.toFixed(4)}, in their containers ${computed.toFixed(4)}`,
    );
    expect(used).toBeGreaterThan(0.2);
    expect(deviation(accounted, used)).toBeLessThanOrEqual(TOLERANCE);
  });

  it("traces a job of the run: who, when, where, what image, how it ended", async () => {
    const { stack, cluster } = running();
    const job = run.jobs.find((name) => name.endsWith(`-${run.outgrowing}`)) ?? "";
    const [pod] = run.pods.filter(({ metadata }) => metadata.labels?.["job-name"] === job);
    const options = ["--logs", logArchiveFile(currentPaths()), "--json"];
    const trace = await cluster.waitFor(
      `the log archive to know who made ${job}`,
      async () => {
        const seen = JSON.parse(await stack.site("trace", job, ...options)) as Trace;
        return seen.made === undefined ? undefined : seen;
      },
      () => stack.site("trace", job, ...options.slice(0, -1)),
    );
    log(await stack.site("trace", job, ...options.slice(0, -1)));
    expect(trace.belongs).toMatchObject({ workerId: run.outgrowing, queue: QUEUE, resourceType: "SCORE" });
    expect(trace.made?.user).toMatch(/harvester/);
    expect(trace.pods).toMatchObject([
      {
        name: pod.metadata.name,
        node: pod.spec.nodeName,
        phase: "Failed",
        containers: [{ digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), reason: "OOMKilled" }],
      },
    ]);
    expect(trace.outcome).toBe("failed");
  });

  it("raises an alert for a squid, CVMFS, stranded cores and an old proxy in time, and drops it in time", async () => {
    await withPrometheus(async (prometheus) => {
      const report = await tryAlerts(place(prometheus), begun);
      log(report.log.table());
      for (const sighting of report.log.sightings) {
        const late = report.log.firedAfter(sighting) - sighting.dueSeconds;
        expect([sighting.alert, late <= LATE_SECONDS, sighting.goneAt !== undefined]).toEqual([
          sighting.alert,
          true,
          true,
        ]);
      }
      expect(report.alertmanager).toEqual(expect.arrayContaining(Object.values(TROUBLES)));
    });
  });

  it("is drawn as figures, each with something in it", async () => {
    const folder = join(running().lab.stateDir, "figures");
    await figures(log, [folder]);
    const drawn = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    expect(drawn).toHaveLength(FIGURES.length);
    expect(drawn.filter((text) => !/<(polygon|polyline|path) /.test(text))).toEqual([]);
  });

  it("costs no more than its goal", async () => {
    await withPrometheus(async (prometheus) => {
      const report = await costOfMonitoring(prometheus, 300);
      log(costTable(report));
      const { memoryMb, cores } = totalCost(report.monitoring);
      expect(report.monitoring.length).toBeGreaterThan(6);
      expect(memoryMb).toBeLessThan(MOST_MEMORY_MB);
      expect(cores).toBeLessThan(MOST_CORES);
    });
  });
}

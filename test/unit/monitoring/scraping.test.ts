/** What Prometheus is told: scrape jobs and flags, and what its rules stand on. */
import { monitored } from "../../support/componentArgs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { SCRAPE_JOBS } from "../../../components/monitoring/names";
import { prometheusConfiguration, scrapeConfigs } from "../../../components/monitoring/prometheusConfiguration";
import { prometheusFlags } from "../../../components/monitoring/prometheusPlan";
import { ruleFiles } from "../../../components/monitoring/rules";
import type { Site } from "../../../stacks/site/site";
import { parsePromQl } from "../../support/promql";
import { guestSite, WATCHED_MORE, monitoredSite } from "./monitoredSites";

const jobs = (site: Site) => scrapeConfigs(monitored(site)).map(({ job_name }) => job_name);

describe("scrape jobs", () => {
  test("are all there is to scrape, each once, and no more than there is", () => {
    expect(jobs(monitoredSite({}, WATCHED_MORE)).sort()).toEqual(Object.values(SCRAPE_JOBS).sort());
    const { scheduler, controllerManager, etcd, logShipper, squid, cvmfsProbe } = SCRAPE_JOBS;
    const without = (...names: string[]) =>
      Object.values(SCRAPE_JOBS)
        .filter((name) => !names.includes(name))
        .sort();
    expect(jobs(guestSite()).sort()).toEqual(without(scheduler, controllerManager, etcd, logShipper));
    const noCvmfs = { cvmfs: { mode: "none" } };
    expect(jobs(monitoredSite({}, noCvmfs)).sort()).toEqual(without(squid, cvmfsProbe, logShipper));
  });

  test("look for pods in one namespace each, by label and port", () => {
    const pods = scrapeConfigs(monitored(monitoredSite({}, WATCHED_MORE))).flatMap(
      ({ kubernetes_sd_configs = [], relabel_configs }) =>
        kubernetes_sd_configs.filter(({ role }) => role === "pod").map((discovery) => ({ discovery, relabel_configs })),
    );
    expect(pods.length).toBe(11);
    for (const { discovery, relabel_configs } of pods) {
      expect(discovery.namespaces?.names).toHaveLength(1);
      expect(discovery.selectors?.[0].label).toMatch(/^(app\.kubernetes\.io\/name|k8s-app)=[a-z-]+$/);
      expect(relabel_configs?.[0]).toMatchObject({
        source_labels: ["__meta_kubernetes_pod_container_port_name"],
        action: "keep",
      });
    }
  });

  test("check the API server's certificate; those that nobody signed they cannot check, and say so", () => {
    const secure = scrapeConfigs(monitored(monitoredSite())).filter(({ scheme }) => scheme === "https");
    const checked = secure.filter(({ tls_config }) => tls_config?.insecure_skip_verify !== true);
    expect(checked.map(({ job_name, tls_config }) => [job_name, tls_config?.server_name])).toEqual([
      ["apiserver", "kubernetes.default.svc"],
    ]);
    expect(secure.map(({ job_name }) => job_name).sort()).toEqual([
      ...["apiserver", "cadvisor", "etcd", "kube-controller-manager", "kube-scheduler", "kubelet"],
    ]);
    secure.forEach(({ authorization }) => expect(authorization?.credentials_file).toMatch(/\/token$/));
    const plain = scrapeConfigs(monitored(monitoredSite())).filter(({ scheme }) => scheme === undefined);
    expect(plain.length).toBeGreaterThan(3);
    plain.forEach(({ authorization }) => expect(authorization).toBeUndefined());
  });

  test("let only kube-state-metrics speak for others", () => {
    const speakers = scrapeConfigs(monitored(monitoredSite({}, WATCHED_MORE))).filter(
      ({ honor_labels }) => honor_labels === true,
    );
    expect(speakers.map(({ job_name }) => job_name)).toEqual(["kube-state-metrics", "credential-metrics"]);
  });
});

/** Metrics that a site's rules ask for, with the job they name, if they name one. */
function askedByRules() {
  const groups = Object.values(ruleFiles(monitored(monitoredSite({}, WATCHED_MORE)))).flatMap((file) => file.groups);
  return groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => parsePromQl(expr).selectors));
}

test("what the rules ask for is dropped by no job that could have it", () => {
  const asked = askedByRules();
  expect(asked.length).toBeGreaterThan(50);
  const lost = asked.flatMap(({ metric, job }) =>
    scrapeConfigs(monitored(monitoredSite({}, WATCHED_MORE)))
      .filter(({ job_name }) => job === undefined || job === job_name)
      .flatMap(({ job_name, metric_relabel_configs = [] }) =>
        metric_relabel_configs
          .filter(({ regex }) => new RegExp(`^(?:${regex})$`).test(metric))
          // The API server's name says whose it is, where a rule names no job.
          .filter(() => job !== undefined || metric.startsWith(`${job_name}_`))
          .map(() => `${metric} of ${job_name}`),
      ),
  );
  expect(lost).toEqual([]);
});

describe("the configuration", () => {
  test("waits for no target longer than the site scrapes it, whatever the site says", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 120 }), (scrapeSeconds) => {
        const { global } = parse(prometheusConfiguration(monitored(monitoredSite({ scrapeSeconds })))) as {
          global: { scrape_interval: string; scrape_timeout: string; evaluation_interval: string };
        };
        expect(parseInt(global.scrape_timeout)).toBeLessThanOrEqual(parseInt(global.scrape_interval));
        expect([global.scrape_interval, global.evaluation_interval]).toEqual([
          `${scrapeSeconds}s`,
          `${scrapeSeconds}s`,
        ]);
      }),
      { numRuns: 20 },
    );
  });

  test("names the site in every alert", () => {
    expect(parse(prometheusConfiguration(monitored(monitoredSite())))).toMatchObject({
      global: { external_labels: { site: "hosting" } },
      alerting: {
        alertmanagers: [{ static_configs: [{ targets: ["alertmanager.atlas-site-monitoring.svc:9093"] }] }],
      },
    });
  });
});

describe("Prometheus' flags", () => {
  test("keep data as long as the site says, and always leave room on the volume", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 1000 }), (volumeGb, retentionDays) => {
        const flags = prometheusFlags(monitored(monitoredSite({ volumeGb, retentionDays })));
        expect(flags).toContain(`--storage.tsdb.retention.time=${retentionDays}d`);
        const megabytes = Number(/size=(\d+)MB/.exec(flags.join(" "))?.[1]);
        expect(megabytes).toBeGreaterThan(0);
        expect(megabytes).toBeLessThanOrEqual(volumeGb * 1024 * 0.8);
      }),
      { numRuns: 20 },
    );
  });

  test("give accounting's queries the time they need, and nobody the right to change or end anything", () => {
    expect(prometheusFlags(monitored(monitoredSite()))).toContain("--query.timeout=2m");
    expect(prometheusFlags(monitored(monitoredSite({}, WATCHED_MORE)))).toContain("--query.timeout=30m");
    expect(prometheusFlags(monitored(monitoredSite())).join()).not.toMatch(/web.enable|remote-write-receiver/);
  });
});

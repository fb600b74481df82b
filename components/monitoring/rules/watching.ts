/** Rules on the watchers themselves: targets that do not answer, Prometheus, Alertmanager. */
import { ENDED_PODS_KEPT } from "../../security/limits";
import type { MonitoredSite } from "../monitoredSite";
import { GROUP_MINUTES } from "../alertmanagerConfiguration";
import { SCRAPE_JOBS } from "../names";
import type { Alert, Subject } from "./ruleFile";
import { rateRange } from "./selectors";

/** Minutes a target may be silent. */
const TARGET_MINUTES = 10;

/** Minutes all targets of a kind may be silent. */
const KIND_MINUTES = 5;

/** Minutes that troubles of Prometheus and Alertmanager must last. */
const TROUBLE_MINUTES = 10;

/**
 * Minutes that messages of Alertmanager must fail. It tries for as long as `GROUP_MINUTES` before it counts a failure, and
 * then begins anew: one failure alone is over by itself, two are seen without a gap in twice that time.
 */
const NOT_DELIVERED_MINUTES = 3 * GROUP_MINUTES;

/** Share of the ended pods that a cluster keeps, from which on it is told. */
const ENDED_PERCENT = 80;

/** Kinds of targets a site must have; without one of them whole groups of alerts are blind. */
export function expectedScrapeJobs(site: MonitoredSite): string[] {
  const own = site.capabilities.controlPlane !== undefined;
  const { scheduler, controllerManager, etcd, coreDns, credentialMetrics } = SCRAPE_JOBS;
  return [
    SCRAPE_JOBS.prometheus,
    SCRAPE_JOBS.alertmanager,
    SCRAPE_JOBS.stateMetrics,
    SCRAPE_JOBS.nodeExporter,
    SCRAPE_JOBS.apiServer,
    SCRAPE_JOBS.kubelet,
    SCRAPE_JOBS.cadvisor,
    ...(Object.keys(site.queues).length === 0 ? [] : [credentialMetrics]),
    ...(own ? [scheduler, controllerManager, etcd, coreDns] : []),
    ...site.scrapeTargets.map(({ job }) => job),
  ];
}

function targets(site: MonitoredSite): Alert[] {
  return [
    {
      name: "TargetDown",
      severity: "warning",
      minutes: TARGET_MINUTES,
      // What is on a node that is away cannot answer, and the node has an alert of its own.
      expression:
        "count by (job) (up == 0 unless on (node)" +
        ' (kube_node_status_condition{condition="Ready",status="true"} == 0))',
      summary: "{{ $value }} targets of {{ $labels.job }} do not answer",
      when: "a target on a Ready node, or on none, does not answer Prometheus",
      thresholds: [],
    },
    ...expectedScrapeJobs(site).map((job): Alert => ({
      name: "TargetsAbsent",
      severity: "critical",
      minutes: KIND_MINUTES,
      expression: `absent(up{job="${job}"} == 1)`,
      summary: `No target of ${job} answers`,
      when: "of a kind of targets that the site has none answers",
      thresholds: [],
      labels: { job },
    })),
  ];
}

function prometheus(site: MonitoredSite): Alert[] {
  const range = rateRange(site);
  const own = (metric: string) => `${metric}{job="${SCRAPE_JOBS.prometheus}"}`;
  return [
    {
      name: "PrometheusRuleFailures",
      severity: "critical",
      minutes: TROUBLE_MINUTES,
      expression:
        `sum by (rule_group) (increase(${own("prometheus_rule_evaluation_failures_total")}[${range}])` +
        ` + increase(${own("prometheus_rule_group_iterations_missed_total")}[${range}])) > 0`,
      summary: "Prometheus cannot evaluate the rules of {{ $labels.rule_group }}, or not in time",
      when: "Prometheus cannot evaluate a group of rules, or not in time",
      thresholds: [],
    },
    {
      name: "PrometheusBadConfig",
      severity: "warning",
      minutes: TROUBLE_MINUTES,
      expression: `max(${own("prometheus_config_last_reload_successful")}) == 0`,
      summary: "Prometheus runs with an old configuration, since it refuses the new one",
      when: "Prometheus refuses its configuration",
      thresholds: [],
    },
    {
      name: "PrometheusDropsData",
      severity: "warning",
      minutes: 0,
      expression: `increase(${own("prometheus_tsdb_size_retentions_total")}[1d]) > 0`,
      summary: "Prometheus drops data before its time, since its volume is full",
      when: "Prometheus dropped old data because of its size within a day",
      thresholds: [],
    },
    {
      name: "PrometheusStorageFailing",
      severity: "critical",
      minutes: 0,
      expression:
        `increase(${own("prometheus_tsdb_compactions_failed_total")}[1h])` +
        ` + increase(${own("prometheus_tsdb_wal_corruptions_total")}[1h])` +
        ` + increase(${own("prometheus_tsdb_head_truncations_failed_total")}[1h]) > 0`,
      summary: "Prometheus cannot keep its data in order",
      when: "a compaction or truncation of Prometheus' data failed within an hour, or its log was damaged",
      thresholds: [],
    },
  ];
}

function alertmanager(site: MonitoredSite): Alert[] {
  const range = rateRange(site);
  const twoTries = rateRange(site, 2 * GROUP_MINUTES * 60);
  const failed = `alertmanager_notifications_failed_total{job="${SCRAPE_JOBS.alertmanager}"}`;
  return [
    {
      name: "PrometheusErrorSendingAlerts",
      severity: "critical",
      minutes: TROUBLE_MINUTES,
      expression:
        `increase(prometheus_notifications_dropped_total{job="${SCRAPE_JOBS.prometheus}"}[${range}]) > 0` +
        ` or prometheus_notifications_alertmanagers_discovered{job="${SCRAPE_JOBS.prometheus}"} < 1`,
      summary: "Prometheus cannot tell Alertmanager of alerts",
      when: "Prometheus cannot tell Alertmanager of alerts",
      thresholds: [],
    },
    {
      name: "AlertmanagerFailedToSendAlerts",
      severity: "critical",
      minutes: NOT_DELIVERED_MINUTES,
      expression: `sum by (integration) (increase(${failed}[${twoTries}])) > 0`,
      summary: "Alertmanager cannot tell anybody by {{ $labels.integration }}",
      when: "messages of Alertmanager to a receiver fail, try after try",
      thresholds: [],
    },
  ];
}

const endedPods: Alert = {
  name: "TerminatedPodsNearGcThreshold",
  severity: "warning",
  minutes: TROUBLE_MINUTES,
  expression:
    'sum(max by (namespace, pod, uid, phase) (kube_pod_status_phase{phase=~"Succeeded|Failed"}))' +
    ` > ${(ENDED_PODS_KEPT * ENDED_PERCENT) / 100}`,
  summary: `The cluster keeps {{ $value }} ended pods; beyond ${ENDED_PODS_KEPT} they go before accounting has seen them`,
  when: `the cluster keeps over ${ENDED_PERCENT} % of the ${ENDED_PODS_KEPT} ended pods that it may`,
  thresholds: [],
};

const watchdog: Alert = {
  name: "Watchdog",
  severity: "info",
  minutes: 0,
  expression: "vector(1)",
  summary: "Prometheus evaluates its rules",
  when: "Prometheus works: it is always there, and whoever misses it knows that nobody watches",
  thresholds: [],
};

/** Rules on the watchers themselves. */
export function watching(site: MonitoredSite): Subject {
  return {
    records: [],
    alerts: [...targets(site), ...prometheus(site), ...alertmanager(site), endedPods, watchdog],
  };
}

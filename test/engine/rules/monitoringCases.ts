/** Cases of the alerts on the watchers themselves, on the small site. */
import { monitored } from "../../support/componentArgs";
import { expectedScrapeJobs } from "../../../components/monitoring/rules/watching";
import { fires, growing, quiet, steady, turns, type AlertCase, type Labels, type Scraped } from "./ruleCase";
import { smallSite } from "./ruleSites";
import { named, node } from "./scraped";

const first = "hosting-batch-0";
const up = (job: string, value: string, more: Labels = {}): Scraped => ({
  [named("up", { job, instance: "10.0.0.1:1", ...more })]: value,
});
const prometheus = (metric: string, values: string, more: Labels = {}): Scraped => ({
  [named(metric, { job: "prometheus", ...more })]: values,
});
const delivery = (values: string): Scraped => ({
  [named("alertmanager_notifications_failed_total", { job: "alertmanager", integration: "email" })]: values,
});
const jobs = expectedScrapeJobs(monitored(smallSite()));
const allUp: Scraped = Object.assign({}, ...jobs.map((job) => up(job, steady(1)))) as Scraped;

export const monitoringCases: readonly AlertCase[] = [
  fires("TargetDown", "warning", "one exporter", 11, [{ job: "squid" }], up("squid", steady(0))),
  fires(
    "TargetDown",
    "warning",
    "a kubelet on a Ready node",
    11,
    [{ job: "kubelet" }],
    up("kubelet", steady(0), { node: first }),
    node(first),
  ),
  quiet(
    "TargetDown",
    "warning",
    "its node is away",
    60,
    up("kubelet", steady(0), { node: first }),
    node(first, { ready: steady(0) }),
  ),
  quiet("TargetDown", "warning", "for nine minutes", 14, up("squid", "1x4 0x9 1x60")),
  ...jobs.map((job) => fires("TargetsAbsent", "critical", `no ${job}`, 8, [{ job }], allUp, up(job, turns(1, 2, 0)))),
  fires(
    "TargetsAbsent",
    "critical",
    "nothing at all",
    6,
    jobs.map((job) => ({ job })),
  ),
  quiet(
    "TargetsAbsent",
    "critical",
    "one of two answers",
    60,
    allUp,
    up("apiserver", steady(0), { instance: "10.0.0.2:1" }),
  ),
  fires(
    "PrometheusRuleFailures",
    "critical",
    "a rule fails each time",
    20,
    [{ rule_group: "batch" }],
    prometheus("prometheus_rule_evaluation_failures_total", growing(1), { rule_group: "batch" }),
    prometheus("prometheus_rule_group_iterations_missed_total", steady(0), { rule_group: "batch" }),
  ),
  fires(
    "PrometheusRuleFailures",
    "critical",
    "evaluations are left out",
    20,
    [{ rule_group: "batch" }],
    prometheus("prometheus_rule_evaluation_failures_total", steady(0), { rule_group: "batch" }),
    prometheus("prometheus_rule_group_iterations_missed_total", growing(1), { rule_group: "batch" }),
  ),
  quiet(
    "PrometheusRuleFailures",
    "critical",
    "none fails",
    60,
    prometheus("prometheus_rule_evaluation_failures_total", steady(3), { rule_group: "batch" }),
    prometheus("prometheus_rule_group_iterations_missed_total", steady(0), { rule_group: "batch" }),
  ),
  fires(
    "PrometheusBadConfig",
    "warning",
    "for ten minutes",
    11,
    [{}],
    prometheus("prometheus_config_last_reload_successful", steady(0)),
  ),
  quiet(
    "PrometheusBadConfig",
    "warning",
    "taken",
    60,
    prometheus("prometheus_config_last_reload_successful", steady(1)),
  ),
  fires(
    "PrometheusDropsData",
    "warning",
    "once within a day",
    90,
    [{ job: "prometheus" }],
    prometheus("prometheus_tsdb_size_retentions_total", turns(0, 60, 1)),
  ),
  quiet("PrometheusDropsData", "warning", "never", 90, prometheus("prometheus_tsdb_size_retentions_total", steady(0))),
  fires(
    "PrometheusStorageFailing",
    "critical",
    "a compaction failed",
    30,
    [{ job: "prometheus" }],
    prometheus("prometheus_tsdb_compactions_failed_total", turns(0, 20, 1)),
    prometheus("prometheus_tsdb_wal_corruptions_total", steady(0)),
    prometheus("prometheus_tsdb_head_truncations_failed_total", steady(0)),
  ),
  quiet(
    "PrometheusStorageFailing",
    "critical",
    "that was over an hour ago",
    120,
    prometheus("prometheus_tsdb_compactions_failed_total", turns(0, 20, 1)),
    prometheus("prometheus_tsdb_wal_corruptions_total", steady(0)),
    prometheus("prometheus_tsdb_head_truncations_failed_total", steady(0)),
  ),
  fires(
    "PrometheusErrorSendingAlerts",
    "critical",
    "Alertmanager refuses",
    25,
    [{ job: "prometheus" }],
    prometheus("prometheus_notifications_dropped_total", growing(1)),
  ),
  fires(
    "PrometheusErrorSendingAlerts",
    "critical",
    "there is none",
    11,
    [{ job: "prometheus" }],
    prometheus("prometheus_notifications_alertmanagers_discovered", steady(0)),
  ),
  quiet(
    "PrometheusErrorSendingAlerts",
    "critical",
    "it takes all",
    60,
    prometheus("prometheus_notifications_dropped_total", steady(2)),
    prometheus("prometheus_notifications_alertmanagers_discovered", steady(1)),
  ),
  fires(
    "AlertmanagerFailedToSendAlerts",
    "critical",
    "the mail server refuses: a failure is counted every five minutes, when Alertmanager gives up a try",
    30,
    [{ integration: "email" }],
    delivery("0x9 1x4 2x4 3x4 4x4 5x*"),
  ),
  ...[12, 20, 60].map((minute) =>
    quiet(
      "AlertmanagerFailedToSendAlerts",
      "critical",
      `one mail failed, seen at ${minute}`,
      minute,
      delivery(turns(0, 5, 1)),
    ),
  ),
  fires("Watchdog", "info", "always, from the start on", 0, [{}]),
];

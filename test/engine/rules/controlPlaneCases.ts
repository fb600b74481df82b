/** Cases of the alerts on API server, scheduler, etcd and Harvester's credentials, on the small site. */
import { fires, growing, quiet, steady, turns, type AlertCase, type Labels, type Scraped } from "./ruleCase";
import { named, pod, twoNodes } from "./scraped";

/** A histogram whose observations come at a rate, a part of them above the bound. */
function histogram(
  metric: string,
  labels: Labels,
  bound: string,
  beyond: string,
  below: number,
  above: number,
): Scraped {
  const bucket = (le: string, perMinute: number) => ({
    [named(`${metric}_bucket`, { ...labels, le })]: growing(perMinute),
  });
  return { ...bucket(bound, below), ...bucket(beyond, below + above), ...bucket("+Inf", below + above) };
}

const requests = (code: string, perMinute: number): Scraped => ({
  [named("apiserver_request_total", { job: "apiserver", verb: "GET", resource: "pods", code })]: growing(perMinute),
});
const single = (below: number, above: number, scope = "resource") =>
  histogram(
    "apiserver_request_sli_duration_seconds",
    { job: "apiserver", verb: "GET", scope },
    "1.0",
    "2.0",
    below,
    above,
  );
const attempts = (below: number, above: number, result = "scheduled") =>
  histogram("scheduler_scheduling_attempt_duration_seconds", { result }, "4.096", "16.384", below, above);
const fsync = (below: number, above: number) =>
  histogram("etcd_disk_wal_fsync_duration_seconds", { instance: "etcd-0" }, "0.256", "1.024", below, above);
const certificate = (le: string, values: string, job = "apiserver"): Scraped => ({
  [named("apiserver_client_certificate_expiration_seconds_bucket", { job, le })]: values,
});
const etcd = (metric: string, value: string): Scraped => ({
  [named(metric, { instance: "etcd-0", job: "etcd" })]: value,
});

const proxy = (versions: string): Scraped => ({
  [named("kube_secret_metadata_resource_version", { namespace: "harvester", secret: "proxy-secret" })]: versions,
});
const credentialMetrics = { [named("up", { job: "credential-metrics" })]: steady(1) };
const runs = pod("runs", { node: "hosting-batch-0" });
const ready = (statefulset: string, pods: string): Scraped => {
  const labels = { namespace: "harvester-service", statefulset };
  return {
    [named("kube_statefulset_status_replicas_ready", labels)]: pods,
    [named("kube_statefulset_replicas", labels)]: steady(1),
  };
};

const apiCases: readonly AlertCase[] = [
  fires("ApiServerErrors", "critical", "6 of 100 fail", 20, [{}], requests("200", 94), requests("504", 6)),
  quiet(
    "ApiServerErrors",
    "critical",
    "5 of 100 fail, 20 are refused",
    60,
    requests("200", 75),
    requests("403", 20),
    requests("500", 5),
  ),
  fires("ApiServerSlow", "warning", "2 of 100 last over a second", 20, [{ verb: "GET" }], single(98, 2)),
  quiet("ApiServerSlow", "warning", "1 of 200 lasts over a second", 60, single(199, 1)),
  quiet("ApiServerSlow", "warning", "lists may take their time", 60, single(50, 50, "cluster")),
  fires(
    "ClientCertificateExpiring",
    "warning",
    "it ends within a week",
    30,
    [{}],
    certificate("604800.0", "0x20 1x60"),
  ),
  fires(
    "ClientCertificateExpiring",
    "warning",
    "as older Prometheus writes the bound",
    30,
    [{}],
    certificate("604800", "0x20 1x60"),
  ),
  quiet("ClientCertificateExpiring", "warning", "it ends within a month", 30, certificate("2.592e+06", "0x20 1x60")),
  quiet(
    "ClientCertificateExpiring",
    "warning",
    "a kubelet's client is meant by no one",
    30,
    certificate("604800.0", "0x20 1x60", "kubelet"),
  ),
  fires("ClientCertificateExpiring", "critical", "it ends within a day", 30, [{}], certificate("86400.0", "0x20 1x60")),
  quiet("ClientCertificateExpiring", "critical", "it ends within a week", 30, certificate("604800.0", "0x20 1x60")),
  fires("SchedulerSlow", "warning", "2 of 100 take over five seconds", 20, [{}], attempts(98, 2)),
  quiet("SchedulerSlow", "warning", "what finds no node may take long", 60, attempts(98, 2, "unschedulable")),
];

const etcdCases: readonly AlertCase[] = [
  fires(
    "etcdNoLeader",
    "critical",
    "for over a minute",
    7,
    [{ instance: "etcd-0" }],
    etcd("etcd_server_has_leader", turns(1, 5, 0)),
  ),
  quiet("etcdNoLeader", "critical", "it has one", 60, etcd("etcd_server_has_leader", steady(1))),
  fires(
    "etcdHighNumberOfLeaderChanges",
    "warning",
    "four within an hour",
    50,
    [{}],
    etcd("etcd_server_leader_changes_seen_total", "1x10 2x10 3x10 5x60"),
  ),
  quiet(
    "etcdHighNumberOfLeaderChanges",
    "warning",
    "two within an hour",
    50,
    etcd("etcd_server_leader_changes_seen_total", "1x10 2x10 3x60"),
  ),
  fires(
    "etcdHighFsyncDurations",
    "warning",
    "2 of 100 last over half a second",
    20,
    [{ instance: "etcd-0" }],
    fsync(98, 2),
  ),
  quiet("etcdHighFsyncDurations", "warning", "1 of 200", 60, fsync(199, 1)),
  fires(
    "etcdDatabaseQuotaLowSpace",
    "critical",
    "1.9 of 2 GB",
    11,
    [{ instance: "etcd-0" }],
    etcd("etcd_mvcc_db_total_size_in_bytes", steady(1_900_000_000)),
    etcd("etcd_server_quota_backend_bytes", steady(2_000_000_000)),
  ),
  quiet(
    "etcdDatabaseQuotaLowSpace",
    "critical",
    "1.7 of 2 GB are not over 85 %",
    60,
    etcd("etcd_mvcc_db_total_size_in_bytes", steady(1_700_000_000)),
    etcd("etcd_server_quota_backend_bytes", steady(2_000_000_000)),
  ),
];

const credentialCases: readonly AlertCase[] = [
  fires(
    "HarvesterProxyOverdue",
    "critical",
    "renewed at minute 10 for the last time",
    71,
    [{ namespace: "harvester" }],
    proxy(turns(100, 10, 200)),
  ),
  quiet("HarvesterProxyOverdue", "critical", "renewed 59 minutes ago", 69, proxy(turns(100, 10, 200))),
  quiet("HarvesterProxyOverdue", "critical", "made 59 minutes ago", 69, proxy("_x10 100x300")),
  quiet(
    "HarvesterProxyOverdue",
    "critical",
    "Harvester's own rhythm",
    300,
    proxy("1x29 2x29 3x29 4x29 5x29 6x29 7x29 8x29 9x29 10x29 11x29"),
  ),
  fires(
    "HarvesterProxyMissing",
    "critical",
    "a pod and no proxy",
    16,
    [{ namespace: "harvester" }],
    twoNodes,
    runs,
    credentialMetrics,
  ),
  quiet("HarvesterProxyMissing", "critical", "there is one", 60, twoNodes, runs, credentialMetrics, proxy(steady(1))),
  quiet("HarvesterProxyMissing", "critical", "no job needs one yet", 60, twoNodes, credentialMetrics),
  quiet("HarvesterProxyMissing", "critical", "who could see it is away", 60, twoNodes, runs),
  fires(
    "HarvesterDown",
    "critical",
    "its pod is not ready",
    16,
    [{ namespace: "harvester-service", statefulset: "harvester" }],
    ready("harvester", turns(1, 5, 0)),
  ),
  quiet(
    "HarvesterDown",
    "critical",
    "both are ready",
    60,
    ready("harvester", steady(1)),
    ready("harvester-database", steady(1)),
  ),
];

export const controlPlaneCases: readonly AlertCase[] = [...apiCases, ...etcdCases, ...credentialCases];

/** Cases of the alerts on services, volumes, accounting and logs, on the small site. */
import { fires, growing, quiet, steady, turns, type AlertCase, type Labels, type Scraped } from "./ruleCase";
import { named, node } from "./scraped";

const first = "hosting-batch-0";
const second = "hosting-batch-1";

function workload(
  kind: string,
  has: string,
  wants: string,
  ready: string,
  wanted: number,
  namespace = "atlas-site-cvmfs",
): Scraped {
  const labels = { namespace, [kind]: "service" };
  return {
    [named(`kube_${kind}_${has}`, labels)]: ready,
    [named(`kube_${kind}_${wants}`, labels)]: steady(wanted),
  };
}
const daemons = (ready: number) =>
  workload("daemonset", "status_number_ready", "status_desired_number_scheduled", steady(ready), 4);
const deployment = (ready: string, namespace?: string) =>
  workload("deployment", "status_replicas_available", "spec_replicas", ready, 2, namespace);
const statefulSet = (ready: string) => workload("statefulset", "status_replicas_ready", "replicas", ready, 2);
const restarts = (values: string, namespace = "atlas-site-squid"): Scraped => ({
  [named("kube_pod_container_status_restarts_total", { namespace, pod: "squid-0", uid: "u", container: "squid" })]:
    values,
});

function volume(namespace: string, used: number, of: "bytes" | "inodes" = "bytes"): Scraped {
  const labels = { namespace, persistentvolumeclaim: "data", node: first };
  const [has, all] = of === "bytes" ? ["used_bytes", "capacity_bytes"] : ["inodes_used", "inodes"];
  return {
    [named(`kubelet_volume_stats_${has}`, labels)]: steady(used),
    [named(`kubelet_volume_stats_${all}`, labels)]: steady(1000),
  };
}
const MONITORING = "atlas-site-monitoring";
const claim = { namespace: MONITORING, persistentvolumeclaim: "data" };
const service = (kind: string, namespace = "atlas-site-cvmfs"): Labels => ({ namespace, [kind]: "service" });
const answers = (rcode: string, perMinute: number): Scraped => ({
  [named("coredns_dns_responses_total", { job: "coredns", rcode })]: growing(perMinute),
});

const workloads: readonly AlertCase[] = [
  fires(
    "KubeDaemonSetRolloutStuck",
    "warning",
    "one of four is not ready",
    16,
    [service("daemonset")],
    daemons(3),
    node(first),
  ),
  quiet("KubeDaemonSetRolloutStuck", "warning", "its node is away", 60, daemons(3), node(first, { ready: steady(0) })),
  fires(
    "KubeDaemonSetRolloutStuck",
    "warning",
    "two, and one node is away",
    16,
    [service("daemonset")],
    daemons(2),
    node(first, { ready: steady(0) }),
  ),
  fires(
    "KubeDeploymentReplicasMismatch",
    "warning",
    "one of two is not there",
    16,
    [service("deployment")],
    deployment(steady(1)),
  ),
  quiet("KubeDeploymentReplicasMismatch", "warning", "all are there", 60, deployment(steady(2))),
  quiet("KubeDeploymentReplicasMismatch", "warning", "an update of ten minutes", 20, deployment("2x5 1x10 2x60")),
  quiet(
    "KubeDeploymentReplicasMismatch",
    "warning",
    "in a queue's namespace nothing is the site's",
    60,
    deployment(steady(0), "harvester"),
  ),
  fires(
    "KubeStatefulSetReplicasMismatch",
    "warning",
    "one of two is not ready",
    16,
    [service("statefulset")],
    statefulSet(steady(1)),
  ),
  quiet("KubeStatefulSetReplicasMismatch", "warning", "all are ready", 60, statefulSet(steady(2))),
  fires(
    "KubePodCrashLooping",
    "warning",
    "four times within an hour",
    50,
    [{ namespace: "atlas-site-squid", pod: "squid-0", container: "squid" }],
    restarts("0x10 1x10 2x10 3x5 4x60"),
  ),
  quiet("KubePodCrashLooping", "warning", "twice", 50, restarts("0x10 1x10 2x60")),
  quiet("KubePodCrashLooping", "warning", "jobs do as they like", 50, restarts("0x10 1x10 2x10 3x5 4x60", "harvester")),
  fires("CoreDNSErrorsHigh", "warning", "6 of 100", 25, [{}], answers("NOERROR", 94), answers("SERVFAIL", 6)),
  quiet(
    "CoreDNSErrorsHigh",
    "warning",
    "names that are not there are answers, too",
    60,
    answers("NOERROR", 50),
    answers("NXDOMAIN", 50),
    answers("SERVFAIL", 1),
  ),
];

const volumes: readonly AlertCase[] = [
  fires("KubePersistentVolumeFillingUp", "warning", "to 86 %", 16, [claim], volume(MONITORING, 860)),
  quiet("KubePersistentVolumeFillingUp", "warning", "to 85 %", 60, volume(MONITORING, 850)),
  quiet("KubePersistentVolumeFillingUp", "warning", "a squid's is meant to be", 60, volume("atlas-site-squid", 900)),
  fires("KubePersistentVolumeFillingUp", "critical", "to 94 %", 16, [claim], volume(MONITORING, 940)),
  fires(
    "KubePersistentVolumeFillingUp",
    "critical",
    "also a squid's",
    16,
    [{ ...claim, namespace: "atlas-site-squid" }],
    volume("atlas-site-squid", 940),
  ),
  quiet("KubePersistentVolumeFillingUp", "critical", "to 93 %", 60, volume(MONITORING, 930)),
  fires("KubePersistentVolumeInodesFillingUp", "warning", "to 86 %", 16, [claim], volume(MONITORING, 860, "inodes")),
  quiet("KubePersistentVolumeInodesFillingUp", "warning", "to 85 %", 60, volume(MONITORING, 850, "inodes")),
  fires("VolumeNotBound", "warning", "nobody makes one", 16, [claim], {
    [named("kube_persistentvolumeclaim_status_phase", { ...claim, phase: "Pending" })]: steady(1),
  }),
  quiet("VolumeNotBound", "warning", "it has one", 60, {
    [named("kube_persistentvolumeclaim_status_phase", { ...claim, phase: "Pending" })]: steady(0),
    [named("kube_persistentvolumeclaim_status_phase", { ...claim, phase: "Bound" })]: steady(1),
  }),
];

const ACCOUNTING = { namespace: "atlas-site-accounting", cronjob: "kuantifier-harvester" };

/** The CronJob and a Job of it. Times in seconds after the first scrape; undefined: never. */
function accounting(created: number, succeeded: number | undefined, failedAt?: number): Scraped {
  const job = { namespace: ACCOUNTING.namespace, job_name: "kuantifier-harvester-1" };
  return {
    [named("kube_cronjob_created", ACCOUNTING)]: steady(created),
    ...(succeeded === undefined
      ? {}
      : { [named("kube_cronjob_status_last_successful_time", ACCOUNTING)]: steady(succeeded) }),
    ...(failedAt === undefined
      ? {}
      : {
          [named("kube_job_created", job)]: steady(failedAt),
          [named("kube_job_failed", { ...job, condition: "true" })]: steady(1),
          [named("kube_job_owner", { ...job, owner_kind: "CronJob", owner_name: ACCOUNTING.cronjob })]: steady(1),
        }),
  };
}

const shipper = (metric: string, on: string, values: string): Scraped => ({
  [named(metric, { job: "log-shipper", node: on })]: values,
});
const received = shipper("otelcol_receiver_accepted_log_records_total", first, growing(100));
const sent = (values: string) => shipper("otelcol_exporter_sent_log_records_total", first, values);
const queue = (size: number): Scraped => ({
  ...shipper("otelcol_exporter_queue_size", first, steady(size)),
  ...shipper("otelcol_exporter_queue_capacity", first, steady(1000)),
});

const records: readonly AlertCase[] = [
  fires(
    "AccountingRunOverdue",
    "warning",
    "27 hours after the last success",
    5,
    [ACCOUNTING],
    accounting(-200_000, -97_000),
  ),
  fires(
    "AccountingRunOverdue",
    "warning",
    "27 hours old and never a success",
    5,
    [ACCOUNTING],
    accounting(-97_000, undefined),
  ),
  quiet("AccountingRunOverdue", "warning", "25 hours after the last success", 5, accounting(-200_000, -89_700)),
  fires("AccountingRunFailed", "warning", "after the last success", 60, [ACCOUNTING], accounting(0, 600, 1200)),
  fires("AccountingRunFailed", "warning", "and never a success", 60, [ACCOUNTING], accounting(0, undefined, 1200)),
  quiet("AccountingRunFailed", "warning", "a success came after it", 60, accounting(0, 1800, 1200)),
  fires(
    "LogShipperMissing",
    "warning",
    "on one of two nodes",
    11,
    [{ node: first }],
    node(first),
    node(second),
    shipper("up", second, steady(1)),
  ),
  quiet("LogShipperMissing", "warning", "the node is away", 60, node(first, { ready: steady(0) })),
  fires("LogArchiveRejecting", "warning", "read and not sent", 27, [{ node: first }], received, sent("0+50x5 250x60")),
  fires(
    "LogArchiveRejecting",
    "warning",
    "the queue is full, so nothing is read any more",
    22,
    [{ node: first }],
    queue(1000),
  ),
  quiet("LogArchiveRejecting", "warning", "sent as they come", 60, received, sent(growing(90)), queue(10)),
  quiet("LogArchiveRejecting", "warning", "nobody writes any", 60, sent(steady(5)), queue(0)),
  fires("LogQueueFilling", "warning", "to 81 %", 16, [{ node: first }], queue(810)),
  quiet("LogQueueFilling", "warning", "to 80 %", 60, queue(800)),
  fires(
    "LogsLost",
    "critical",
    "the archive refused them for good",
    12,
    [{ node: first }],
    shipper("otelcol_exporter_send_failed_log_records_total", first, turns(0, 10, 7)),
  ),
  fires(
    "LogsLost",
    "critical",
    "the queue refused them once, and it has no such counter until then",
    12,
    [{ node: first }],
    shipper("up", first, steady(1)),
    shipper("otelcol_exporter_enqueue_failed_log_records_total", first, "_x10 7x*"),
  ),
  quiet(
    "LogsLost",
    "critical",
    "Prometheus was away, and what it finds is old",
    12,
    shipper("up", first, "_x10 1x*"),
    shipper("otelcol_exporter_send_failed_log_records_total", first, "_x10 7x*"),
  ),
  quiet(
    "LogsLost",
    "critical",
    "none",
    60,
    shipper("otelcol_exporter_send_failed_log_records_total", first, steady(0)),
  ),
];

export const serviceCases: readonly AlertCase[] = [...workloads, ...volumes, ...records];

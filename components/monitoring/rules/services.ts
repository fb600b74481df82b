/** Rules on the site's own services, whatever they do: are they all there, do they last, have they room. */
import { SQUID_NAMESPACE } from "../../cvmfs/names";
import type { MonitoredSite } from "../monitoredSite";
import type { Alert, Subject } from "./ruleFile";
import { outsideQueues, rateRange, series } from "./selectors";

/** Minutes a service may lack pods: an update or a move to another node takes some. */
const INCOMPLETE_MINUTES = 15;

/** Starts of a container within an hour that are no accident any more. */
const RESTARTS = 3;

/** Minutes that a volume must be too full, or without a place. */
const VOLUME_MINUTES = 15;

/** Share of answers "server failure" that the cluster's DNS may give. */
const DNS_ERROR_PERCENT = 5;

const NOT_READY = 'count(kube_node_status_condition{condition="Ready",status="true"} == 0)';

function complete(site: MonitoredSite): Alert[] {
  const outside = outsideQueues(site);
  const lacking = (kind: string, has: string, wants: string, left = ""): string =>
    `max by (namespace, ${kind}) (${series(`kube_${kind}_${wants}`, outside)})` +
    ` - max by (namespace, ${kind}) (${series(`kube_${kind}_${has}`, outside)})${left} > 0`;
  const incomplete = (name: string, kind: string, expression: string, more = ""): Alert => ({
    name,
    severity: "warning",
    minutes: INCOMPLETE_MINUTES,
    expression,
    summary: `{{ $labels.namespace }}/{{ $labels.${kind} }} lacks {{ $value }} pods`,
    when: `a service's ${name.replace("Incomplete", "")} lacks pods${more}`,
    thresholds: [],
  });
  return [
    incomplete(
      "KubeDaemonSetRolloutStuck",
      "daemonset",
      // Nodes that are away are told of by an alert of their own.
      lacking(
        "daemonset",
        "status_number_ready",
        "status_desired_number_scheduled",
        ` - on () group_left () (${NOT_READY} or vector(0))`,
      ),
      ", more than there are nodes not Ready",
    ),
    incomplete(
      "KubeDeploymentReplicasMismatch",
      "deployment",
      lacking("deployment", "status_replicas_available", "spec_replicas"),
    ),
    incomplete(
      "KubeStatefulSetReplicasMismatch",
      "statefulset",
      lacking("statefulset", "status_replicas_ready", "replicas"),
    ),
    {
      name: "KubePodCrashLooping",
      severity: "warning",
      minutes: 0,
      expression:
        "sum by (namespace, pod, container) (increase(" +
        `${series("kube_pod_container_status_restarts_total", outside)}[1h])) >= ${RESTARTS}`,
      summary:
        "{{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} started {{ $value | humanize }} times anew within an hour",
      when: `a container of a service started at least ${RESTARTS} times anew within an hour`,
      thresholds: [],
    },
  ];
}

function volumes(site: MonitoredSite): Alert[] {
  const { volumePercent } = site.monitoring.thresholds;
  const claim = "namespace, persistentvolumeclaim";
  const share = (used: string, all: string, ...matchers: string[]) =>
    `max by (${claim}) (${series(`kubelet_volume_stats_${used}`, ...matchers)})` +
    ` / (max by (${claim}) (${series(`kubelet_volume_stats_${all}`, ...matchers)}) > 0)`;
  // Squid fills its volume to a share on purpose, and keeps it there.
  const notSquid = `namespace!="${SQUID_NAMESPACE}"`;
  const urgent = Math.round((volumePercent + 100) / 2);
  const full = (severity: "warning" | "critical", percent: number, expression: string, more: string): Alert => ({
    name: "KubePersistentVolumeFillingUp",
    severity,
    minutes: VOLUME_MINUTES,
    expression: `${expression} > ${percent / 100}`,
    summary: "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is full to {{ $value | humanizePercentage }}",
    when: `a service's volume is full to over ${percent} %${more}`,
    thresholds: ["volumePercent"],
  });
  return [
    full("warning", volumePercent, share("used_bytes", "capacity_bytes", notSquid), " (a squid's is meant to be)"),
    full("critical", urgent, share("used_bytes", "capacity_bytes"), ", half way from the threshold to the end"),
    {
      name: "KubePersistentVolumeInodesFillingUp",
      severity: "warning",
      minutes: VOLUME_MINUTES,
      expression: `${share("inodes_used", "inodes")} > ${volumePercent / 100}`,
      summary:
        "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has used {{ $value | humanizePercentage }} of its inodes",
      when: `a service's volume has used over ${volumePercent} % of its inodes`,
      thresholds: ["volumePercent"],
    },
    {
      name: "VolumeNotBound",
      severity: "warning",
      minutes: VOLUME_MINUTES,
      expression:
        'max by (namespace, persistentvolumeclaim) (kube_persistentvolumeclaim_status_phase{phase="Pending"}) == 1',
      summary: "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has no volume",
      when: "a claim has no volume",
      thresholds: [],
    },
  ];
}

function names(site: MonitoredSite): Alert {
  const range = rateRange(site);
  const answers = (matcher: string) => `sum(rate(${series("coredns_dns_responses_total", matcher)}[${range}]))`;
  return {
    name: "CoreDNSErrorsHigh",
    severity: "warning",
    minutes: INCOMPLETE_MINUTES,
    expression: `${answers('rcode="SERVFAIL"')} / ${answers("")} > ${DNS_ERROR_PERCENT / 100}`,
    summary: "{{ $value | humanizePercentage }} of the answers of the cluster's DNS are server failures",
    when: `over ${DNS_ERROR_PERCENT} % of the answers of the cluster's DNS are server failures`,
    thresholds: [],
  };
}

/** Rules on the site's own services. */
export function services(site: MonitoredSite): Subject {
  return { records: [], alerts: [...complete(site), ...volumes(site), names(site)] };
}

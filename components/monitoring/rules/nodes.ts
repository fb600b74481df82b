/** Rules on the machines as nodes of the cluster. */
import type { MonitoredSite } from "../monitoredSite";
import { SCRAPE_JOBS } from "../names";
import type { Alert, Subject } from "./ruleFile";
import { grownOnNode, nodesOf, rateRange, series } from "./selectors";

/** Changes of a node's readiness within an hour that are no accident any more: away and back twice. */
const FLAPS = 4;

/** Seconds a node's clock may differ from that of Prometheus' node: far beyond a scrape, far below what tokens bear. */
const CLOCK_SECONDS = 30;

/** Hours after which a node that was taken out of service by hand is taken for forgotten. */
const CORDONED_HOURS = 24;

const READY = 'kube_node_status_condition{condition="Ready",status="true"}';

/** Nodes of each pool that the site file has and the cluster does not. */
function missing(site: MonitoredSite): Alert[] {
  const { machines, nodePools, nodes } = site.capabilities;
  if (machines === undefined || nodePools === undefined || nodes === undefined) {
    return [];
  }
  return Object.entries(nodePools)
    .filter(([, { count }]) => count > 0)
    .map(([name, { count }]) => ({
      name: "NodesMissing",
      severity: "warning",
      // A machine that is being made may try that long to join.
      minutes: nodes.joinDeadlineMinutes,
      expression:
        `(count(${series("kube_node_info", nodesOf(site, [name]))}) or 0 * count(kube_node_info))` + ` < ${count}`,
      summary: `Pool ${name} has {{ $value }} nodes of ${count}`,
      when: "a pool has fewer nodes in the cluster than machines in the site file",
      thresholds: [],
      labels: { pool: name },
    }));
}

function readiness(site: MonitoredSite): Alert[] {
  const { nodeMinutes, nodesPercent } = site.monitoring.thresholds;
  return [
    {
      name: "KubeNodeNotReady",
      severity: "warning",
      minutes: nodeMinutes,
      expression: `max by (node) (${READY}) == 0`,
      summary: `Node {{ $labels.node }} has not been Ready for ${nodeMinutes} minutes`,
      when: "a node is not Ready",
      thresholds: ["nodeMinutes"],
    },
    {
      name: "NodesNotReady",
      severity: "critical",
      minutes: nodeMinutes,
      expression: `count(max by (node) (${READY}) == 0) / count(max by (node) (${READY})) > ${nodesPercent / 100}`,
      summary: "{{ $value | humanizePercentage }} of the nodes are not Ready",
      when: `over ${nodesPercent} % of the nodes are not Ready`,
      thresholds: ["nodesPercent", "nodeMinutes"],
    },
    {
      name: "KubeNodeReadinessFlapping",
      severity: "warning",
      minutes: 0,
      expression: `max by (node) (changes(${READY}[1h])) >= ${FLAPS}`,
      summary: "Node {{ $labels.node }} changed between Ready and not Ready {{ $value }} times within an hour",
      when: `a node changed between Ready and not Ready at least ${FLAPS} times within an hour`,
      thresholds: [],
    },
    {
      name: "NodeCordoned",
      severity: "info",
      minutes: CORDONED_HOURS * 60,
      expression: "max by (node) (kube_node_spec_unschedulable) == 1",
      summary: `Node {{ $labels.node }} has been out of service for ${CORDONED_HOURS} hours`,
      when: "a node is cordoned, which somebody may have forgotten",
      thresholds: [],
    },
  ];
}

function health(site: MonitoredSite): Alert[] {
  const { nodeMinutes } = site.monitoring.thresholds;
  return [
    {
      name: "KubeNodePressure",
      severity: "warning",
      minutes: nodeMinutes,
      expression:
        "max by (node, condition) (kube_node_status_condition" +
        '{condition=~"MemoryPressure|DiskPressure|PIDPressure",status="true"}) == 1',
      summary: "Node {{ $labels.node }} says {{ $labels.condition }}",
      when: "a node is short of memory, disk or process numbers",
      thresholds: ["nodeMinutes"],
    },
    {
      name: "KubeNodeEviction",
      severity: "warning",
      minutes: 0,
      expression:
        "sum by (node, eviction_signal)" +
        ` ${grownOnNode("kubelet_evictions", SCRAPE_JOBS.kubelet, rateRange(site))} > 0`,
      summary: "The kubelet of {{ $labels.node }} evicts pods because of {{ $labels.eviction_signal }}",
      when: "a kubelet evicts pods",
      thresholds: [],
    },
    {
      name: "NodeClockNotSynchronising",
      severity: "warning",
      minutes: nodeMinutes,
      expression: `abs(node_time_seconds - timestamp(node_time_seconds)) > ${CLOCK_SECONDS}`,
      summary: "The clock of {{ $labels.node }} is {{ $value | humanizeDuration }} off",
      when: `a node's clock differs by over ${CLOCK_SECONDS} seconds from that of Prometheus' node`,
      thresholds: ["nodeMinutes"],
    },
  ];
}

/** Rules on the machines as nodes. */
export function nodes(site: MonitoredSite): Subject {
  return { records: [], alerts: [...missing(site), ...readiness(site), ...health(site)] };
}

/** Whom the pods of monitoring may talk to, as NetworkPolicies. The namespace lets nothing through beside them. */
import type { ScrapeTarget } from "../cluster/contribution";
import type { MonitoredSite } from "./monitoredSite";
import { closedNetworks } from "../security/queuePolicies";
import {
  allowApi,
  allowDns,
  allowIngress,
  podsOf,
  tcp,
  type EgressRule,
  type IngressRule,
  type NetworkPolicySpec,
  type PolicyPeer,
} from "../kubernetes/networkPolicy";
import {
  ACCOUNTING_NAMESPACE,
  ALERTMANAGER,
  ALERTMANAGER_PORT,
  GRAFANA,
  MONITORING_NAMESPACE,
  PROMETHEUS,
  PROMETHEUS_PORT,
} from "./names";
import { KUBELET_PORT } from "../kubernetes/ports";
import { scrapedPods } from "./scrape/targets";
import { CREDENTIAL_METRICS, STATE_METRICS, STATE_METRICS_PORT } from "./stateMetricsPod";
import { labelsOf } from "../kubernetes/names";

/** Ports of what receivers are: web hooks, and mail. */
const RECEIVER_PORTS = [443, 25, 465, 587];

function policy(name: string, ingress: IngressRule[], egress: EgressRule[]): NetworkPolicySpec {
  return { podSelector: { matchLabels: labelsOf(name) }, policyTypes: ["Ingress", "Egress"], ingress, egress };
}

const ownPods = (name: string): PolicyPeer => ({ podSelector: { matchLabels: labelsOf(name) } });

/** Machines, by their network; everything where that is unknown. */
function machines({ capabilities: { machineNetwork = "0.0.0.0/0" } }: MonitoredSite): PolicyPeer {
  return { ipBlock: { cidr: machineNetwork } };
}

/** Labels of a target's pods. */
function podLabels({ selector }: ScrapeTarget): Record<string, string> {
  const [key = "", value = ""] = selector.split("=");
  return { [key]: value };
}

function toPods(target: ScrapeTarget): EgressRule {
  return { to: [podsOf(target.namespace, podLabels(target))], ports: tcp(target.portNumber) };
}

/** Pods that listen on their machine's address are machines to a NetworkPolicy. */
function toTargets(site: MonitoredSite): EgressRule[] {
  const pods = scrapedPods(site);
  const ports = pods.filter(({ hostNetwork }) => hostNetwork === true).map(({ portNumber }) => portNumber);
  const onMachines = [KUBELET_PORT, ...ports].sort((one, other) => one - other);
  return [
    ...pods.filter(({ hostNetwork }) => hostNetwork !== true).map(toPods),
    { to: [machines(site)], ports: tcp(...onMachines) },
  ];
}

/** Receivers are out in the world or on private networks that are not the site's; without routes there are none. */
function toReceivers(site: MonitoredSite): EgressRule[] {
  const except = closedNetworks(site).sort();
  return site.monitoring.routes.length === 0
    ? []
    : [allowDns(), { to: [{ ipBlock: { cidr: "0.0.0.0/0", except } }], ports: tcp(...RECEIVER_PORTS) }];
}

/** Policies by the name of the pods they are for; Grafana brings its own. */
export function monitoringPolicies(site: MonitoredSite): Record<string, NetworkPolicySpec> {
  const fromPrometheus = (port: number): IngressRule[] => [{ from: [ownPods(PROMETHEUS)], ports: tcp(port) }];
  const readers = [
    ...(site.monitoring.grafana === undefined ? [] : [ownPods(GRAFANA)]),
    ...(site.accounting.mode === "none" ? [] : [podsOf(ACCOUNTING_NAMESPACE)]),
  ];
  const stateMetrics = (name: string) => policy(name, fromPrometheus(STATE_METRICS_PORT), [allowApi(site)]);
  return {
    [PROMETHEUS]: policy(PROMETHEUS, readers.length === 0 ? [] : [{ from: readers, ports: tcp(PROMETHEUS_PORT) }], [
      allowDns(),
      allowApi(site),
      ...toTargets(site),
    ]),
    [ALERTMANAGER]: policy(ALERTMANAGER, fromPrometheus(ALERTMANAGER_PORT), toReceivers(site)),
    [STATE_METRICS]: stateMetrics(STATE_METRICS),
    [CREDENTIAL_METRICS]: stateMetrics(CREDENTIAL_METRICS),
  };
}

/** A NetworkPolicy in the namespace of a target. */
export interface ScrapePolicy {
  readonly name: string;
  readonly namespace: string;
  readonly spec: NetworkPolicySpec;
}

/** Allows the scrapes of targets whose namespaces deny ingress by default. */
export function scrapePolicies({ scrapeTargets }: Pick<MonitoredSite, "scrapeTargets">): ScrapePolicy[] {
  const from = [podsOf(MONITORING_NAMESPACE, labelsOf(PROMETHEUS))];
  return scrapeTargets
    .filter(({ defaultDeny }) => defaultDeny === true)
    .map((target) => ({
      name: `scrape-${target.job}`,
      namespace: target.namespace,
      spec: allowIngress(podLabels(target), [{ from, ports: tcp(target.portNumber) }]),
    }));
}

/** The pods of a site that Prometheus scrapes: scrape jobs, rights and NetworkPolicies all come from this one list. */
import type { ScrapeTarget } from "../../cluster/contribution";
import { selectorOf } from "../../kubernetes/names";
import type { MonitoredSite } from "../monitoredSite";
import { CONTROL_PLANE_METRICS, CONTROL_PLANE_PORTS } from "../controlPlane";
import {
  ALERTMANAGER,
  ALERTMANAGER_PORT,
  MONITORING_NAMESPACE,
  NODE_METRICS_NAMESPACE,
  NODE_METRICS_PORT,
  SCRAPE_JOBS,
} from "../names";
import { NODE_EXPORTER } from "../nodeExporterPod";
import { CREDENTIAL_METRICS, STATE_METRICS, STATE_METRICS_PORT } from "../stateMetricsPod";

/** Pods of the monitoring itself, beside Prometheus. */
function ownPods(): ScrapeTarget[] {
  const namespace = MONITORING_NAMESPACE;
  const states = { namespace, port: "metrics", portNumber: STATE_METRICS_PORT, honorLabels: true };
  return [
    {
      job: SCRAPE_JOBS.alertmanager,
      namespace,
      selector: selectorOf(ALERTMANAGER),
      port: "http",
      portNumber: ALERTMANAGER_PORT,
    },
    { ...states, job: SCRAPE_JOBS.stateMetrics, selector: selectorOf(STATE_METRICS) },
    { ...states, job: SCRAPE_JOBS.credentialMetrics, selector: selectorOf(CREDENTIAL_METRICS) },
  ];
}

/** Pods that speak for their nodes. */
function nodePods({ capabilities }: MonitoredSite): ScrapeTarget[] {
  const common = { namespace: NODE_METRICS_NAMESPACE, perNode: true, hostNetwork: true };
  const control = { ...common, selector: selectorOf(CONTROL_PLANE_METRICS), guarded: true };
  return [
    {
      ...common,
      job: SCRAPE_JOBS.nodeExporter,
      selector: selectorOf(NODE_EXPORTER),
      port: "metrics",
      portNumber: NODE_METRICS_PORT,
    },
    // A managed control plane offers no such metrics.
    ...(capabilities.controlPlane !== undefined
      ? CONTROL_PLANE_PORTS.map(({ job, name, port, unused }) => ({
          ...control,
          job,
          port: name,
          portNumber: port,
          unused,
        }))
      : []),
  ];
}

/** Every kind of pod that is scraped: of monitoring itself, CoreDNS, and of the site's features. */
export function scrapedPods(site: MonitoredSite): ScrapeTarget[] {
  const coreDns = {
    job: SCRAPE_JOBS.coreDns,
    namespace: "kube-system",
    selector: "k8s-app=kube-dns",
    port: "metrics",
    portNumber: 9153,
  };
  return [...ownPods(), ...nodePods(site), coreDns, ...site.scrapeTargets];
}

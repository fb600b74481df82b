/** The pods of a site that Prometheus scrapes: scrape jobs, rights and NetworkPolicies all come from this one list. */
import type { MonitoredSite } from "../monitoredSite";
import { CVMFS_NAMESPACE, SQUID_NAMESPACE } from "../../cvmfs/names";
import { PROBE_PORT } from "../../cvmfs/probeProgram";
import { PROBE } from "../../cvmfs/probeRights";
import { SQUID_EXPORTER_PORT } from "../../cvmfs/squidExporter";
import { CONTROL_PLANE_METRICS, CONTROL_PLANE_PORTS } from "../controlPlane";
import {
  ALERTMANAGER,
  ALERTMANAGER_PORT,
  LOG_SHIPPER,
  LOG_SHIPPER_METRICS_PORT,
  LOGS_NAMESPACE,
  MONITORING_NAMESPACE,
  NODE_METRICS_NAMESPACE,
  NODE_METRICS_PORT,
  SCRAPE_JOBS,
} from "../names";
import { NODE_EXPORTER } from "../nodeExporterPod";
import { CREDENTIAL_METRICS, STATE_METRICS, STATE_METRICS_PORT } from "../stateMetricsPod";
import type { PodTargets } from "./podJobs";

const named = (name: string) => `app.kubernetes.io/name=${name}`;

/** Pods of the monitoring itself, beside Prometheus. */
function ownPods(): PodTargets[] {
  const namespace = MONITORING_NAMESPACE;
  const states = { namespace, port: "metrics", portNumber: STATE_METRICS_PORT, honorLabels: true };
  return [
    {
      job: SCRAPE_JOBS.alertmanager,
      namespace,
      selector: named(ALERTMANAGER),
      port: "http",
      portNumber: ALERTMANAGER_PORT,
    },
    { ...states, job: SCRAPE_JOBS.stateMetrics, selector: named(STATE_METRICS) },
    { ...states, job: SCRAPE_JOBS.credentialMetrics, selector: named(CREDENTIAL_METRICS) },
  ];
}

/** Pods that speak for their nodes. */
function nodePods({ capabilities }: MonitoredSite): PodTargets[] {
  const common = { namespace: NODE_METRICS_NAMESPACE, perNode: true, hostNetwork: true };
  const control = { ...common, selector: named(CONTROL_PLANE_METRICS), guarded: true };
  return [
    {
      ...common,
      job: SCRAPE_JOBS.nodeExporter,
      selector: named(NODE_EXPORTER),
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

/** Pods of CVMFS. */
function cvmfsPods({ cvmfs }: MonitoredSite): PodTargets[] {
  if (cvmfs.mode === "none") {
    return [];
  }
  const probe = {
    job: SCRAPE_JOBS.cvmfsProbe,
    namespace: CVMFS_NAMESPACE,
    selector: named(PROBE),
    port: "metrics",
    portNumber: PROBE_PORT,
    perNode: true,
  };
  const squid = {
    job: SCRAPE_JOBS.squid,
    namespace: SQUID_NAMESPACE,
    selector: named("squid"),
    port: "metrics",
    portNumber: SQUID_EXPORTER_PORT,
    named: true,
  };
  return [probe, ...(cvmfs.squid === undefined ? [] : [squid])];
}

/** Every kind of pod that is scraped. */
export function scrapedPods(site: MonitoredSite): PodTargets[] {
  const coreDns = {
    job: SCRAPE_JOBS.coreDns,
    namespace: "kube-system",
    selector: "k8s-app=kube-dns",
    port: "metrics",
    portNumber: 9153,
  };
  const logShipper = {
    job: SCRAPE_JOBS.logShipper,
    namespace: LOGS_NAMESPACE,
    selector: named(LOG_SHIPPER),
    port: "metrics",
    portNumber: LOG_SHIPPER_METRICS_PORT,
    perNode: true,
  };
  return [
    ...ownPods(),
    ...nodePods(site),
    coreDns,
    ...cvmfsPods(site),
    ...(site.logs.mode === "none" ? [] : [logShipper]),
  ];
}

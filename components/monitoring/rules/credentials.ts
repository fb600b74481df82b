/** Rules on Harvester: is its proxy renewed, and does it run, where it runs in the cluster. */
import type { MonitoredSite } from "../monitoredSite";
import { PROXY_SECRET } from "../../security/names";
import { SCRAPE_JOBS } from "../names";
import type { Alert, Subject } from "./ruleFile";
import { queuePodsIn } from "./selectors";

/** Name of a Harvester inside the cluster, and of its database. */
const SERVICES = "harvester|harvester-database";

/** Minutes a service of Harvester may be away: a move to another node with its volume takes some. */
const AWAY_MINUTES = 10;

/** Version of each queue's proxy; it changes with every new content. */
const VERSION = `kube_secret_metadata_resource_version{secret="${PROXY_SECRET}"}`;

function proxies(site: MonitoredSite): Alert[] {
  if (Object.keys(site.queues).length === 0) {
    return [];
  }
  const { credentialMinutes, startingMinutes } = site.monitoring.thresholds;
  const before = `last_over_time(${VERSION}[15m] offset ${credentialMinutes}m)`;
  return [
    {
      name: "HarvesterProxyOverdue",
      severity: "critical",
      minutes: 0,
      // A version never comes back, so the same as then means no renewal between. A younger Secret had none then.
      expression: `max by (namespace) (${VERSION}) == on (namespace) max by (namespace) (${before})`,
      summary: `Harvester has not renewed the proxy of {{ $labels.namespace }} for ${credentialMinutes} minutes`,
      when: `the content of a queue's proxy-secret is the same as ${credentialMinutes} minutes ago`,
      thresholds: ["credentialMinutes"],
    },
    {
      name: "HarvesterProxyMissing",
      severity: "critical",
      minutes: startingMinutes,
      expression:
        `count by (namespace) (${queuePodsIn(site, "Pending", "Running")}) unless on (namespace)` +
        ` max by (namespace) (${VERSION}) and on () (max(up{job="${SCRAPE_JOBS.credentialMetrics}"}) == 1)`,
      summary: "{{ $labels.namespace }} has {{ $value }} pods of jobs and no proxy for them",
      when: "a queue's namespace has pods of jobs and no proxy-secret",
      thresholds: ["startingMinutes"],
    },
  ];
}

function service(site: MonitoredSite): Alert[] {
  if (site.harvester.mode !== "inCluster") {
    return [];
  }
  const labels = `{namespace="${site.harvester.namespace}",statefulset=~"${SERVICES}"}`;
  return [
    {
      name: "HarvesterDown",
      severity: "critical",
      minutes: AWAY_MINUTES,
      expression: `kube_statefulset_status_replicas_ready${labels} < kube_statefulset_replicas${labels}`,
      summary: "{{ $labels.statefulset }} in {{ $labels.namespace }} is not ready",
      when: "the site's own Harvester or its database is not ready",
      thresholds: [],
    },
  ];
}

/** Rules on Harvester and its credentials. */
export function credentials(site: MonitoredSite): Subject {
  return { records: [], alerts: [...proxies(site), ...service(site)] };
}

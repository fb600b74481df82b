/** Rules on CVMFS: what the probe sees on each node, and nodes on which nobody looks. */
import { CACHE_BASE } from "../../cvmfs/clientConfig";
import { UNREADY_TAINT } from "../../cvmfs/names";
import type { MonitoredSite } from "../monitoredSite";
import { SCRAPE_JOBS } from "../names";
import type { Alert, Subject } from "./ruleFile";
import { batchNodes, series } from "./selectors";

/** Hours by which a node may lag behind the others: a new revision comes to clients within minutes. */
const LAG_HOURS = 6;

/** Minutes a lag must be seen. */
const LAG_MINUTES = 30;

/** Free share of a cache's volume from which on it is told: the site file leaves a fifth of it free beside the client's quota. */
const CACHE_FREE_PERCENT = 10;

/** Minutes for which so little must be free: a client that cleans up does so in less. */
const CACHE_MINUTES = 30;

const UP = "atlas_site_cvmfs_repository_up";
const FETCH_UP = "atlas_site_cvmfs_fetch_up";

function repositories(site: MonitoredSite): Alert[] {
  const { cvmfsMinutes, nodesPercent } = site.monitoring.thresholds;
  const age = "atlas_site_cvmfs_last_update_age_seconds";
  return [
    {
      name: "CvmfsRepositoryUnreadable",
      severity: "warning",
      minutes: cvmfsMinutes,
      expression: `max by (node, repository) (${UP}) == 0`,
      summary: "{{ $labels.repository }} cannot be read on {{ $labels.node }}",
      when: "a repository cannot be read on a node; the node takes no new jobs",
      thresholds: ["cvmfsMinutes"],
    },
    {
      name: "CvmfsRepositoryUnreadable",
      severity: "critical",
      minutes: cvmfsMinutes,
      expression: `count by (repository) (${UP} == 0) / count by (repository) (${UP}) > ${nodesPercent / 100}`,
      summary: "{{ $labels.repository }} cannot be read on {{ $value | humanizePercentage }} of the nodes",
      when: `a repository cannot be read on over ${nodesPercent} % of the nodes`,
      thresholds: ["cvmfsMinutes", "nodesPercent"],
    },
    {
      name: "CvmfsRepositoryStale",
      severity: "warning",
      minutes: LAG_MINUTES,
      expression:
        `max by (node, repository) (${age}) - on (repository) group_left () min by (repository) (${age})` +
        ` > ${LAG_HOURS * 3600}`,
      summary: "{{ $labels.repository }} on {{ $labels.node }} is {{ $value | humanizeDuration }} older than elsewhere",
      when: `a node shows a state of a repository that is over ${LAG_HOURS} hours older than another node's`,
      thresholds: [],
    },
  ];
}

/** What is in a client's cache can be read whatever happens to its way out, so reading alone proves nothing. */
function fetching(site: MonitoredSite): Alert[] {
  const { cvmfsMinutes, nodesPercent } = site.monitoring.thresholds;
  return [
    {
      name: "CvmfsFetchFailing",
      severity: "warning",
      minutes: cvmfsMinutes,
      expression: `max by (node, repository) (${FETCH_UP}) == 0`,
      summary: "Node {{ $labels.node }} reads only what it has cached of {{ $labels.repository }}",
      when: "a node cannot fetch what its cache does not have; it takes no new jobs",
      thresholds: ["cvmfsMinutes"],
    },
    {
      name: "CvmfsFetchFailing",
      severity: "critical",
      minutes: cvmfsMinutes,
      expression: `count by (repository) (${FETCH_UP} == 0) / count by (repository) (${FETCH_UP}) > ${nodesPercent / 100}`,
      summary:
        "{{ $value | humanizePercentage }} of the nodes read only what they have cached of {{ $labels.repository }}",
      when: `over ${nodesPercent} % of the nodes cannot fetch what their caches do not have`,
      thresholds: ["cvmfsMinutes", "nodesPercent"],
    },
  ];
}

/** Of a volume of its own: where the cache shares the machine's disk the kubelet tells of that. */
function cache({ cvmfs }: MonitoredSite): Alert[] {
  if (cvmfs.mode !== "host" || cvmfs.cacheVolumeGb === undefined) {
    return [];
  }
  const volume = `{job="${SCRAPE_JOBS.nodeExporter}",mountpoint="${CACHE_BASE.host}"}`;
  return [
    {
      name: "CvmfsCacheFull",
      severity: "warning",
      minutes: CACHE_MINUTES,
      expression:
        `min by (node) (node_filesystem_avail_bytes${volume} / node_filesystem_size_bytes${volume})` +
        ` < ${CACHE_FREE_PERCENT / 100}`,
      summary: "Of the volume of CVMFS' cache on {{ $labels.node }} only {{ $value | humanizePercentage }} are free",
      when: `less than ${CACHE_FREE_PERCENT} % of the volume of a node's CVMFS cache are free`,
      thresholds: [],
    },
  ];
}

function probes(site: MonitoredSite): Alert[] {
  const { cvmfsMinutes, nodeMinutes } = site.monitoring.thresholds;
  const ready = series("kube_node_status_condition", 'condition="Ready"', 'status="true"', batchNodes(site));
  return [
    {
      name: "CvmfsProbeMissing",
      severity: "warning",
      minutes: cvmfsMinutes,
      expression:
        `max by (node) (${ready}) == 1 unless on (node) kube_node_role{role="control-plane"}` +
        ` unless on (node) (up{job="${SCRAPE_JOBS.cvmfsProbe}"} == 1)`,
      summary: "Nobody looks at CVMFS on node {{ $labels.node }}",
      when: "a Ready batch node has no probe that answers",
      thresholds: ["cvmfsMinutes"],
    },
    {
      name: "CvmfsNodeTainted",
      severity: "warning",
      minutes: nodeMinutes,
      expression: `max by (node) (kube_node_spec_taint{key="${UNREADY_TAINT.key}"}) == 1`,
      summary: `Node {{ $labels.node }} has taken no jobs for ${nodeMinutes} minutes because of CVMFS`,
      when: `a node has the taint ${UNREADY_TAINT.key}`,
      thresholds: ["nodeMinutes"],
    },
    {
      name: "CvmfsTaintUpdateFailing",
      severity: "warning",
      minutes: cvmfsMinutes,
      expression: "max by (node) (atlas_site_cvmfs_taint_in_sync) == 0",
      summary: "The probe on {{ $labels.node }} cannot give its node the taint that it should have",
      when: "a probe cannot give its node the taint that it should have",
      thresholds: ["cvmfsMinutes"],
    },
  ];
}

/** Rules on CVMFS; none for a site without. */
export function cvmfs(site: MonitoredSite): Subject {
  return {
    records: [],
    alerts:
      site.cvmfs.mode === "none" ? [] : [...repositories(site), ...fetching(site), ...cache(site), ...probes(site)],
  };
}

/** The software jobs read: CVMFS on every node, and the squids it comes through. */
import { SCRAPE_JOBS } from "../names";
import { clientRequests } from "../squidRequests";
import { dashboardOf } from "./dashboard";
import { stat, timeSeries } from "./panels";
import { BYTES_PER_SECOND, COUNT, PER_SECOND, REQUESTS_PER_SECOND, SECONDS, SHARE } from "./units";

const PROBE = `job="${SCRAPE_JOBS.cvmfsProbe}"`;
const SQUID = `job="${SCRAPE_JOBS.squid}"`;

/** What a counter of the squids grew by in the hour before, by pod. */
const squidHour = (counter: string) => `sum by (pod) (increase(${counter}{${SQUID}}[1h]))`;

/** A counter of the squids as a rate, by pod. */
const squidRate = (counter: string) => `sum by (pod) (rate(${counter}{${SQUID}}[$__rate_interval]))`;

const now = [
  stat(
    {
      title: "Nodes with every repository",
      description: "Of the nodes whose probe answers. Good: both numbers are the same.",
      unit: COUNT,
      queries: [
        {
          expression: `count(min by (node) (atlas_site_cvmfs_repository_up{${PROBE}}) == 1) or vector(0)`,
          legend: "well",
        },
        { expression: `count(up{${PROBE}} == 1) or vector(0)`, legend: "probed" },
      ],
    },
    6,
  ),
  stat(
    {
      title: "Nodes kept from jobs",
      description: "With the taint that the probe sets while a repository cannot be read. Good: none.",
      alerts: ["CvmfsNodeTainted"],
      unit: COUNT,
      queries: [{ expression: `sum(atlas_site_cvmfs_node_tainted{${PROBE}})`, legend: "tainted" }],
    },
    6,
  ),
  stat(
    {
      title: "Looks that hang",
      description: "Reads that a time limit had to end, or that even a kill does not end. Good: none.",
      unit: COUNT,
      queries: [{ expression: `sum(atlas_site_cvmfs_probes_hung{${PROBE}})`, legend: "hung" }],
    },
    6,
  ),
  stat(
    {
      title: "Squids that answer",
      description: "Good: as many as the site file says.",
      alerts: ["SquidDown"],
      unit: COUNT,
      queries: [{ expression: `sum(squid_up{${SQUID}})`, legend: "squids" }],
    },
    6,
  ),
];

const repositories = [
  timeSeries(
    {
      title: "Repositories that can be read",
      description:
        "Share of nodes, by repository. Good: 100 %. All at once on one node: its client; one everywhere: the server.",
      alerts: ["CvmfsRepositoryUnreadable"],
      unit: SHARE,
      queries: [
        { expression: `avg by (repository) (atlas_site_cvmfs_repository_up{${PROBE}})`, legend: "{{repository}}" },
      ],
    },
    { max: 1 },
  ),
  timeSeries(
    {
      title: "Repositories that can be fetched",
      description:
        "Share of nodes that read a file which their cache does not have, by repository. Good: 100 %. Everywhere: proxies or the way out.",
      alerts: ["CvmfsFetchFailing"],
      unit: SHARE,
      queries: [{ expression: `avg by (repository) (atlas_site_cvmfs_fetch_up{${PROBE}})`, legend: "{{repository}}" }],
    },
    { max: 1 },
  ),
  timeSeries({
    title: "Nodes kept from jobs",
    description: "1 while the node has the taint. Good: short, and never many nodes at once.",
    alerts: ["CvmfsNodeTainted"],
    unit: COUNT,
    queries: [{ expression: `max by (node) (atlas_site_cvmfs_node_tainted{${PROBE}})`, legend: "{{node}}" }],
  }),
  timeSeries({
    title: "Slowest look",
    description: "Of all nodes, by repository. Good: far below a second. Slow ones everywhere: squids or the network.",
    unit: SECONDS,
    queries: [
      {
        expression: `max by (repository) (atlas_site_cvmfs_probe_duration_seconds{${PROBE}})`,
        legend: "{{repository}}",
      },
    ],
  }),
  timeSeries({
    title: "Slowest fetch",
    description: "Of a file that the cache hardly has, of all nodes. Good: a second or so. 26 s: the client gave up.",
    alerts: ["CvmfsFetchFailing"],
    unit: SECONDS,
    queries: [
      {
        expression: `max by (repository) (atlas_site_cvmfs_fetch_duration_seconds{${PROBE}})`,
        legend: "{{repository}}",
      },
    ],
  }),
  timeSeries({
    title: "Input/output errors",
    description: "That the client gave to any reader on the node, jobs among them, by its own count. Good: 0.",
    alerts: ["CvmfsFetchFailing"],
    unit: PER_SECOND,
    queries: [
      {
        expression: `sum by (node) (rate(atlas_site_cvmfs_io_errors_total{${PROBE}}[$__rate_interval]))`,
        legend: "{{node}}",
      },
    ],
  }),
  timeSeries({
    title: "Age of the newest content",
    description:
      "By what the repository says of itself, on the node that lags most. Good: hours; the probe does not judge it, nor do pilots.",
    alerts: ["CvmfsRepositoryStale"],
    unit: SECONDS,
    queries: [
      {
        expression: `max by (repository) (atlas_site_cvmfs_last_update_age_seconds{${PROBE}})`,
        legend: "{{repository}}",
      },
    ],
  }),
  timeSeries({
    title: "Looks that hang",
    description: "By node. Good: none. The client on a host: docs/cvmfs.md.",
    unit: COUNT,
    queries: [{ expression: `sum by (node) (atlas_site_cvmfs_probes_hung{${PROBE}})`, legend: "{{node}}" }],
  }),
  timeSeries({
    title: "Probes that cannot say so",
    description: "Rounds in which a probe could not work with the Kubernetes API, a second. Good: 0.",
    alerts: ["CvmfsTaintUpdateFailing", "CvmfsProbeMissing"],
    unit: PER_SECOND,
    queries: [
      {
        expression: `sum by (node) (rate(atlas_site_cvmfs_api_errors_total{${PROBE}}[$__rate_interval]))`,
        legend: "{{node}}",
      },
    ],
  }),
];

const squids = [
  timeSeries(
    {
      title: "Requests",
      description: "From clients, by squid. Good: shared about evenly.",
      unit: REQUESTS_PER_SECOND,
      queries: [{ expression: clientRequests(squidRate), legend: "{{pod}}" }],
    },
    { stacked: true },
  ),
  timeSeries(
    {
      title: "Requests served from the cache",
      description:
        "Share of the clients' requests in the hour before. Good: high once the cache is warm; no value when nobody asked.",
      unit: SHARE,
      queries: [
        {
          expression: `${squidHour("squid_client_http_hits_total")} / (${clientRequests(squidHour)} > 0)`,
          legend: "{{pod}}",
        },
      ],
    },
    { max: 1 },
  ),
  timeSeries({
    title: "Traffic",
    description: "To clients, and from the servers outside. Good: far more goes to clients than comes from outside.",
    unit: BYTES_PER_SECOND,
    queries: [
      { expression: `1024 * ${squidRate("squid_client_http_kbytes_out_kbytes_total")}`, legend: "to clients, {{pod}}" },
      {
        expression: `1024 * ${squidRate("squid_server_http_kbytes_in_kbytes_total")}`,
        legend: "from outside, {{pod}}",
      },
    ],
  }),
  timeSeries({
    title: "Errors",
    description:
      "Requests that squid refused, could not fetch or whose client gave up waiting. Good: near 0. Errors that a server answers are not among them.",
    alerts: ["SquidErrors"],
    unit: REQUESTS_PER_SECOND,
    queries: [{ expression: squidRate("squid_client_http_errors_total"), legend: "{{pod}}" }],
  }),
];

/** Dashboard "CVMFS and squid". */
export function cvmfs() {
  return dashboardOf({
    name: "cvmfs",
    title: "ATLAS site: CVMFS and squid",
    description: "Can every node read the software, and do the squids serve it?",
    from: "now-6h",
    rows: [
      { title: "Now", panels: now },
      { title: "Repositories", panels: repositories },
      { title: "Squids", panels: squids },
    ],
  });
}

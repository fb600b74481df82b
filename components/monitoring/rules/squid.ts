/** Rules on the site's squids. */
import type { MonitoredSite } from "../monitoredSite";
import { SCRAPE_JOBS } from "../names";
import type { Subject } from "./ruleFile";
import { clientRequests } from "../squidRequests";
import { rateRange } from "./selectors";

/** Share of clients' requests that may fail; clients try another server or proxy, so few of them hurt nobody. */
const ERROR_PERCENT = 10;

/** Minutes that so many must fail. */
const ERROR_MINUTES = 15;

/** Requests a second below which no share is judged. */
const LEAST_RATE = 0.1;

/** Rules on the squids; none for a site without. */
export function squid(site: MonitoredSite): Subject {
  const { squidMinutes } = site.monitoring.thresholds;
  const section = site.cvmfs.mode === "none" ? undefined : site.cvmfs.squid;
  if (section === undefined) {
    return { records: [], alerts: [] };
  }
  const { replicas } = section;
  // By each pod, whoever of two Prometheus' targets saw it; a pod that is not there at all is not counted either.
  const answering = `(count(max by (pod) (squid_up{job="${SCRAPE_JOBS.squid}"}) == 1) or vector(0))`;
  const rate = (counter: string) => `sum by (pod) (rate(${counter}{job="${SCRAPE_JOBS.squid}"}[${rateRange(site)}]))`;
  // Squid's own counts of errors of servers stay 0 when servers refuse, hang or are not there; these grow (squid 5.7).
  const errors = rate("squid_client_http_errors_total");
  return {
    records: [],
    alerts: [
      {
        name: "SquidDown",
        severity: "warning",
        minutes: squidMinutes,
        expression: `${answering} < ${replicas}`,
        summary: `{{ $value }} of ${replicas} squids answer`,
        when: "fewer squids answer than the site file has",
        thresholds: ["squidMinutes"],
      },
      {
        name: "SquidDown",
        severity: "critical",
        minutes: squidMinutes,
        expression: `${answering} == 0`,
        summary: "No squid answers",
        when: "no squid answers at all",
        thresholds: ["squidMinutes"],
      },
      {
        name: "SquidErrors",
        severity: "warning",
        minutes: ERROR_MINUTES,
        expression: `${errors} / (${clientRequests(rate)} > ${LEAST_RATE}) > ${ERROR_PERCENT / 100}`,
        summary: "{{ $value | humanizePercentage }} of the requests to {{ $labels.pod }} fail",
        when: `over ${ERROR_PERCENT} % of the requests to a squid fail`,
        thresholds: [],
      },
    ],
  };
}

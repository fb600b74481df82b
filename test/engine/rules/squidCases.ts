/** Cases of the alerts on squids, on the small site. */
import { fires, growing, quiet, steady, turns, type AlertCase, type Scraped } from "./ruleCase";
import { named } from "./scraped";

const squidUp = (pod: string, value: string): Scraped => ({
  [named("squid_up", { job: "squid", pod, host: "localhost" })]: value,
});
const ofClients = (what: string, perMinute: number): Scraped => ({
  [named(`squid_client_http_${what}_total`, { job: "squid", pod: "squid-0" })]: growing(perMinute),
});
/** Two scrapes a minute, each three requests that squid counts. */
const scrapes = {
  [named("promhttp_metric_handler_requests_total", { job: "squid", pod: "squid-0", code: "200" })]: growing(2),
};

export const squidCases: readonly AlertCase[] = [
  fires(
    "SquidDown",
    "warning",
    "one does not answer",
    8,
    [{}],
    squidUp("squid-0", steady(1)),
    squidUp("squid-1", turns(1, 2, 0)),
  ),
  fires("SquidDown", "warning", "one pod is not there at all", 6, [{}], squidUp("squid-0", steady(1))),
  quiet("SquidDown", "warning", "both answer", 60, squidUp("squid-0", steady(1)), squidUp("squid-1", steady(1))),
  quiet(
    "SquidDown",
    "warning",
    "not for five minutes yet",
    6,
    squidUp("squid-0", steady(1)),
    squidUp("squid-1", turns(1, 2, 0)),
  ),
  fires("SquidDown", "critical", "none is there", 6, [{}]),
  quiet("SquidDown", "critical", "one answers", 60, squidUp("squid-0", steady(1)), squidUp("squid-1", steady(0))),
  fires(
    "SquidErrors",
    "warning",
    "2 of 12 requests of clients fail, beside 6 of the exporter",
    20,
    [{ pod: "squid-0" }],
    ofClients("errors", 2),
    ofClients("requests", 18),
    scrapes,
  ),
  quiet("SquidErrors", "warning", "1 of 12 fails", 60, ofClients("errors", 1), ofClients("requests", 18), scrapes),
  quiet("SquidErrors", "warning", "all of hardly any", 60, ofClients("errors", 5), ofClients("requests", 11), scrapes),
];

/** Requests of a squid's clients, as an expression of PromQL. */
import { REQUESTS_PER_SCRAPE } from "../cvmfs/squidExporter";

/**
 * Requests of clients without those by which the exporter reads the squid, which squid counts as well.
 * @param of makes an expression of a counter: its rate, its increase
 */
export function clientRequests(of: (counter: string) => string): string {
  return `(${of("squid_client_http_requests_total")} - ${REQUESTS_PER_SCRAPE} * ${of("promhttp_metric_handler_requests_total")})`;
}

/** How Kuantifier and its sender are told what to do, as plain values. */
import { join } from "node:path";
import { bashProgram, withoutHeader } from "../kubernetes/programFile";
import type { Kuantifier, Queue } from "../../stacks/site/site";
import type { AccountedSite } from "./accountedSite";
import { MONITORING_NAMESPACE, PROMETHEUS, PROMETHEUS_PORT } from "../monitoring/names";
import { accountedNamespace } from "../monitoring/rules/accountingView";

/** Where the records lie between the one that makes them and the one that sends them. */
export const RECORDS_PATH = "/var/spool/apel/outgoing";

/** Where the sender finds certificate and key. */
export const CERTIFICATE_PATH = "/etc/kuantifier/certificate";

/** Keys of the operator's Secret, as `kubectl create secret tls` names them. */
export const CERTIFICATE_KEYS = ["tls.crt", "tls.key"] as const;

/** Where the sender finds its settings. */
export const SENDER_PATH = "/etc/kuantifier/sender";

/** Name of the file with them. */
export const SENDER_FILE = "sender.cfg";

/** Seconds that Prometheus may work on one of Kuantifier's questions, each of which spans a month. */
const QUERY_SECONDS = 1800;

/**
 * Environment of the one that makes the records.
 * @param queue the queue that it makes them of
 */
export function processorEnvironment(
  { site, accounting }: Pick<AccountedSite, "site" | "accounting">,
  queue: Queue,
): Record<string, string> {
  const { siteName, vo, hs06PerCore } = accounting;
  return {
    PROMETHEUS_SERVER: `http://${PROMETHEUS}.${MONITORING_NAMESPACE}.svc:${PROMETHEUS_PORT}`,
    QUERY_TIMEOUT: `${QUERY_SECONDS}s`,
    NAMESPACE: accountedNamespace(queue),
    SITE_NAME: siteName,
    // APEL knows a cluster by this: another text would be another cluster, with the same jobs once more.
    SUBMIT_HOST: `${site.name}:6443/${queue.namespace}`,
    VO_NAME: vo,
    BENCHMARK_VALUE: String(hs06PerCore),
    OUTPUT_PATH: RECORDS_PATH,
    // This month and the last one, each time: a record that was sent before is replaced by the fuller one.
    PUBLISHING_MODE: "auto",
  };
}

/**
 * The sender's settings. Its CAs are those of its image: it looks into `capath` only to encrypt a message for one
 * receiver, or to receive, and does neither.
 */
export function senderSettings({ server }: Pick<Kuantifier, "server">): string {
  const [certificate, key] = CERTIFICATE_KEYS;
  const sections: Record<string, Record<string, string>> = {
    sender: { protocol: "AMS" },
    broker: { host: server, use_ssl: "true" },
    certificates: {
      certificate: `${CERTIFICATE_PATH}/${certificate}`,
      key: `${CERTIFICATE_PATH}/${key}`,
      capath: "/etc/grid-security/certificates",
    },
    messaging: { ams_project: "accounting", destination: "gLite-APEL", path: RECORDS_PATH, path_type: "dirq" },
    // Beside the console it insists on a file.
    logging: { logfile: "/dev/null", level: "INFO", console: "true" },
  };
  const lines = Object.entries(sections).map(([name, settings]) =>
    [`[${name}]`, ...Object.entries(settings).map(([setting, value]) => `${setting}: ${value}`), ""].join("\n"),
  );
  return lines.join("\n");
}

/** Sends the records and fails when some are left, as the argument of `bash -c`. */
export const SEND_SCRIPT = withoutHeader(
  bashProgram(join(__dirname, "send.sh"), { SETTINGS: `${SENDER_PATH}/${SENDER_FILE}`, RECORDS: RECORDS_PATH }),
);

/** The files of a Harvester inside the cluster, as texts. Nothing secret is in them. */
import { join } from "node:path";
import { stringify } from "yaml";
import { bashProgram } from "../kubernetes/programFile";
import { jobTemplateText } from "./jobTemplate";
import { DATABASE, DATABASE_PORT, PROXY_FILE } from "./names";
import { queueConfiguration } from "./queueConfiguration";
import {
  API_ACCESS,
  CONFIGURATION,
  CREDENTIALS,
  type ServiceSite,
  INSTALLATION,
  servicePaths,
  STATE,
  templateFile,
} from "./servicePlan";

/** Name of Harvester's settings among its files. */
export const SETTINGS_FILE = "panda_harvester_configmap.json";

/** Name of the file that says where its logs go. */
export const LOGGING_FILE = "panda_common.cfg";

/** Name of the script that starts it. */
export const START_FILE = "start.sh";

/** Environment variable that holds the database's password; Harvester puts it into its settings by itself. */
export const PASSWORD_VARIABLE = "HARVESTER_DATABASE_PASSWORD";

/** What CRIC says of all queues. Without it Harvester knows no namespace, and falls back to `default`. */
const CRIC_QUEUES = "https://atlas-cric.cern.ch/api/atlas/pandaqueue/query/?json";

/** Every file, by name. */
export function serviceFiles(site: ServiceSite): Record<string, string> {
  const queues = Object.entries(site.queues);
  const configurations = queues.map(([name, queue]) => queueConfiguration(site, name, queue, servicePaths(name)));
  return {
    [START_FILE]: bashProgram(join(__dirname, START_FILE), { STATE, INSTALLATION }),
    [SETTINGS_FILE]: json(settings(site)),
    [LOGGING_FILE]: logging(),
    "panda_queueconfig.json": json(Object.assign({}, ...configurations) as object),
    "kubeconfig.yaml": kubeconfig(),
    ...Object.fromEntries(queues.map(([name, queue]) => [templateFile(name), jobTemplateText(site, queue)])),
  };
}

/**
 * What differs from the defaults that Harvester's image brings with it in `panda_harvester.cfg`. Harvester lays these over
 * them, section by section; so a new version keeps its own new keys, and what is said here is what the site means.
 */
function settings(site: ServiceSite): Record<string, Record<string, unknown>> {
  const { harvesterId, pandaUrl, cacheUrl, database } = site.harvester;
  const proxy = `${CREDENTIALS}/${PROXY_FILE}`;
  return {
    master: { uname: "atlpan", gname: "zp", harvester_id: harvesterId },
    db:
      database === "sqlite"
        ? { engine: "sqlite", database_filename: `${STATE}/harvester.db` }
        : {
            engine: "mariadb",
            useMySQLdb: true,
            host: DATABASE,
            port: DATABASE_PORT,
            schema: "harvester",
            user: "harvester",
            password: `\${${PASSWORD_VARIABLE}}`,
          },
    // Harvester itself puts a queue's name for the placeholder: each has a file of its own.
    fifo: { database_filename: `${STATE}/fifo/$(TITLE).db` },
    pandacon: {
      auth_type: "x509",
      cert_file: proxy,
      key_file: proxy,
      // The grid's CAs that the image brings; the default names a file that is not in it.
      ca_cert: "/etc/grid-security/certificates",
      pandaURL: `${pandaUrl}/server/panda`,
      pandaURLSSL: `${pandaUrl}/server/panda`,
      server_api_url_ssl: `${pandaUrl}/api/v1`,
      cache_api_url_ssl: `${cacheUrl}/api/v1`,
      // The Kubernetes submitter fails without these three, and no shipped file has them.
      pandaCacheURL: cacheUrl,
      pandaCacheURL_W_path: "/server/panda",
      pandaCacheURL_R_path: "/cache",
    },
    qconf: { configFile: `${CONFIGURATION}/panda_queueconfig.json`, queueList: ["ALL"] },
    // The operator renews the credentials; Harvester's own way needs a grid certificate and VOMS.
    // A first start writes the queues' proxies before it has heard of their namespaces, and is refused; by the default it would
    // try again after half an hour.
    credmanager: {
      moduleName: [],
      className: [],
      inCertFile: [],
      outCertFile: [],
      voms: [],
      pluginConfigs: [],
      sleepTime: 120,
    },
    // The defaults are made for tens of thousands of workers.
    monitor: { sleepTime: 60, checkInterval: 120 },
    cacher: {
      data: [
        `panda_queues.json||${CRIC_QUEUES}`,
        "resource_types.json||panda_server:get_resource_types",
        "job_statistics.json||panda_server:get_job_stats",
      ],
    },
    // What pilots look for in push mode; with the default no job reaches them.
    payload_interaction: { jobSpecFile: "pandaJobData.out" },
    // They report to services that a site of its own is not known to.
    apfmon: { active: false },
    service_monitor: { active: false },
  };
}

/**
 * Logging of Harvester's library. Every key of the first block must be there, or nothing starts, though what it names is an
 * old service that only some messages went to. Level DEBUG, because the probes live on a log that is silent otherwise;
 * some 25 logs of 4 × 100 MB at most.
 */
function logging(): string {
  const keys = {
    loghost: "localhost",
    "monport-apache": 80,
    method: "GET",
    encoding: "url",
    loghost_new: "localhost",
    "monport-apache_new": 80,
    method_new: "POST",
    encoding_new: "json",
    monurlprefix: "/logger",
    nemitters: 1,
    migrated: "True",
    logdir: `${STATE}/log`,
    log_level: "DEBUG",
    rotating_policy: "size",
    rotating_max_size: 100,
    rotating_backup_count: 3,
    rotating_interval: 24,
  };
  const lines = Object.entries(keys).map(([key, value]) => `${key} = ${value}`);
  return ["[logger]", ...lines, ""].join("\n");
}

/** Harvester has no way into its own cluster but a kubeconfig; the token in the file is renewed under its feet. */
function kubeconfig(): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "site",
        cluster: { server: "https://kubernetes.default.svc", "certificate-authority": `${API_ACCESS}/ca.crt` },
      },
    ],
    users: [{ name: "harvester", user: { tokenFile: `${API_ACCESS}/token` } }],
    contexts: [{ name: "harvester@site", context: { cluster: "site", user: "harvester" } }],
    "current-context": "harvester@site",
  });
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

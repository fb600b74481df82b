/** What Grafana reads at its start: its settings, where its data comes from, where its dashboards are. */
import type { Monitoring } from "../../stacks/site/site";
import { GRAFANA_PORT, PROMETHEUS, PROMETHEUS_PORT } from "./names";

/** Folder with the settings and, below `provisioning/`, the data source and the dashboards' place. */
export const GRAFANA_CONFIGURATION = "/etc/atlas-site/configuration";
/** Folder with the dashboards, a file each. */
export const GRAFANA_DASHBOARDS = "/etc/atlas-site/dashboards";
/** Folder with the administrator's name and password, out of the operator's Secret. */
export const GRAFANA_ADMINISTRATOR = "/etc/atlas-site/administrator";
/** Folder of Grafana's own database; empty whenever the pod is new. */
export const GRAFANA_DATA = "/var/lib/grafana";

/** Keys of the operator's Secret. */
export const ADMINISTRATOR_KEYS = { user: "admin-user", password: "admin-password" } as const;

/** Stable name of the data source, by which links to Grafana's Explore find it. */
export const DATA_SOURCE_UID = "atlas-site-prometheus";

/** Dashboard that is shown first; one of the files of `dashboardFiles`. */
const HOME = "site-overview.json";

/** Keys of the ConfigMap, and where below `GRAFANA_CONFIGURATION` each is mounted. */
export const CONFIGURATION_PATHS: Readonly<Record<string, string>> = {
  "grafana.ini": "grafana.ini",
  "data-sources.yaml": "provisioning/datasources/prometheus.yaml",
  "dashboards.yaml": "provisioning/dashboards/site.yaml",
};

/** Files of the ConfigMap by key. */
export function grafanaFiles(monitoring: Pick<Monitoring, "scrapeSeconds">): Record<string, string> {
  return {
    "grafana.ini": settingsText(),
    "data-sources.yaml": json(dataSources(monitoring)),
    "dashboards.yaml": json(dashboardProviders()),
  };
}

/** Nobody enters without a password, nothing is fetched from outside, and nothing is told to anybody. */
function settings(): Record<string, Record<string, string | number | boolean>> {
  return {
    server: { http_port: GRAFANA_PORT },
    paths: { data: GRAFANA_DATA },
    security: {
      // Grafana puts the files' contents here, so that no password stands in the environment or in a ConfigMap.
      admin_user: `$__file{${GRAFANA_ADMINISTRATOR}/${ADMINISTRATOR_KEYS.user}}`,
      admin_password: `$__file{${GRAFANA_ADMINISTRATOR}/${ADMINISTRATOR_KEYS.password}}`,
      // Browsers count http://localhost, where a port-forward ends, as secure.
      cookie_secure: true,
      cookie_samesite: "strict",
      content_security_policy: true,
      allow_embedding: false,
      disable_gravatar: true,
    },
    users: { allow_sign_up: false, allow_org_create: false },
    "auth.anonymous": { enabled: false },
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    news: { news_feed_enabled: false },
    snapshots: { external_enabled: false },
    // Its own set of plugins is enough; others would be downloaded at every start.
    plugins: { plugin_admin_enabled: false, preinstall_disabled: true, public_key_retrieval_disabled: true },
    // Alerts are Prometheus' and Alertmanager's.
    unified_alerting: { enabled: false },
    metrics: { enabled: false },
    log: { mode: "console", level: "warn" },
    dashboards: { default_home_dashboard_path: `${GRAFANA_DASHBOARDS}/${HOME}` },
  };
}

function settingsText(): string {
  const sections = Object.entries(settings()).map(([section, values]) => {
    const lines = Object.entries(values).map(([key, value]) => `${key} = ${value}`);
    return [`[${section}]`, ...lines].join("\n");
  });
  return `${sections.join("\n\n")}\n`;
}

/** Prometheus by its Service, whose short name holds in the same namespace whatever the cluster's domain is. */
function dataSources({ scrapeSeconds }: Pick<Monitoring, "scrapeSeconds">): object {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: "Prometheus",
        uid: DATA_SOURCE_UID,
        type: "prometheus",
        access: "proxy",
        url: `http://${PROMETHEUS}:${PROMETHEUS_PORT}`,
        isDefault: true,
        editable: false,
        // From the interval Grafana computes $__rate_interval: windows with at least four samples.
        jsonData: { httpMethod: "POST", prometheusType: "Prometheus", timeInterval: `${scrapeSeconds}s` },
      },
    ],
  };
}

/** The dashboards are the program's: whoever changes one in the browser is told to save a copy. */
function dashboardProviders(): object {
  return {
    apiVersion: 1,
    providers: [
      {
        name: "atlas-site",
        folder: "ATLAS site",
        type: "file",
        disableDeletion: true,
        allowUiUpdates: false,
        updateIntervalSeconds: 60,
        options: { path: GRAFANA_DASHBOARDS },
      },
    ],
  };
}

/** JSON is YAML that no other reader takes for something else. */
function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

import { monitored } from "../../support/componentArgs";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { Grafana } from "../../../components/monitoring/Grafana";
import { dashboardFiles } from "../../../components/monitoring/dashboardFiles";
import { GRAFANA_DASHBOARDS } from "../../../components/monitoring/grafanaConfiguration";
import { record, type Recording } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import { variants } from "../../support/sites";
import { monitoredSite } from "./monitoredSite";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

interface Container {
  image: string;
  env: { name: string; value?: string }[];
  securityContext: object;
  resources: { requests: object; limits: { memory: string } };
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  [probe: `${string}Probe`]: { httpGet: object } | undefined;
}

interface Template {
  metadata: { labels: Record<string, string>; annotations: Record<string, string> };
  spec: {
    containers: Container[];
    volumes: { name: string; secret?: { secretName: string; items: object[] }; configMap?: { items?: object[] } }[];
    nodeSelector: object;
    tolerations: object[];
    [key: string]: unknown;
  };
}

async function made(site: Site): Promise<Recording> {
  const of = monitored(site);
  const args = { ...of, grafana: of.monitoring.grafana!, namespace: "watched" };
  return (await record({}, () => new Grafana("grafana", args))).recording;
}

const templateOf = (recording: Recording) =>
  (recording.only(DEPLOYMENT).inputs.spec as unknown as { template: Template }).template;

function dataOf(recording: Recording, name: string): Record<string, string> {
  const found = recording.ofType(CONFIG_MAP).find(({ inputs }) => (inputs.metadata as { name: string }).name === name);
  return found?.inputs.data as Record<string, string>;
}

/** Settings as `section.key`. */
async function settings(site = monitoredSite()): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let section = "";
  for (const line of dataOf(await made(site), "grafana")["grafana.ini"].split("\n")) {
    section = /^\[(.+)\]$/.exec(line)?.[1] ?? section;
    const [, key, value] = /^(\w+) = (.*)$/.exec(line) ?? [];
    if (key !== undefined) found[`${section}.${key}`] = value;
  }
  return found;
}

describe("Grafana lets nobody in without a password", () => {
  test("by its settings: no anonymous visitor, no sign-up, strict cookies", async () => {
    expect(await settings()).toMatchObject({
      "auth.anonymous.enabled": "false",
      "users.allow_sign_up": "false",
      "users.allow_org_create": "false",
      "security.cookie_secure": "true",
      "security.cookie_samesite": "strict",
      "security.allow_embedding": "false",
      "snapshots.external_enabled": "false",
    });
  });

  test("and takes name and password from the operator's Secret, as files; the program makes and reads none", async () => {
    const recording = await made(monitoredSite({ grafana: { adminSecret: "the-secret" } }));
    const { containers, volumes } = templateOf(recording).spec;
    expect(volumes.find(({ secret }) => secret !== undefined)?.secret).toMatchObject({
      secretName: "the-secret",
      items: [
        { key: "admin-user", path: "admin-user" },
        { key: "admin-password", path: "admin-password" },
      ],
    });
    const [folder] = containers[0].volumeMounts.filter(({ name }) => name === "administrator");
    expect(folder.readOnly).toBe(true);
    expect(await settings()).toMatchObject({
      "security.admin_user": `$__file{${folder.mountPath}/admin-user}`,
      "security.admin_password": `$__file{${folder.mountPath}/admin-password}`,
    });
    expect(recording.ofType("kubernetes:core/v1:Secret")).toEqual([]);
    expect(containers[0].env.map(({ name }) => name)).toEqual(["GF_PATHS_CONFIG", "GF_PATHS_PROVISIONING"]);
  });

  test("and is not waited for, since that Secret can only come after the namespace", async () => {
    const recording = await made(monitoredSite());
    const waitless = { annotations: { "pulumi.com/skipAwait": "true" } };
    expect(recording.only(DEPLOYMENT).inputs.metadata).toMatchObject(waitless);
    expect(recording.only("kubernetes:core/v1:Service").inputs.metadata).toMatchObject(waitless);
  });
});

test("Grafana asks nobody outside and tells nobody anything", async () => {
  expect(await settings()).toMatchObject({
    "analytics.reporting_enabled": "false",
    "analytics.check_for_updates": "false",
    "analytics.check_for_plugin_updates": "false",
    "news.news_feed_enabled": "false",
    "plugins.plugin_admin_enabled": "false",
    "plugins.preinstall_disabled": "true",
    "security.disable_gravatar": "true",
  });
});

test("nothing comes in to Grafana, and it reaches Prometheus and the name service alone", async () => {
  const { inputs } = (await made(monitoredSite())).only("kubernetes:networking.k8s.io/v1:NetworkPolicy");
  expect(inputs.spec).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/name": "grafana" } },
    policyTypes: ["Egress"],
    egress: [
      expect.objectContaining({ ports: expect.arrayContaining([{ protocol: "UDP", port: 53 }]) }),
      {
        to: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } }],
        ports: [{ protocol: "TCP", port: 9090 }],
      },
    ],
  });
});

describe("Grafana shows", () => {
  test("the site's Prometheus, asked no finer than it scrapes", async () => {
    const text = dataOf(await made(monitoredSite({ scrapeSeconds: 60 })), "grafana")["data-sources.yaml"];
    expect(parse(text)).toMatchObject({
      apiVersion: 1,
      datasources: [
        {
          type: "prometheus",
          url: "http://prometheus:9090",
          isDefault: true,
          editable: false,
          jsonData: { timeInterval: "60s" },
        },
      ],
    });
  });

  test("every dashboard from where the files are mounted, the overview first", async () => {
    const recording = await made(monitoredSite());
    expect(dataOf(recording, "grafana-dashboards")).toEqual(dashboardFiles());
    const { volumes, containers } = templateOf(recording).spec;
    expect(volumes.find(({ name }) => name === "dashboards")).toMatchObject({
      configMap: { name: "grafana-dashboards" },
    });
    expect(containers[0].volumeMounts).toContainEqual({
      name: "dashboards",
      mountPath: GRAFANA_DASHBOARDS,
      readOnly: true,
    });
    const { providers } = parse(dataOf(recording, "grafana")["dashboards.yaml"]) as { providers: object[] };
    expect(providers).toMatchObject([{ allowUiUpdates: false, options: { path: GRAFANA_DASHBOARDS } }]);
    const home = (await settings())["dashboards.default_home_dashboard_path"];
    expect(Object.keys(dashboardFiles()).map((name) => `${GRAFANA_DASHBOARDS}/${name}`)).toContain(home);
  });

  test("its provisioning from below the folder it is told of", async () => {
    const { volumes, containers } = templateOf(await made(monitoredSite())).spec;
    expect(volumes.find(({ name }) => name === "configuration")?.configMap?.items).toEqual([
      { key: "grafana.ini", path: "grafana.ini" },
      { key: "data-sources.yaml", path: "provisioning/datasources/prometheus.yaml" },
      { key: "dashboards.yaml", path: "provisioning/dashboards/site.yaml" },
    ]);
    const [{ env, volumeMounts }] = containers;
    const folder = volumeMounts.find(({ name }) => name === "configuration")?.mountPath;
    expect(env).toEqual([
      { name: "GF_PATHS_CONFIG", value: `${folder}/grafana.ini` },
      { name: "GF_PATHS_PROVISIONING", value: `${folder}/provisioning` },
    ]);
  });
});

describe("the pod of Grafana", () => {
  test("runs unprivileged on a root file system nobody can write, without a token, with probes and limits", async () => {
    const { spec } = templateOf(await made(monitoredSite()));
    expect(spec).toMatchObject({
      priorityClassName: "atlas-site-infrastructure",
      serviceAccountName: "grafana",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 472, fsGroup: 472, seccompProfile: { type: "RuntimeDefault" } },
    });
    const [container, ...more] = spec.containers;
    expect(more).toEqual([]);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    const writable = container.volumeMounts.filter(({ readOnly }) => readOnly !== true);
    expect(writable.map(({ mountPath }) => mountPath)).toEqual(["/var/lib/grafana", "/tmp"]);
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"] as const) {
      expect(container[probe]?.httpGet).toEqual({ path: "/api/health", port: "http" });
    }
    expect(container.resources).toEqual({ requests: { cpu: "100m", memory: "192Mi" }, limits: { memory: "512Mi" } });
  });

  test("runs where monitoring runs, and anywhere in a cluster that is another's", async () => {
    const own = templateOf(await made(monitoredSite({ pool: "control" }))).spec;
    expect(own.nodeSelector).toEqual({ "atlas-site/pool": "control" });
    expect(own.tolerations).toHaveLength(1);
    const { site, cluster, network } = variants.servicesOnExisting;
    const guest = { site, cluster, network, cloud: undefined };
    const theirs = templateOf(await made(monitoredSite({}, guest))).spec;
    expect([theirs.nodeSelector, theirs.tolerations]).toEqual([{ "kubernetes.io/os": "linux" }, []]);
  });

  test("comes from the site's mirror", async () => {
    const [{ image }] = templateOf(
      await made(monitoredSite({}, { site: { name: "hosting", registryPrefix: "mirror.example/k8s" } })),
    ).spec.containers;
    expect(image).toMatch(/^mirror\.example\/k8s\/grafana\/grafana:\d/);
  });

  test("is made anew when its settings change, not when a dashboard does", async () => {
    const hash = async (monitoring: object) =>
      templateOf(await made(monitoredSite({ ...monitoring }))).metadata.annotations["atlas-site/configuration-hash"];
    expect(await hash({})).toBe(await hash({ retentionDays: 200 }));
    expect(await hash({})).not.toBe(await hash({ scrapeSeconds: 60 }));
  });

  test("comes after what it needs, below its component", async () => {
    const recording = await made(monitoredSite());
    const deployment = recording.only(DEPLOYMENT);
    const needed = ["kubernetes:networking.k8s.io/v1:NetworkPolicy", CONFIG_MAP, "kubernetes:core/v1:ServiceAccount"];
    for (const type of needed) {
      const before = recording.ofType(type).map(({ urn }) => urn);
      expect([type, before.length]).not.toEqual([type, 0]);
      expect(deployment.dependsOn).toEqual(expect.arrayContaining(before));
    }
    const component = recording.only("atlas-site:monitoring:Grafana");
    const children = recording.requests.filter(({ urn }) => urn !== component.urn && urn.includes("grafana"));
    expect(children.length).toBeGreaterThan(5);
    children.forEach(({ parent }) => expect(parent).toBe(component.urn));
  });
});

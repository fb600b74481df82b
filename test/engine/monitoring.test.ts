/**
 * A site's monitoring on a real API: every object is one the API takes, the pods pass the admission of their namespaces,
 * and a real Prometheus with the site's configuration, rules and ServiceAccount finds every target there and is refused
 * nothing. There is no node, so no target answers.
 */
import { monitored } from "../support/componentArgs";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MONITORING_NAMESPACE, SCRAPE_JOBS } from "../../components/monitoring/names";
import { prometheusConfiguration, ruleTexts } from "../../components/monitoring/prometheusConfiguration";
import { ruleFiles } from "../../components/monitoring/rules";
import { KubeApi } from "../support/kubeApi";
import type { KubeObject } from "../support/kubeApiObjects";
import { ensureToolchain, type Toolchain } from "../toolchain";
import { declareMonitored, podOf, monitoredSite, workloads, type Workload } from "./monitoringSite";
import { freePort } from "./monitoringScrape";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;
const NODE = "hosting-batch-0";

let api: KubeApi;
let toolchain: Toolchain;
let objects: KubeObject[];
let folder: string;
let prometheus: ChildProcess | undefined;

beforeAll(async () => {
  toolchain = await ensureToolchain({ only: ["prometheus", "promtool"] });
  api = await KubeApi.start();
  objects = await declareMonitored(api, monitoredSite);
  folder = mkdtempSync(join(tmpdir(), "atlas-site-prometheus-"));
}, 60 * MINUTE);

afterAll(async () => {
  prometheus?.kill("SIGKILL");
  await api?.close();
  removeFolder(folder);
});

/** Workloads of monitoring itself and those it scrapes. */
function all(): Workload[] {
  return workloads(objects);
}

test("is nothing but objects that the API takes, and pods that their namespaces admit, every field known", async () => {
  expect(
    all()
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      .sort(),
  ).toEqual([
    "DaemonSet control-plane-metrics",
    "DaemonSet cvmfs-probe",
    "DaemonSet node-exporter",
    "Deployment credential-metrics",
    "Deployment grafana",
    "Deployment kube-state-metrics",
    "StatefulSet alertmanager",
    "StatefulSet prometheus",
    "StatefulSet squid",
  ]);
  for (const workload of all()) {
    const pod = podOf(workload);
    const path = `/api/v1/namespaces/${workload.metadata.namespace}/pods?dryRun=All&fieldValidation=Strict`;
    const answer = await api.admin.call("POST", path, pod);
    expect([workload.metadata.name, answer.status === 201 ? "" : answer.text]).toEqual([workload.metadata.name, ""]);
    // Of a privileged namespace the API only says that it would be no restricted one.
    const looking = ["atlas-site-cvmfs", "atlas-site-node-metrics"].includes(workload.metadata.namespace!);
    expect(looking ? [] : answer.warnings).toEqual([]);
  }
});

/** Files of a Prometheus outside the cluster: the pod's, and a token of its own ServiceAccount. */
async function writeFiles(): Promise<string> {
  const account = `/api/v1/namespaces/${MONITORING_NAMESPACE}/serviceaccounts/prometheus/token`;
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } };
  const { status } = await api.admin.must<{ status: { token: string } }>("POST", account, request);
  const [tokenFile, caFile] = [join(folder, "token"), join(folder, "ca.pem")];
  const rules = join(folder, "rules");
  mkdirSync(rules);
  writeFileSync(tokenFile, status.token, { mode: 0o600 });
  writeFileSync(caFile, api.caPem);
  for (const [name, text] of Object.entries(ruleTexts(ruleFiles(monitored(monitoredSite))))) {
    writeFileSync(join(rules, name), text);
  }
  const configuration = join(folder, "prometheus.yaml");
  const access = { tokenFile, caFile, apiServer: api.url };
  writeFileSync(configuration, prometheusConfiguration(monitored(monitoredSite), { access, rules }));
  return configuration;
}

/** A node and a running pod of each workload, as kubelets would tell of them. */
async function pretendNode(): Promise<void> {
  const labels = { "node-role.kubernetes.io/control-plane": "" };
  await api.admin.must("POST", "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: NODE, labels } });
  await api.admin.must("PATCH", `/api/v1/nodes/${NODE}/status`, {
    status: {
      addresses: [{ type: "InternalIP", address: "127.0.0.9" }],
      daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    },
  });
  const named = (name: string, namespace: string, label: Record<string, string>, portName: string, port: number) => ({
    metadata: { name, namespace },
    spec: {
      template: {
        metadata: { labels: label },
        spec: {
          containers: [{ name, image: "registry.example/any:1", ports: [{ name: portName, containerPort: port }] }],
        },
      },
    },
  });
  const strangers = [
    named("coredns", "kube-system", { "k8s-app": "kube-dns" }, "metrics", 9153),
    named("log-shipper", "atlas-site-logs", { "app.kubernetes.io/name": "log-shipper" }, "metrics", 8888),
  ] as Workload[];
  for (const workload of [...all(), ...strangers]) {
    const pod = podOf(workload, { nodeName: NODE });
    const path = `/api/v1/namespaces/${workload.metadata.namespace}/pods`;
    await api.admin.must("POST", path, pod);
    await api.admin.must("PATCH", `${path}/${pod.metadata.name}/status`, {
      status: { phase: "Running", hostIP: "127.0.0.9", podIP: "127.0.0.8", podIPs: [{ ip: "127.0.0.8" }] },
    });
  }
}

interface Target {
  readonly scrapeUrl: string;
  readonly labels: Record<string, string>;
}

test(
  "Prometheus takes configuration and rules, finds every target and is refused nothing",
  { timeout: 3 * MINUTE },
  async () => {
    const configuration = await writeFiles();
    const checked = spawnSync(toolchain.binary("promtool"), ["check", "config", configuration], { encoding: "utf8" });
    expect([checked.status, checked.stdout + checked.stderr]).toEqual([0, expect.stringContaining("SUCCESS")]);
    await pretendNode();

    const port = await freePort();
    const log = join(folder, "prometheus.log");
    const output = openSync(log, "w");
    prometheus = spawn(
      "setpriv",
      [
        ...["--pdeathsig", "KILL", toolchain.binary("prometheus"), `--config.file=${configuration}`],
        ...[`--storage.tsdb.path=${join(folder, "data")}`, `--web.listen-address=127.0.0.1:${port}`],
      ],
      { stdio: ["ignore", output, output] },
    );
    const targets = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/targets?state=active`).catch(() => undefined);
      // Until it is ready it answers with a text.
      if (answer?.ok !== true) {
        return [];
      }
      const { data } = (await answer.json()) as { data: { activeTargets?: Target[] } };
      return data.activeTargets ?? [];
    };
    const seen = async () =>
      (await targets()).map(({ scrapeUrl, labels }) => [labels.job, scrapeUrl, labelsBeside(labels)]);
    await api.until(
      "a target of every scrape job in Prometheus",
      async () => new Set((await targets()).map(({ labels }) => labels.job)).size === Object.keys(SCRAPE_JOBS).length,
      60,
    );
    const perNode = { node: NODE };
    expect((await seen()).sort()).toEqual(
      [
        [SCRAPE_JOBS.alertmanager, "http://127.0.0.8:9093/metrics", {}],
        [SCRAPE_JOBS.apiServer, "https://127.0.0.9:6443/metrics", perNode],
        [SCRAPE_JOBS.cadvisor, "https://127.0.0.9:10250/metrics/cadvisor", perNode],
        [SCRAPE_JOBS.controllerManager, "https://127.0.0.8:11257/metrics", perNode],
        [SCRAPE_JOBS.coreDns, "http://127.0.0.8:9153/metrics", {}],
        [SCRAPE_JOBS.credentialMetrics, "http://127.0.0.8:8080/metrics", {}],
        [SCRAPE_JOBS.cvmfsProbe, "http://127.0.0.8:9102/metrics", perNode],
        [SCRAPE_JOBS.etcd, "https://127.0.0.8:11381/metrics", perNode],
        [SCRAPE_JOBS.kubelet, "https://127.0.0.9:10250/metrics", perNode],
        [SCRAPE_JOBS.logShipper, "http://127.0.0.8:8888/metrics", perNode],
        [SCRAPE_JOBS.nodeExporter, "http://127.0.0.8:9100/metrics", perNode],
        [SCRAPE_JOBS.prometheus, "http://localhost:9090/metrics", {}],
        [SCRAPE_JOBS.scheduler, "https://127.0.0.8:11259/metrics", perNode],
        [SCRAPE_JOBS.squid, "http://127.0.0.8:9301/metrics", { pod: "squid-0" }],
        [SCRAPE_JOBS.stateMetrics, "http://127.0.0.8:8080/metrics", {}],
      ].sort(),
    );
    const words = readFileSync(log, "utf8");
    expect(words).toContain("Completed loading of configuration file");
    expect(words).not.toMatch(/forbidden|unauthorized/i);
  },
);

/** Labels that are not every target's. */
function labelsBeside({ node, pod }: Record<string, string>): Record<string, string> {
  return { ...(node === undefined ? {} : { node }), ...(pod === undefined ? {} : { pod }) };
}

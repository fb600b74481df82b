/**
 * kube-state-metrics, node-exporter and Alertmanager with the flags, files and rights a site gives them, on a real API and
 * this machine's loopback.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alertmanagerConfiguration } from "../../components/monitoring/alertmanagerConfiguration";
import { MONITORING_NAMESPACE } from "../../components/monitoring/names";
import { nodeExporterPod } from "../../components/monitoring/nodeExporterPod";
import {
  clusterInstance,
  credentialInstance,
  type StateMetricsPlan,
} from "../../components/monitoring/stateMetricsPod";
import type { Monitoring } from "../../stacks/site/site";
import { KubeApi } from "../support/kubeApi";
import { ensureToolchain, type Toolchain } from "../toolchain";
import { freePort } from "./monitoringScrape";
import { declareMonitored, RECEIVERS, monitoredSite } from "./monitoringSite";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;
const [{ namespace: QUEUE }] = Object.values(monitoredSite.queues);

let api: KubeApi;
let toolchain: Toolchain;
let folder: string;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  toolchain = await ensureToolchain({ only: ["kube-state-metrics", "node_exporter", "amtool"] });
  api = await KubeApi.start();
  await declareMonitored(api, monitoredSite);
  folder = mkdtempSync(join(tmpdir(), "atlas-site-exporters-"));
}, 60 * MINUTE);

afterAll(async () => {
  processes.forEach((child) => child.kill("SIGKILL"));
  await api?.close();
  removeFolder(folder);
});

function start(name: string, binary: string, args: readonly string[]): void {
  const output = openSync(join(folder, `${name}.log`), "w");
  const command = ["--pdeathsig", "KILL", toolchain.binary(binary), ...args];
  processes.push(spawn("setpriv", command, { stdio: ["ignore", output, output] }));
}

/** Metrics at a port, once they have what is waited for. */
async function metricsWith(port: number, what: string, host = "127.0.0.1"): Promise<string> {
  let text = "";
  await api.until(
    `${what} at port ${port}`,
    async () => {
      const answer = await fetch(`http://${host}:${port}/metrics`).catch(() => undefined);
      text = (await answer?.text()) ?? "";
      return text.includes(what);
    },
    60,
  );
  return text;
}

/** An instance as the ServiceAccount it has in the cluster. */
async function startStateMetrics({ name, args }: StateMetricsPlan): Promise<number> {
  const account = `/api/v1/namespaces/${MONITORING_NAMESPACE}/serviceaccounts/${name}/token`;
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } };
  const { status } = await api.admin.must<{ status: { token: string } }>("POST", account, request);
  const cluster = { server: api.url, "certificate-authority-data": Buffer.from(api.caPem).toString("base64") };
  const kubeconfig = join(folder, `${name}.kubeconfig`);
  const text = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster }],
    users: [{ name, user: { token: status.token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: name } }],
    "current-context": "test",
  };
  writeFileSync(kubeconfig, JSON.stringify(text), { mode: 0o600 });
  const [port, own] = [await freePort(), await freePort()];
  const here = [`--port=${port}`, `--telemetry-port=${own}`, "--host=127.0.0.1", "--telemetry-host=127.0.0.1"];
  start(name, "kube-state-metrics", [...here, ...args, `--kubeconfig=${kubeconfig}`]);
  return port;
}

describe("kube-state-metrics", () => {
  test(
    "tells Harvester's three labels of a pod, no Secret, and is refused nothing",
    { timeout: 2 * MINUTE },
    async () => {
      const labels = { resourceType: "MCORE", prodSourceLabel: "managed", pq: "TEST-K8S", other: "not-told" };
      const image = "registry.example/pilot:1";
      const security = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
      await api.admin.must("POST", "/api/v1/namespaces/default/pods", {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "pilot", labels },
        spec: {
          containers: [{ name: "job", image, resources: { requests: { cpu: "8" } }, securityContext: security }],
        },
      });
      const plan = clusterInstance();
      const text = await metricsWith(await startStateMetrics(plan), 'kube_pod_labels{namespace="default",pod="pilot"');
      const line = text.split("\n").find((one) => one.startsWith('kube_pod_labels{namespace="default",pod="pilot"'));
      expect(line).toContain('label_resource_type="MCORE"');
      expect(line).toContain('label_prod_source_label="managed"');
      expect(line).toContain('label_pq="TEST-K8S"');
      expect(text).not.toContain("not-told");
      expect(text).toContain("kube_pod_container_resource_requests{");
      expect(text).not.toMatch(/kube_(secret|configmap)_|kube_pod_tolerations/);
      expect(readFileSync(join(folder, `${plan.name}.log`), "utf8")).not.toMatch(/forbidden|Failed to (list|watch)/i);
    },
  );

  test(
    "of credentials tells of a queue's Secrets when they changed, and nothing of what is in them",
    { timeout: 2 * MINUTE },
    async () => {
      const secret = (namespace: string, name: string) => ({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace },
        stringData: { proxy: "hush-hush" },
      });
      await api.admin.must("POST", `/api/v1/namespaces/${QUEUE}/secrets`, secret(QUEUE, "proxy-secret"));
      await api.admin.must("POST", "/api/v1/namespaces/default/secrets", secret("default", "of-another"));
      const plan = credentialInstance(monitoredSite);
      const port = await startStateMetrics(plan);
      const changed = `kube_secret_metadata_resource_version{namespace="${QUEUE}",secret="proxy-secret"}`;
      const text = await metricsWith(port, changed);
      expect(text).not.toMatch(/hush|of-another/);
      const families = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
      expect([...families].sort()).toEqual(["kube_secret_created", "kube_secret_metadata_resource_version"]);
      await api.admin.must("PATCH", `/api/v1/namespaces/${QUEUE}/secrets/proxy-secret`, {
        stringData: { proxy: "renewed" },
      });
      const valueOf = (metrics: string) =>
        metrics
          .split("\n")
          .find((line) => line.startsWith(changed))
          ?.split(" ")[1];
      await api.until("a renewed Secret in the metrics", async () => {
        return valueOf(await metricsWith(port, changed)) !== valueOf(text);
      });
      expect(readFileSync(join(folder, `${plan.name}.log`), "utf8")).not.toMatch(/forbidden|Failed to (list|watch)/i);
    },
  );
});

test("node-exporter takes its flags and listens on the machine's address alone", { timeout: MINUTE }, async () => {
  const port = await freePort();
  // What is not the machine's address here is 127.0.0.1; where the machine's root is in the container, here is no folder.
  const args = nodeExporterPod(undefined).containers[0].args.map((flag) =>
    flag
      .replace("$(HOST_IP):9100", `127.0.0.2:${port}`)
      .replace("=/host/", "=/")
      .replace(/rootfs=.*/, "rootfs=/"),
  );
  start("node-exporter", "node_exporter", args);
  const text = await metricsWith(port, "node_filesystem_avail_bytes", "127.0.0.2");
  for (const name of [
    "node_cpu_seconds_total",
    "node_memory_MemAvailable_bytes",
    "node_vmstat_oom_kill",
    "node_time_seconds",
  ]) {
    expect(text).toContain(`\n${name}`);
  }
  const failed = text.split("\n").filter((line) => /^node_scrape_collector_success\{.*\} 0$/.test(line));
  // A kernel that tests may lack these two.
  expect(failed.filter((line) => !/conntrack|pressure/.test(line))).toEqual([]);
  await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
});

test("Alertmanager's own tool finds nothing wrong with its configuration", () => {
  const file = join(folder, "alertmanager.yaml");
  writeFileSync(file, alertmanagerConfiguration(monitoredSite.monitoring as Monitoring, RECEIVERS));
  const checked = spawnSync(toolchain.binary("amtool"), ["check-config", file], { encoding: "utf8" });
  expect([checked.status, checked.stdout + checked.stderr]).toEqual([0, expect.stringContaining("SUCCESS")]);
  expect(checked.stdout).toContain("2 receivers");
});

/**
 * Traces from the real sources: an API server with a site's audit policy, kube-state-metrics as a site runs it, and a
 * Prometheus that still knows when the cluster has forgotten. Kubelet and scheduler are played.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { clusterInstance } from "../../components/monitoring/stateMetricsPod";
import { PrometheusClient } from "../../stacks/site/commands/prometheusClient";
import { traceJob } from "../../stacks/site/commands/trace";
import type { Trace } from "../../stacks/site/trace/trace";
import { Daemon, freePorts } from "../support/daemon";
import { KubeApi } from "../support/kubeApi";
import { ensureToolchain } from "../toolchain";
import { IMAGE_DIGEST, NAMESPACE, NODE, playLives, WORKERS, type PodNames } from "./tracedJobs";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), "atlas-site-trace-"));
const daemons: Daemon[] = [];
let api: KubeApi;
let prometheus: PrometheusClient;
let pods: PodNames;

/** kube-state-metrics with a site's own flags, on loopback, by a kubeconfig in place of its account. */
function stateMetricsArguments(port: number, ownPort: number): string[] {
  const flags = clusterInstance().args.filter((flag) => !/^--(telemetry-)?(host|port)=/.test(flag));
  writeFileSync(join(folder, "kubeconfig"), api.kubeconfig, { mode: 0o600 });
  const listen = [`--host=127.0.0.1`, `--port=${port}`, `--telemetry-host=127.0.0.1`, `--telemetry-port=${ownPort}`];
  return [...flags, ...listen, `--kubeconfig=${join(folder, "kubeconfig")}`];
}

function prometheusArguments(port: number, target: number): string[] {
  const job = {
    job_name: "kube-state-metrics",
    honor_labels: true,
    static_configs: [{ targets: [`127.0.0.1:${target}`] }],
  };
  const configuration = { global: { scrape_interval: "500ms", scrape_timeout: "500ms" }, scrape_configs: [job] };
  writeFileSync(join(folder, "prometheus.yaml"), stringify(configuration));
  return [
    `--config.file=${join(folder, "prometheus.yaml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
}

beforeAll(async () => {
  const toolchain = await ensureToolchain({ only: ["prometheus", "kube-state-metrics"] });
  api = await KubeApi.start();
  const [own, metrics, port] = await freePorts(3);
  const run = (name: string, args: string[]) => daemons.push(new Daemon(name, toolchain.binary(name), args, folder));
  run("kube-state-metrics", stateMetricsArguments(metrics, own));
  run("prometheus", prometheusArguments(port, metrics));
  prometheus = new PrometheusClient(`http://127.0.0.1:${port}`);
  const asked = (expression: string) => prometheus.query(expression).catch(() => []);
  await api.until("the first scrape", async () => (await asked("up == 1")).length === 1, 60);
  pods = await playLives(api);
  const killed = `kube_pod_container_status_terminated_reason{pod="${pods.outOfMemory}",reason="OOMKilled"} == 1`;
  await api.until("the pod's end in Prometheus", async () => (await asked(killed)).length === 1, 60);
  // No garbage collector is there: its part is to remove the pods of a Job that is gone.
  for (const pod of Object.values(pods)) {
    await api.admin.must("DELETE", `/api/v1/namespaces/${NAMESPACE}/pods/${pod}?gracePeriodSeconds=0`);
  }
  const left = `kube_pod_info{namespace="${NAMESPACE}"}`;
  await api.until("the pods to be forgotten", async () => (await asked(left)).length === 0, 60);
}, 60 * MINUTE);

afterAll(async () => {
  for (const daemon of daemons) {
    await daemon.stop();
  }
  await api?.close();
  removeFolder(folder);
}, MINUTE);

/** What anybody asks first. */
function gist({ outcome, pods: traced, made }: Trace): object {
  const [pod] = traced;
  const [container] = pod.containers;
  return { outcome, pod: pod.name, node: pod.node, digest: container.digest, reason: container.reason, by: made?.user };
}

describe("a Job that the cluster has forgotten", () => {
  const worker = String(WORKERS.outOfMemory);
  const known = () => ({
    outcome: "failed",
    pod: pods.outOfMemory,
    node: NODE,
    digest: IMAGE_DIGEST,
    reason: "OOMKilled",
  });

  test("is traced from Prometheus alone, but for who made it", async () => {
    const found = await traceJob(worker, { prometheus });
    expect(gist(found)).toEqual({ ...known(), by: undefined });
    expect(found.belongs).toEqual({
      workerId: WORKERS.outOfMemory,
      queue: "TEST-K8S",
      resourceType: "SCORE",
      prodSourceLabel: "unified",
    });
    expect(found.missing).toEqual([expect.stringMatching(/^who made the Job/)]);
  });

  test("is traced from the audit log alone, and says the same", async () => {
    const found = await traceJob(worker, { logs: [api.auditLog] });
    expect(gist(found)).toEqual({ ...known(), by: "atlas-site:harvester" });
    expect(found.missing).toEqual([]);
  });

  test("is traced from both: one pod, one container, who made it, who looked into it, who deleted it", async () => {
    const found = await traceJob(worker, { prometheus, logs: [api.auditLog] });
    expect(gist(found)).toEqual({ ...known(), by: "atlas-site:harvester" });
    expect([found.pods.length, found.pods[0].containers.length]).toEqual([1, 1]);
    const hands = found.touches.map(({ what, on, user }) => `${what} ${on.split(" ")[0]} by ${user}`);
    expect(hands).toEqual(
      expect.arrayContaining([
        "exec Pod by administrator",
        "delete Job by atlas-site:harvester",
        "delete Pod by administrator",
      ]),
    );
  });
});

test("an evicted Job's trace says who evicted its pod", async () => {
  const found = await traceJob(`grid-job-${WORKERS.evicted}`, { prometheus, logs: [api.auditLog] });
  expect(found.touches).toContainEqual(
    expect.objectContaining({ what: "eviction", on: `Pod ${pods.evicted}`, user: "administrator", code: 201 }),
  );
});

test("a Job that never was is not made up", async () => {
  await expect(traceJob("4713", { prometheus, logs: [api.auditLog] })).rejects.toThrow(
    "nobody knows a Job grid-job-4713",
  );
});

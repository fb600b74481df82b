/**
 * The way to the control plane's metrics, with the real programs on loopback: scheduler behind the door, etcd behind
 * kube-rbac-proxy, and a real API that says who may read. 127.0.0.1 is the machine's loopback, 127.0.0.2 its address.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  CONTROL_PLANE_METRICS,
  CONTROL_PLANE_PORTS,
  controlPlanePod,
  DOOR_FILE,
  LOOPBACK_DOOR_FILES,
} from "../../components/monitoring/controlPlane";
import { ControlPlaneMetrics } from "../../components/monitoring/ControlPlaneMetrics";
import { CLUSTER_RULES } from "../../components/monitoring/prometheusRights";
import { InfrastructureNamespace } from "../../components/kubernetes/InfrastructureNamespace";
import { record } from "../../stacks/site/offline/recorder";
import { KubeApi } from "../support/kubeApi";
import { applyDeclared } from "../support/kubeApiObjects";
import { ensureToolchain, type Toolchain } from "../toolchain";
import { freePort, scrape as scrapeOf } from "./monitoringScrape";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;
const MACHINE = "127.0.0.2";
const NAMESPACE = "watching";
/** Ports of the machine and of loopback; the real ones may be taken on the machine that tests. */
const ports: Record<"door" | "scheduler" | "guard" | "etcd" | "naive" | "mirror" | "mirrored", number> = {
  ...{ door: 0, scheduler: 0, guard: 0, etcd: 0, naive: 0, mirror: 0, mirrored: 0 },
};

let api: KubeApi;
let toolchain: Toolchain;
let folder: string;
const processes = new Map<string, ChildProcess>();
const tokens: Record<"reader" | "stranger", string> = { reader: "", stranger: "" };

/** Starts a program that ends with the test. */
function start(name: string, ...command: string[]): void {
  const output = openSync(join(folder, `${name}.log`), "w");
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...command], { stdio: ["ignore", output, output] });
  processes.set(name, child);
}

/** Tells whoever asks which token came with the question. */
const mirror = createServer((question, answer) => answer.end(question.headers.authorization ?? "no token"));

const log = (name: string) => readFileSync(join(folder, `${name}.log`), "utf8");

/** One scrape of the machine's address. */
const scrape = (port: number, token?: string, path?: string) => scrapeOf(MACHINE, port, token, path);

async function tokenOf(account: string): Promise<string> {
  const accounts = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`;
  await api.admin.must("POST", accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account } });
  return issue(account);
}

async function issue(account: string): Promise<string> {
  const path = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${account}/token`;
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } };
  return (await api.admin.must<{ status: { token: string } }>("POST", path, body)).status.token;
}

/** A kubeconfig with a token. */
function kubeconfig(name: string, token: string): string {
  const path = join(folder, `${name}.kubeconfig`);
  const cluster = { server: api.url, "certificate-authority-data": Buffer.from(api.caPem).toString("base64") };
  const text = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: name } }],
    "current-context": "test",
  };
  writeFileSync(path, JSON.stringify(text), { mode: 0o600 });
  return path;
}

/** Flags of a container of the pod, with the test's address and ports in the place of the site's. */
function flagsOf(container: string): string[] {
  const { args = [] } = controlPlanePod(undefined).containers.find(({ name }) => name === container) as {
    args?: string[];
  };
  const etcd = CONTROL_PLANE_PORTS.find(({ name }) => name === "etcd")!;
  return args.map((flag) =>
    flag
      .replace("$(HOST_IP)", MACHINE)
      .replace(`:${etcd.port}`, `:${ports.guard}`)
      .replace(`127.0.0.1:${etcd.inner}/`, `127.0.0.1:${ports.etcd}/`),
  );
}

async function startAll(): Promise<void> {
  for (const name of Object.keys(ports) as (keyof typeof ports)[]) {
    ports[name] = await freePort();
  }
  const guard = kubeconfig("guard", await issue(CONTROL_PLANE_METRICS));
  const administrator = join(folder, "administrator.kubeconfig");
  writeFileSync(administrator, api.kubeconfig, { mode: 0o600 });
  start(
    "scheduler",
    ...[toolchain.binary("kube-scheduler"), `--kubeconfig=${administrator}`, "--leader-elect=false"],
    ...[`--authentication-kubeconfig=${administrator}`, `--authorization-kubeconfig=${administrator}`],
    ...["--bind-address=127.0.0.1", `--secure-port=${ports.scheduler}`],
  );
  const door = join(folder, "door.py");
  writeFileSync(door, LOOPBACK_DOOR_FILES[DOOR_FILE]);
  start("door", "python3", "-B", "-u", door, MACHINE, `${ports.door}:${ports.scheduler}`);
  const etcd = join(folder, "etcd");
  mkdirSync(etcd, { mode: 0o700 });
  const [client, peer] = [await freePort(), await freePort()].map((port) => `http://127.0.0.1:${port}`);
  start(
    "etcd",
    ...[toolchain.binary("etcd"), `--data-dir=${etcd}`, `--listen-client-urls=${client}`],
    ...[`--advertise-client-urls=${client}`, `--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`],
    ...[`--initial-cluster=default=${peer}`, `--listen-metrics-urls=http://127.0.0.1:${ports.etcd}`],
  );
  const proxy = toolchain.binary("kube-rbac-proxy");
  start("guard", proxy, ...flagsOf("etcd-proxy"), `--kubeconfig=${guard}`);
  // What the door is there instead of.
  start(
    "naive",
    ...[proxy, `--secure-listen-address=${MACHINE}:${ports.naive}`, `--kubeconfig=${guard}`],
    ...[`--upstream=https://127.0.0.1:${ports.scheduler}/`, "--allow-paths=/metrics"],
  );
  start(
    "mirrored",
    ...[proxy, `--secure-listen-address=${MACHINE}:${ports.mirrored}`, `--kubeconfig=${guard}`],
    ...[`--upstream=http://127.0.0.1:${ports.mirror}/`, "--allow-paths=/metrics"],
  );
  mirror.listen(ports.mirror, "127.0.0.1");
}

beforeAll(async () => {
  toolchain = await ensureToolchain({ only: ["etcd", "kube-scheduler", "kube-rbac-proxy"] });
  api = await KubeApi.start();
  folder = mkdtempSync(join(tmpdir(), "atlas-site-control-plane-"));
  const { recording } = await record({}, () => {
    const { namespace } = new InfrastructureNamespace("watching", { namespace: NAMESPACE, level: "privileged" });
    new ControlPlaneMetrics("metrics", { namespace });
  });
  await applyDeclared(api.admin, recording);
  tokens.reader = await tokenOf("reader");
  tokens.stranger = await tokenOf("stranger");
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const metadata = { name: "reader" };
  await api.admin.must("POST", `${rbac}/clusterroles`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata,
    rules: CLUSTER_RULES,
  });
  await api.admin.must("POST", `${rbac}/clusterrolebindings`, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "reader" },
    subjects: [{ kind: "ServiceAccount", name: "reader", namespace: NAMESPACE }],
  });
  await startAll();
  // Both serve metrics before they have the one that is asked for: etcd's answer begins before it has elected itself.
  const shown = async (port: number, metric: string) =>
    (await scrape(port, tokens.reader).catch(() => undefined))?.text.includes(metric) ?? false;
  await api.until("the scheduler behind the door", () => shown(ports.door, "scheduler_pending_pods"), 60);
  await api.until("etcd behind its proxy", () => shown(ports.guard, "etcd_server_has_leader 1"), 60);
}, 60 * MINUTE);

afterAll(async () => {
  processes.forEach((child) => child.kill("SIGKILL"));
  mirror.close();
  await api?.close();
  removeFolder(folder);
});

describe.each(["door", "guard"] as const)("behind the %s", (way) => {
  test("metrics are for tokens that the API lets read them, and for nobody else", async () => {
    const { text } = await scrape(ports[way], tokens.reader);
    expect(text).toContain(way === "door" ? "scheduler_pending_pods" : "etcd_server_has_leader 1");
    const refused = [
      await scrape(ports[way], tokens.stranger),
      await scrape(ports[way]),
      await scrape(ports[way], "x"),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, way === "door" ? 403 : 401, 401]);
    expect(refused.map((answer) => answer.text).join()).not.toContain("# HELP");
  });

  test("nothing else is to be had with such a token", async () => {
    const paths = way === "door" ? ["/configz", "/debug/pprof/"] : ["/health", "/metrics/other", "/"];
    for (const path of paths) {
      expect([path, (await scrape(ports[way], tokens.reader, path)).status]).toEqual([
        path,
        way === "door" ? 403 : 404,
      ]);
    }
  });
});

test("the door keeps more visitors than it has room for out, and lets others in when they have gone", async () => {
  const script = [
    "import socket, sys, time",
    `sockets = [socket.create_connection(("${MACHINE}", ${ports.door})) for _ in range(40)]`,
    "for one in sockets: one.settimeout(0.05)",
    "def closed(one):",
    "    try: return one.recv(1) == b''",
    "    except TimeoutError: return False",
    "    except OSError: return True",
    "end = time.monotonic() + 30",
    "while sum(closed(one) for one in sockets) < 24 and time.monotonic() < end: pass",
    "time.sleep(0.5) # for more of them to be shut out, if there were more",
    "print(sum(closed(one) for one in sockets))",
  ].join("\n");
  const { stdout } = spawnSync("python3", ["-c", script], { encoding: "utf8" });
  expect(stdout.trim()).toBe("24");
  const letIn = async () => (await scrape(ports.door, tokens.reader).catch(() => undefined))?.status === 200;
  await api.until("the door to let somebody in again", letIn);
});

/** Why scheduler and controller-manager have a door and no proxy. If one of these fails one day, a proxy may do. */
describe("kube-rbac-proxy before a scheduler", () => {
  const answering = (name: "naive" | "mirrored") =>
    api.until(`the proxy ${name}`, async () => {
      return (await scrape(ports[name], tokens.reader).catch(() => undefined))?.status !== undefined;
    });

  test("would not trust its certificate, which nobody signed", async () => {
    await answering("naive");
    expect((await scrape(ports.naive, tokens.reader)).status).toBe(502);
    expect(log("naive")).toContain("certificate signed by unknown authority");
  });

  test("would keep the token that the scheduler asks for to itself", async () => {
    await answering("mirrored");
    expect(await scrape(ports.mirrored, tokens.reader)).toEqual({ status: 200, text: "no token" });
  });
});

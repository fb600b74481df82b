/**
 * A real Kubernetes API on loopback: etcd, kube-apiserver and the few controllers without which it is not one, of the
 * versions a site runs, with the admission configuration a site has. No node: what is created stays as it was created.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { auditPolicy } from "../../components/cluster/kubeadm/auditPolicy";
import { admissionConfig } from "../../components/cluster/kubeadm/controlPlaneFiles";
import { renderKubeconfig } from "../../components/cluster/kubeconfig";
import { makeClusterCas, signClient, type ClusterCas, type ClientIdentity } from "../../components/cluster/pki";
import { ensureToolchain } from "../toolchain";
import { serverCertificate } from "./apiServer";
import { Daemon, freePorts } from "./daemon";
import { KUBE_API_BINARIES } from "./kubeApiBinaries";
import { KubeApiClient } from "./kubeApiClient";
import { removeFolder } from "./removeFolder";

/** Group that may do everything. */
const ADMINISTRATOR: ClientIdentity = { user: "administrator", groups: ["system:masters"] };

/** What an API without nodes needs: accounts for pods, a verdict on policies, quota counts, ends of namespaces, Jobs. */
const CONTROLLERS = [
  "serviceaccount-controller",
  "validatingadmissionpolicy-status-controller",
  "resourcequota-controller",
  "namespace-controller",
  "job-controller",
];

const START_SECONDS = 120;

/** The audit log's name among the files of an API. */
const AUDIT_LOG = "audit.log";

/** Requests per second of the controller manager. */
export interface ControllerRates {
  readonly qps: number;
  readonly burst: number;
}

/** Fast enough that no test waits for it. */
const CONTROLLER_RATES: ControllerRates = { qps: 200, burst: 400 };

/** A running API. */
export class KubeApi {
  /** The administrator. */
  readonly admin: KubeApiClient;
  private readonly clients: KubeApiClient[] = [];

  private constructor(
    /** URL of the API. */
    readonly url: string,
    private readonly folder: string,
    private readonly cas: ClusterCas,
    administrator: KubeApiClient,
    private readonly processes: Daemon[],
  ) {
    this.admin = administrator;
    this.clients.push(administrator);
  }

  /**
   * Starts one; builds binaries that are missing.
   * @param more controllers beside those that every API needs
   * @param rates requests per second of the controller manager
   * @throws Error with the end of the daemons' logs when the API is not ready in time
   */
  static async start(more: readonly string[] = [], rates = CONTROLLER_RATES): Promise<KubeApi> {
    const toolchain = await ensureToolchain({ only: KUBE_API_BINARIES });
    const folder = mkdtempSync(join(tmpdir(), "atlas-site-kube-api-"));
    const cas = await makeClusterCas("test");
    const [etcdPort, peerPort, apiPort] = await freePorts(3);
    const url = `https://127.0.0.1:${apiPort}`;
    const administrator = await signClient(cas.cluster, ADMINISTRATOR);
    const client = new KubeApiClient(url, cas.cluster.certPem, administrator);
    await writeFiles(folder, cas);
    const kubeconfig = { clusterName: "test", server: url, caPem: cas.cluster.certPem, user: "administrator" };
    writeFileSync(join(folder, "kubeconfig"), renderKubeconfig({ ...kubeconfig, credential: administrator }));
    const run = (name: string, args: string[]) => new Daemon(name, toolchain.binary(name), args, folder);
    const api = new KubeApi(url, folder, cas, client, [
      run("etcd", etcdArguments(folder, etcdPort, peerPort)),
      run("kube-apiserver", apiArguments(folder, etcdPort, apiPort)),
    ]);
    try {
      await api.ready();
      api.processes.push(run("kube-controller-manager", controllerArguments(folder, more, rates)));
      await api.until("the account of namespace default", async () => {
        return (await client.call("GET", "/api/v1/namespaces/default/serviceaccounts/default")).status === 200;
      });
    } catch (error) {
      await api.close();
      throw error;
    }
    return api;
  }

  /** Path of the audit log, written under the policy of a site; the API writes each line as it answers. */
  get auditLog(): string {
    return join(this.folder, AUDIT_LOG);
  }

  /** Path of the administrator's kubeconfig. */
  get kubeconfigFile(): string {
    return join(this.folder, "kubeconfig");
  }

  /**
   * Runs another program of the control plane, which ends with the API.
   * @param files texts that its arguments name by path, by their names in the folder
   */
  run(name: string, binary: string, args: (folder: string) => string[], files: Readonly<Record<string, string>> = {}) {
    Object.entries(files).forEach(([file, text]) => writeFileSync(join(this.folder, file), text, { mode: 0o600 }));
    this.processes.push(new Daemon(name, binary, args(this.folder), this.folder));
  }

  /** Memory that each program holds now, in MiB. */
  memoryMb(): Record<string, number> {
    const resident = ({ pid }: Daemon) => /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Object.fromEntries(this.processes.map((one) => [one.name, Math.round(Number(resident(one) ?? 0) / 1024)]));
  }

  /** Certificate of the CA that the API's own is signed by. */
  get caPem(): string {
    return this.cas.cluster.certPem;
  }

  /** The administrator's kubeconfig. */
  get kubeconfig(): string {
    return readFileSync(this.kubeconfigFile, "utf8");
  }

  /** A client with a certificate of this identity. */
  async as(identity: ClientIdentity): Promise<KubeApiClient> {
    const { cluster } = this.cas;
    const client = new KubeApiClient(this.url, cluster.certPem, await signClient(cluster, identity));
    this.clients.push(client);
    return client;
  }

  /** A client with a ServiceAccount's token. */
  withToken(token: string): KubeApiClient {
    const client = new KubeApiClient(this.url, this.cas.cluster.certPem, { token });
    this.clients.push(client);
    return client;
  }

  /**
   * Looks again and again until something is so.
   * @throws Error at the deadline, or when a daemon has died, with the end of its log
   */
  async until(what: string, look: () => Promise<boolean>, seconds = 30): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(await look())) {
      const dead = this.processes.find((daemon) => !daemon.alive);
      if (dead !== undefined || Date.now() > end) {
        const logs = (dead === undefined ? this.processes : [dead]).map((daemon) => daemon.lastWords());
        const why = dead === undefined ? `not in ${seconds} s` : `${dead.name} has ended`;
        throw new Error(`waited for ${what}: ${why}\n${logs.join("\n")}`);
      }
      await sleep(100);
    }
  }

  /** Ends the processes and removes every file. */
  async close(): Promise<void> {
    this.clients.forEach((client) => client.close());
    for (const daemon of [...this.processes].reverse()) {
      await daemon.stop();
    }
    removeFolder(this.folder);
  }

  private ready(): Promise<void> {
    const look = () => this.admin.call("GET", "/readyz").catch(() => undefined);
    return this.until(`${this.url}/readyz`, async () => (await look())?.status === 200, START_SECONDS);
  }
}

async function writeFiles(folder: string, { cluster, serviceAccount }: ClusterCas): Promise<void> {
  const server = await serverCertificate(cluster);
  mkdirSync(join(folder, "etcd"), { mode: 0o700 });
  const files = {
    "ca.pem": cluster.certPem,
    "server.pem": server.certPem,
    "server-key.pem": server.keyPem,
    "accounts.pem": serviceAccount.publicPem,
    "accounts-key.pem": serviceAccount.privatePem,
    "admission.yaml": admissionConfig(),
    "audit-policy.yaml": auditPolicy(),
  };
  Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text, { mode: 0o600 }));
}

function etcdArguments(folder: string, port: number, peerPort: number): string[] {
  const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  return [
    `--data-dir=${join(folder, "etcd")}`,
    // What it keeps is worth nothing after the test.
    "--unsafe-no-fsync",
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    "--log-level=warn",
  ];
}

function apiArguments(folder: string, etcdPort: number, port: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    // It has no endpoint that anybody else could reach.
    "--endpoint-reconciler-type=none",
    `--secure-port=${port}`,
    `--tls-cert-file=${join(folder, "server.pem")}`,
    `--tls-private-key-file=${join(folder, "server-key.pem")}`,
    `--client-ca-file=${join(folder, "ca.pem")}`,
    "--anonymous-auth=false",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${join(folder, "accounts.pem")}`,
    `--service-account-signing-key-file=${join(folder, "accounts-key.pem")}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    `--admission-control-config-file=${join(folder, "admission.yaml")}`,
    `--audit-policy-file=${join(folder, "audit-policy.yaml")}`,
    `--audit-log-path=${join(folder, AUDIT_LOG)}`,
    // As kubeadm has it; else the API refuses by itself what the site's rules are there for.
    "--allow-privileged=true",
    "--profiling=false",
  ];
}

function controllerArguments(folder: string, more: readonly string[], { qps, burst }: ControllerRates): string[] {
  return [
    `--kubeconfig=${join(folder, "kubeconfig")}`,
    `--controllers=${[...CONTROLLERS, ...more].join(",")}`,
    `--service-account-private-key-file=${join(folder, "accounts-key.pem")}`,
    // As kubeadm has it: each comes under its own name, with its own rights.
    "--use-service-account-credentials=true",
    "--leader-elect=false",
    "--secure-port=0",
    `--kube-api-qps=${qps}`,
    `--kube-api-burst=${burst}`,
  ];
}

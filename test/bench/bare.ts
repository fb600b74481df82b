/** A cluster by hand on the lab's machines: what a good administrator would type, scripted; nothing of the program in it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { versions } from "../../versions";
import type { Lab } from "../lab/lab";
import { KubeView } from "../lab/site/kubeView";
import type { LabStack } from "../lab/site/labStack";
import { machineFile } from "../lab/site/machineFiles";
import { JOBS_PRIORITY } from "../../components/security/names";
import { pilotFor, submitJob } from "../lab/site/mainJob";

const CLOUD = resolve(__dirname, "bare_machines.py");
const TOKEN = "abcdef.0123456789abcdef";
const CONTROL = "10.64.0.17";
const WORKERS = ["10.64.1.1", "10.64.1.2"];
/** How long the cluster by hand may take until its API answers, in milliseconds. */
const DEADLINE_MS = 240_000;

/** flannel as it ran in our cluster, as a list `kubectl apply` takes, so that both clusters have the same pod network. */
export async function flannelObjects(lab: Lab, stack: LabStack): Promise<string> {
  const view = new KubeView(lab, stack.toolchain, (await stack.writeKubeconfigs()).administrator);
  const get = async (...what: string[]) => JSON.parse(await view.kubectl("get", ...what, "-o", "json")) as KubeObject;
  const inNamespace = ["-n", "kube-flannel"];
  const objects = [
    await get("namespace", "kube-flannel"),
    await get("serviceaccount", "flannel", ...inNamespace),
    await get("clusterrole", "flannel"),
    await get("clusterrolebinding", "flannel"),
    await get("role", "flannel", ...inNamespace),
    await get("rolebinding", "flannel", ...inNamespace),
    await get("configmap", "flannel", ...inNamespace),
    await get("daemonset", "flannel", ...inNamespace),
  ];
  for (const object of objects) {
    const { name, namespace, labels } = object.metadata;
    object.metadata = { name, namespace, labels };
    delete object.status;
  }
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
}

interface KubeObject {
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  status?: unknown;
}

/** Makes the machines and the cluster, runs the job, and says when it had ended (milliseconds since the epoch). */
export async function runBare(
  lab: Lab,
  stack: LabStack,
  flannel: string,
  log: (line: string) => void,
): Promise<number> {
  const machines = [
    { name: "bare-control-0", flavor: "m1.control", address: CONTROL, userData: bootText(initText()) },
    ...WORKERS.map((address, index) => {
      return { name: `bare-batch-${index}`, flavor: "m1.batch", address, userData: bootText(joinText()) };
    }),
  ];
  await cloud(lab, ["create"], JSON.stringify(machines));
  const kubeconfig = join(lab.stateDir, "bare-admin.yaml");
  const view = new KubeView(lab, stack.toolchain, kubeconfig);
  const manifest = join(lab.stateDir, "bare-flannel.json");
  writeFileSync(manifest, flannel);
  await until("the bare cluster's API", async () => {
    writeFileSync(kubeconfig, readFileSync(machineFile(lab, "bare-control-0", "/etc/kubernetes/admin.conf")), {
      mode: 0o600,
    });
    await view.kubectl("apply", "--server-side", "-f", manifest);
  });
  log("bare: API up, flannel applied");
  // The same pilot, without what only the site's program brings: pools, CVMFS. Of its priority class only the name is needed.
  const job = pilotFor(stack, undefined, (site) => ({ ...site, cloud: undefined, cvmfs: { mode: "none" } }));
  await view.kubectl("create", "priorityclass", JOBS_PRIORITY, "--value=0");
  await view.kubectl("create", "namespace", job.namespace);
  await view.kubectl("wait", "--for=create", "-n", job.namespace, "serviceaccount/default", "--timeout=30s");
  const report = await submitJob(lab, kubeconfig, job);
  if (!report.succeeded) {
    throw new Error(`the job on the bare cluster failed: ${report.reason}`);
  }
  return Date.now();
}

/** Removes everything the bare run made in the cloud. */
export async function destroyBare(lab: Lab): Promise<void> {
  await cloud(lab, ["destroy"]);
}

async function cloud(lab: Lab, args: string[], input?: string): Promise<void> {
  const done = await lab.exec("/usr/bin/python3", [CLOUD, ...args], {
    env: lab.cloudEnvironment,
    input,
    timeoutMs: 300_000,
  });
  if (done.code !== 0) {
    throw new Error(`bare machines: ${args.join(" ")}: exit ${done.code}\n${done.stderr}`);
  }
}

async function until(what: string, attempt: () => Promise<void>): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) {
        throw new Error(`${what} did not come within ${DEADLINE_MS / 1000} s: ${(error as Error).message}`);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function bootText(script: string): string {
  const indented = script.replace(/^/gm, "    ");
  return `#cloud-config
manage_etc_hosts: localhost
write_files:
- path: /root/by-hand.sh
  permissions: "0755"
  content: |
${indented}
runcmd:
- [/root/by-hand.sh]
`;
}

const NODE_SETUP = `#!/bin/bash
sysctl -qw net.ipv4.ip_forward=1
mkdir -p /etc/containerd /etc/kubernetes/patches
cat > /etc/containerd/config.toml <<'X'
version = 3
imports = ["/etc/containerd/conf.d/*.toml"]
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${versions.images.pause}"
X
systemctl enable --now containerd
systemctl enable kubelet
ignored=$(cat /etc/kubernetes/preflight-ignored 2>/dev/null)
`;

function initText(): string {
  return `${NODE_SETUP}
cat > /root/init.yaml <<'X'
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
bootstrapTokens: [{ token: ${TOKEN} }]
localAPIEndpoint: { advertiseAddress: ${CONTROL} }
nodeRegistration: { criSocket: "unix:///run/containerd/containerd.sock" }
patches: { directory: /etc/kubernetes/patches }
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v${versions.kubernetes}
networking: { podSubnet: 10.244.0.0/16 }
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
conntrack: { maxPerCore: 0, min: 0 }
X
kubeadm init --config /root/init.yaml --ignore-preflight-errors="$ignored" > /var/log/by-hand.log 2>&1
`;
}

function joinText(): string {
  return `${NODE_SETUP}
cat > /root/join.yaml <<'X'
apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
discovery: { bootstrapToken: { token: ${TOKEN}, apiServerEndpoint: "${CONTROL}:6443", unsafeSkipCAVerification: true } }
nodeRegistration: { criSocket: "unix:///run/containerd/containerd.sock" }
patches: { directory: /etc/kubernetes/patches }
X
until curl -skf --max-time 3 -o /dev/null https://${CONTROL}:6443/readyz; do sleep 1; done
until kubeadm join --config /root/join.yaml --ignore-preflight-errors="$ignored" > /var/log/by-hand.log 2>&1; do
  kubeadm reset --force; sleep 2
done
`;
}

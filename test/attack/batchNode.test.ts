/**
 * A batch node in an attacker's hands, on a real API server with everything that the lab's site declares: the kubelet's
 * certificate, and the token of each ServiceAccount whose pods run there, as the kubelet gets it. Every request of the table
 * in `shapes/nodeRequests.ts` is tried by each, as a dry run; prints the matrix.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KubeApi } from "../support/kubeApi";
import type { KubeApiClient } from "../support/kubeApiClient";
import { applyDeclared } from "../support/kubeApiObjects";
import { runProgram } from "../support/program";
import { batchAccounts } from "./batchAccounts";
import { KUBELET, NEIGHBOUR, nodeRequests, SERVICES, TAKEN } from "./shapes/nodeRequests";

const MINUTE = 60_000;
/** Taint and labels of the lab's pools, and the addresses of its machines, as its stack file has them. */
const NODES: Record<string, { pool: string; address: string; taints: object[] }> = {
  [TAKEN]: { pool: "batch", address: "", taints: [{ key: "site/cvmfs-unready", effect: "NoSchedule" }] },
  [NEIGHBOUR]: { pool: "batch", address: "", taints: [{ key: "site/cvmfs-unready", effect: "NoSchedule" }] },
  [SERVICES]: { pool: "services", address: "", taints: [] },
};

const KUBE_PROXY = {
  namespace: "kube-system",
  account: "kube-proxy",
  pod: { serviceAccountName: "kube-proxy", containers: [{ name: "kube-proxy", image: "i" }] },
};

let api: KubeApi;
const attackers = new Map<string, KubeApiClient>();
const tokenless: string[] = [];
const verdicts = new Map<string, string>();

const nodeObject = (name: string) => ({
  metadata: { name, labels: { "atlas-site/pool": NODES[name].pool, "atlas-site/role": NODES[name].pool } },
  spec: { taints: NODES[name].taints },
});
const asNode = (name: string) => api.as({ user: `system:node:${name}`, groups: ["system:nodes"] });

beforeAll(async () => {
  const { recording } = await runProgram("lab");
  for (const { inputs } of recording.ofType("openstack:networking/port:Port")) {
    const known = NODES[String(inputs.name)];
    if (known !== undefined) known.address = (inputs.fixedIps as { ipAddress: string }[])[0].ipAddress;
  }
  api = await KubeApi.start();
  const objects = await applyDeclared(api.admin, recording);
  for (const name of Object.keys(NODES)) {
    const kubelet = await asNode(name);
    // The node policy is in force once it refuses what RBAC alone would let pass.
    await api.until(`the node policy to hold for ${name}`, async () => {
      const wrong = { ...nodeObject(name), spec: { podCIDR: "10.244.7.0/24", taints: NODES[name].taints } };
      return (await kubelet.call("POST", "/api/v1/nodes?dryRun=All", wrong)).text.includes(
        "choose its pods' addresses",
      );
    });
    await kubelet.must("POST", "/api/v1/nodes", nodeObject(name));
    await kubelet.must("PATCH", `/api/v1/nodes/${name}/status`, {
      status: {
        addresses: [
          { type: "InternalIP", address: NODES[name].address },
          { type: "Hostname", address: name },
        ],
      },
    });
    await api.admin.must("PATCH", `/api/v1/nodes/${name}/status`, {
      metadata: {
        annotations: {
          "flannel.alpha.coreos.com/public-ip": NODES[name].address,
          "flannel.alpha.coreos.com/backend-data": `{"VNI":1,"VtepMAC":"02:00:00:00:00:0${Object.keys(NODES).indexOf(name)}"}`,
        },
      },
    });
  }
  await podsOfServices();
  attackers.set(KUBELET, await asNode(TAKEN));
  await kubeProxy();
  for (const { namespace, account, pod } of [...batchAccounts(objects), KUBE_PROXY]) {
    const token = await tokenOnNode(namespace, account, pod);
    if (token === undefined) tokenless.push(`${namespace}/${account}`);
    else attackers.set(`${namespace}/${account}`, api.withToken(token));
  }
  // Bindings of admission policies hold a moment after they were made.
  await api.until("flannel's policy to hold", async () => {
    const forged = { metadata: { labels: { "example/x": "y" } } };
    const answer = await attackers
      .get("kube-flannel/flannel")!
      .call("PATCH", `/api/v1/nodes/${TAKEN}/status?dryRun=All`, forged);
    return answer.text.includes("atlas-site-flannel");
  });
}, 60 * MINUTE);

afterAll(async () => {
  const names = [...attackers.keys()];
  const row = (first: string, cells: readonly string[]) =>
    [first.padEnd(52), ...cells.map((cell, i) => cell.padEnd(names[i].length))].join("  ");
  console.log(
    [
      row("", names),
      ...nodeRequests.map(({ about }) =>
        row(
          about,
          names.map((name) => verdicts.get(`${name} ${about}`) ?? ""),
        ),
      ),
    ].join("\n"),
  );
  await api?.close();
});

/** kube-proxy's account, as kubeadm makes it. */
async function kubeProxy(): Promise<void> {
  const { namespace, account } = KUBE_PROXY;
  await api.admin.must("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: account } });
  await api.admin.must("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    metadata: { name: "kubeadm:node-proxier" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:node-proxier" },
    subjects: [{ kind: "ServiceAccount", name: account, namespace }],
  });
}

/** A pod on the machine of the services, with a Secret of its own. */
async function podsOfServices(): Promise<void> {
  const place = "/api/v1/namespaces/atlas-site-monitoring";
  await api.admin.must("POST", `${place}/secrets`, { metadata: { name: "services-only" } });
  await api.admin.must("POST", `${place}/pods`, {
    metadata: { name: "of-services" },
    spec: {
      nodeName: SERVICES,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "c",
          image: "i",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
      volumes: [{ name: "secret", secret: { secretName: "services-only" } }],
    },
  });
}

/**
 * Token of an account, asked for by the node itself, bound to a pod of the account on it: what root on the node can do.
 * Undefined where the API refuses: a node gets no token for a pod that mounts none.
 */
async function tokenOnNode(namespace: string, account: string, spec: object): Promise<string | undefined> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const pod = { metadata: { name: `${account}-on-${TAKEN}` }, spec: { ...spec, nodeName: TAKEN } };
  const { metadata } = await api.admin.must<{ metadata: { name: string; uid: string } }>("POST", pods, pod);
  const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: metadata.name, uid: metadata.uid };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const kubelet = await asNode(TAKEN);
  let token: string | undefined;
  await api.until(`the answer to the node that asks for a token of ${account}`, async () => {
    const { status, text } = await kubelet.call("POST", path, { spec: { boundObjectRef } });
    if (status === 201) token = (JSON.parse(text) as { status: { token: string } }).status.token;
    // The node authorizer needs a moment to learn of the pod; then it is admission that refuses.
    return token !== undefined || text.includes("audience");
  });
  return token;
}

describe("a batch node in an attacker's hands", () => {
  test("has accounts whose rights are tried: every DaemonSet of the site that runs on batch nodes", () => {
    expect([...attackers.keys()].sort()).toEqual([
      "atlas-site-cvmfs/cvmfs-probe",
      "kube-flannel/flannel",
      "kube-system/kube-proxy",
      "kube-system/kube-router",
      "node",
    ]);
    // Their pods mount no token, so a node gets none for them.
    expect(tokenless.sort()).toEqual(["atlas-site-logs/log-shipper", "atlas-site-node-metrics/node-exporter"]);
  });

  test.each(nodeRequests)(
    "$about: only who the table names may",
    async ({ about, method, path, body, allowed = [] }) => {
      const found: string[] = [];
      for (const [name, client] of attackers) {
        const dry = method === "GET" ? path : `${path}${path.includes("?") ? "&" : "?"}dryRun=All`;
        const { status, text } = await client.call(method, dry, body);
        // Anything but a refusal counts as getting through, 404 and 409 too.
        const refused = status === 403 || (status === 422 && text.includes("ValidatingAdmissionPolicy"));
        verdicts.set(`${name} ${about}`, refused ? "-" : String(status));
        if (!refused) found.push(name);
      }
      expect(found.sort()).toEqual([...allowed].sort());
    },
  );
});

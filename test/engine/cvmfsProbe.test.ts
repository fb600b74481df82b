/**
 * What the probe may do in a real API: the declared objects, a token bound to a pod on a node as the kubelet would mount
 * it, and the program's own part that talks to the API. Node and pod are objects only.
 */
import { clientSite } from "../support/componentArgs";
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CvmfsProbe } from "../../components/cvmfs/CvmfsProbe";
import { CVMFS_NAMESPACE, UNREADY_TAINT } from "../../components/cvmfs/names";
import { probeFiles } from "../../components/cvmfs/probeProgram";
import { PROBE } from "../../components/cvmfs/probeRights";
import { InfrastructureNamespace } from "../../components/kubernetes/InfrastructureNamespace";
import { record } from "../../stacks/site/offline/recorder";
import { KubeApi } from "../support/kubeApi";
import { applyDeclared } from "../support/kubeApiObjects";
import { cvmfsSite } from "../unit/cvmfs/cvmfsSites";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;
const OTHER = { key: "site.example/other", value: "by-hand", effect: "NoSchedule" };
const OWN_NODE = "batch-0";
const STRANGE_NODE = "batch-1";

interface Node {
  metadata: { resourceVersion: string; labels: Record<string, string> };
  spec: { taints?: { key: string }[]; unschedulable?: boolean };
}

let api: KubeApi;
let token: string;
let folder: string;

const nodePath = (name: string) => `/api/v1/nodes/${name}`;
const taintsOf = async (name: string) =>
  ((await api.admin.must<Node>("GET", nodePath(name))).spec.taints ?? []).map(({ key }) => key);

/** A call with the probe's token. */
function asProbe(method: string, path: string, change?: object): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/merge-patch+json" };
  return new Promise((resolve, reject) => {
    request(new URL(path, api.url), { method, ca: api.caPem, headers, agent: false, timeout: 20_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on("error", reject)
      .end(change === undefined ? undefined : JSON.stringify(change));
  });
}

/** The program's class for the node, told to settle its taint; its verdict and what it said. */
function settle(tainted: boolean): string {
  const program = [
    "import node_taint, sys",
    `node = node_taint.Node("${OWN_NODE}", ${JSON.stringify(UNREADY_TAINT)}, print, sys.argv[1])`,
    `print(node.settle(${tainted ? "True" : "False"}))`,
  ];
  const { hostname, port } = new URL(api.url);
  const done = spawnSync("python3", ["-B", "-c", program.join("\n"), folder], {
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: folder,
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
    },
  });
  return done.stdout + done.stderr;
}

beforeAll(async () => {
  api = await KubeApi.start();
  const { recording } = await record({}, () => {
    new InfrastructureNamespace("cvmfs", { namespace: CVMFS_NAMESPACE, level: "privileged" });
    new CvmfsProbe("probe", clientSite(cvmfsSite({ mode: "host" })));
  });
  const objects = await applyDeclared(api.admin, recording);
  for (const name of [OWN_NODE, STRANGE_NODE]) {
    await api.admin.must("POST", "/api/v1/nodes", { metadata: { name }, spec: { taints: [OTHER, UNREADY_TAINT] } });
  }
  const daemon = objects.find(({ kind }) => kind === "DaemonSet") as unknown as {
    spec: { template: { metadata: object; spec: object } };
  };
  const { metadata, spec } = daemon.spec.template;
  const pods = `/api/v1/namespaces/${CVMFS_NAMESPACE}/pods`;
  const pod = { metadata: { ...metadata, name: "probe-of-batch-0" }, spec: { ...spec, nodeName: OWN_NODE } };
  const { uid } = (await api.admin.must<{ metadata: { uid: string } }>("POST", pods, pod)).metadata;
  const bound = { apiVersion: "v1", kind: "Pod", name: "probe-of-batch-0", uid };
  const account = `/api/v1/namespaces/${CVMFS_NAMESPACE}/serviceaccounts/${PROBE}`;
  const asked = { spec: { audiences: null, expirationSeconds: 3600, boundObjectRef: bound } };
  token = (await api.admin.must<{ status: { token: string } }>("POST", `${account}/token`, asked)).status.token;
  folder = mkdtempSync(join(tmpdir(), "probe-"));
  for (const [name, text] of Object.entries(probeFiles())) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "token"), token);
  writeFileSync(join(folder, "ca.crt"), api.caPem);
  // Rights and a policy hold a moment after they were made; without the rights the answer would be 403, too.
  await api.until("the rights and the policy to hold", async () => {
    const { text } = await asProbe("PATCH", nodePath(STRANGE_NODE), { metadata: { labels: { tried: "yes" } } });
    return text.includes("ValidatingAdmissionPolicy");
  });
  await api.admin.must("PATCH", nodePath(STRANGE_NODE), { metadata: { labels: null } });
}, 60 * MINUTE);

afterAll(async () => {
  await api?.close();
  if (folder !== undefined) removeFolder(folder);
});

beforeEach(async () => {
  for (const name of [OWN_NODE, STRANGE_NODE]) {
    const { metadata } = await api.admin.must<Node>("GET", nodePath(name));
    await api.admin.must("PUT", nodePath(name), {
      metadata: { name, resourceVersion: metadata.resourceVersion, labels: metadata.labels },
      spec: { taints: [OTHER, UNREADY_TAINT] },
    });
  }
});

describe("the probe on its node", () => {
  test("lifts and sets its taint by its own program, and keeps the others", async () => {
    expect(settle(false)).toBe(`node ${OWN_NODE}: free of the taint\nTrue\n`);
    expect(await taintsOf(OWN_NODE)).toEqual([OTHER.key]);
    expect(settle(true)).toBe(`node ${OWN_NODE}: TAINTED\nTrue\n`);
    expect(await taintsOf(OWN_NODE)).toEqual([OTHER.key, UNREADY_TAINT.key]);
    expect(settle(true)).toBe("True\n");
  });

  const refused: [string, string, object, RegExp][] = [
    ["any change of another node", STRANGE_NODE, { spec: { taints: [OTHER] } }, /only the node it runs on/],
    ["loss of another's taint", OWN_NODE, { spec: { taints: [UNREADY_TAINT] } }, /no taint but site\/cvmfs-unready/],
    [
      "a taint of another key",
      OWN_NODE,
      { spec: { taints: [OTHER, UNREADY_TAINT, { key: "site.example/new", effect: "NoSchedule" }] } },
      /no taint but site\/cvmfs-unready/,
    ],
    [
      "its own taint with an effect that ends pods",
      OWN_NODE,
      { spec: { taints: [OTHER, { key: UNREADY_TAINT.key, effect: "NoExecute" }] } },
      /with the effect NoSchedule only/,
    ],
    ["cordoning", OWN_NODE, { spec: { unschedulable: true } }, /spec\.unschedulable/],
    ["a label", OWN_NODE, { metadata: { labels: { "atlas-site/role": "control-plane" } } }, /metadata\.labels/],
    ["an annotation", OWN_NODE, { metadata: { annotations: { any: "thing" } } }, /metadata\.annotations/],
    ["a finalizer", OWN_NODE, { metadata: { finalizers: ["site.example/stay"] } }, /metadata\.finalizers/],
    ["a provider's id", OWN_NODE, { spec: { providerID: "somewhere" } }, /spec\.providerID/],
  ];
  test.each(refused)("is refused %s", async (_, node, change, words) => {
    const before = await taintsOf(node);
    const answer = await asProbe("PATCH", nodePath(node), change);
    expect(answer.status).toBe(403);
    expect((JSON.parse(answer.text) as { message: string }).message).toMatch(words);
    expect(await taintsOf(node)).toEqual(before);
  });

  test.each([
    ["list nodes", "GET", "/api/v1/nodes"],
    ["delete its node", "DELETE", nodePath(OWN_NODE)],
    ["replace its node", "PUT", nodePath(OWN_NODE)],
    ["write its node's status", "PATCH", `${nodePath(OWN_NODE)}/status`],
    ["read pods", "GET", `/api/v1/namespaces/${CVMFS_NAMESPACE}/pods`],
    ["read secrets", "GET", `/api/v1/namespaces/${CVMFS_NAMESPACE}/secrets`],
  ])("has no right to %s", async (_, method, path) => {
    const body = method === "GET" || method === "DELETE" ? undefined : {};
    const { status, text } = await asProbe(method, path, body);
    // By its rights, not by the policy.
    expect([status, text]).toEqual([403, expect.stringContaining(" cannot ")]);
  });

  test("is bound by rules that bind nobody else: an administrator cordons and labels", async () => {
    await api.admin.must("PATCH", nodePath(OWN_NODE), {
      spec: { unschedulable: true },
      metadata: { labels: { by: "hand" } },
    });
    const node = await api.admin.must<Node>("GET", nodePath(OWN_NODE));
    expect([node.spec.unschedulable, node.metadata.labels.by]).toEqual([true, "hand"]);
  });
});

test("the API finds nothing to warn of in the policy's expressions", async () => {
  const path = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/atlas-site-${PROBE}`;
  interface Checked {
    metadata: { generation: number };
    status?: { observedGeneration?: number; typeChecking?: { expressionWarnings?: object[] } };
  }
  let policy: Checked | undefined;
  await api.until("the policy's check", async () => {
    policy = await api.admin.must<Checked>("GET", path);
    return policy.status?.observedGeneration === policy.metadata.generation;
  });
  expect(policy?.status?.typeChecking?.expressionWarnings ?? []).toEqual([]);
});

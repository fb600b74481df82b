import { createServer } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { waitForApi, type ApiProbe } from "../../../components/cluster/apiReady";
import { makeClusterCas, signClient, type ClusterCas, type KeyPair } from "../../../components/cluster/pki";
import { startApi, type ApiStandIn } from "../../support/apiServer";

let cas: ClusterCas;
let others: ClusterCas;
let administrator: KeyPair;
const running: ApiStandIn[] = [];

beforeAll(async () => {
  [cas, others] = await Promise.all([makeClusterCas("ours"), makeClusterCas("theirs")]);
  administrator = await signClient(cas.cluster, { user: "atlas-site:administrator", groups: [] });
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((api) => api.close()));
});

async function api(ca: KeyPair, statusOf: (request: number) => number): Promise<ApiStandIn> {
  const started = await startApi(ca, statusOf);
  running.push(started);
  return started;
}

function probe(server: string, deadlineMs: number): ApiProbe {
  const machines = ["lab-control-0", "lab-control-1"];
  return { server, caPem: cas.cluster.certPem, credential: administrator, deadlineMs, machines };
}

describe("waiting for the API", () => {
  test("asks as the administrator, again and again, until kubeadm's configuration is there", async () => {
    const answers = [503, 403, 404];
    const server = await api(cas.cluster, (request) => answers[request - 1] ?? 200);
    await waitForApi(probe(server.url, 20_000));
    expect(server.seen).toHaveLength(4);
    for (const { path, user } of server.seen) {
      expect(path).toBe("/api/v1/namespaces/kube-system/configmaps/kubeadm-config");
      expect(user).toBe("atlas-site:administrator");
    }
  });

  test("waits for a server that is not there yet", async () => {
    const later = await api(cas.cluster, () => 200);
    const port = Number(new URL(later.url).port);
    await later.close();
    running.pop();
    const waiting = waitForApi(probe(later.url, 20_000));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const again = await startApi(cas.cluster, () => 200, port);
    running.push(again);
    await waiting;
    expect(again.seen).toHaveLength(1);
  });

  test("never takes an API that another CA signed, nor tells it who the administrator is", async () => {
    const impostor = await api(others.cluster, () => 200);
    await expect(waitForApi(probe(impostor.url, 700))).rejects.toThrow(/last answer: .*(certificate|signature)/);
    expect(impostor.seen).toEqual([]);
  });

  test("at the deadline tells the server, its last answer, where the machines speak, and what to do", async () => {
    const server = await api(cas.cluster, () => 503);
    const error: unknown = await waitForApi(probe(server.url, 700)).catch((caught: unknown) => caught);
    const { message } = error as Error;
    expect(message).toContain(`The Kubernetes API at ${server.url} did not become ready`);
    expect(message).toContain("(last answer: 503)");
    expect(message).toContain("openstack console log show lab-control-0; openstack console log show lab-control-1");
    expect(message).toContain("apiDeadlineMinutes");
    expect(message).not.toContain("PRIVATE KEY");
  });

  test("does not hang on a server that accepts and never answers", async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as { port: number };
    const started = Date.now();
    await expect(waitForApi(probe(`https://127.0.0.1:${port}`, 100))).rejects.toThrow(/last answer: no answer in 4 s/);
    expect(Date.now() - started).toBeLessThan(7_500);
    mute.close();
  });
});

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { contextName, renderKubeconfig } from "../../../components/cluster/kubeconfig";
import { texts } from "../../../stacks/site/offline/properties";
import { FAKE_AUTHORITIES } from "../../support/clusterParts";

const parts = {
  clusterName: "uvic",
  server: "https://203.0.113.7:6443",
  caPem: FAKE_AUTHORITIES.cluster.certPem,
  user: "harvester",
  credential: FAKE_AUTHORITIES.etcd,
};

interface Kubeconfig {
  "current-context": string;
  clusters: { name: string; cluster: Record<string, string> }[];
  users: { name: string; user: Record<string, string> }[];
  contexts: { name: string; context: Record<string, string> }[];
}

function read(more: { namespace?: string } = {}): Kubeconfig {
  return parse(renderKubeconfig({ ...parts, ...more })) as Kubeconfig;
}

describe("a kubeconfig", () => {
  test("has one cluster, one user, and one context that is the current one", () => {
    const { clusters, users, contexts, "current-context": current } = read();
    expect([clusters.length, users.length, contexts.length]).toEqual([1, 1, 1]);
    expect(current).toBe("harvester@uvic");
    expect(contextName(parts)).toBe(current);
    expect(contexts[0]).toEqual({ name: current, context: { cluster: "uvic", user: "harvester" } });
    expect([clusters[0].name, users[0].name]).toEqual(["uvic", "harvester"]);
  });

  test("carries CA, certificate and key inside it and names no file", () => {
    const file = read();
    const decode = (text: string) => Buffer.from(text, "base64").toString();
    const { "certificate-authority-data": ca, server, ...rest } = file.clusters[0].cluster;
    expect([decode(ca), server, rest]).toEqual([parts.caPem, parts.server, {}]);
    const { "client-certificate-data": certificate, "client-key-data": key, ...others } = file.users[0].user;
    expect([decode(certificate), decode(key), others]).toEqual([parts.credential.certPem, parts.credential.keyPem, {}]);
    expect(texts(file).filter((text) => text.startsWith("/"))).toEqual([]);
  });

  test("has the queue's namespace as default where one is given", () => {
    expect(read({ namespace: "harvester" }).contexts[0].context.namespace).toBe("harvester");
    expect(read().contexts[0].context).not.toHaveProperty("namespace");
  });
});

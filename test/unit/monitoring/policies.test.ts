/** Whom the pods of monitoring may talk to. */
import { runProgram } from "../../support/program";
import { cvmfsArgs, monitored, squidOf } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { squidPolicy } from "../../../components/cvmfs/squidPolicy";
import { monitoringPolicies, scrapePolicies } from "../../../components/monitoring/monitoringPolicies";
import type { NetworkPolicySpec, PolicyPeer } from "../../../components/kubernetes/networkPolicy";
import type { Site } from "../../../stacks/site/site";
import { guestSite, WATCHED_MORE, monitoredSite } from "./monitoredSites";

function peerText(peer: PolicyPeer): string {
  if ("ipBlock" in peer) {
    const { cidr, except } = peer.ipBlock;
    return except === undefined ? cidr : `${cidr} but ${except.length} networks`;
  }
  const namespace = Object.values(peer.namespaceSelector?.matchLabels ?? { own: "own" })[0];
  return `${namespace}/${Object.values(peer.podSelector?.matchLabels ?? { all: "*" })[0]}`;
}

const ports = (list: readonly { port: number }[] = []) => list.map(({ port }) => port).join(" ");
const out = ({ egress = [] }: NetworkPolicySpec) =>
  egress.map((rule) => `${rule.to.map(peerText).join(", ")}: ${ports(rule.ports)}`);
const into = ({ ingress = [] }: NetworkPolicySpec) =>
  ingress.map((rule) => `${rule.from.map(peerText).join(", ")}: ${ports(rule.ports)}`);

const DNS = "kube-system/kube-dns: 53 53";
const API = "10.64.0.16/28, 10.96.0.0/16: 443 6443";

describe("Prometheus", () => {
  test("reaches its targets, names and the API, and nothing else", () => {
    const { prometheus } = monitoringPolicies(monitored(monitoredSite({}, WATCHED_MORE)));
    expect(prometheus.policyTypes).toEqual(["Ingress", "Egress"]);
    expect(out(prometheus)).toEqual([
      DNS,
      API,
      "atlas-site-monitoring/alertmanager: 9093",
      "atlas-site-monitoring/kube-state-metrics: 8080",
      "atlas-site-monitoring/credential-metrics: 8080",
      "kube-system/kube-dns: 9153",
      "atlas-site-cvmfs/cvmfs-probe: 9102",
      "atlas-site-squid/squid: 9301",
      "atlas-site-logs/log-shipper: 8888",
      "10.64.0.0/22: 9100 10250 11257 11259 11381",
    ]);
  });

  test("in a cluster of another's reaches machines wherever they are, at two ports", () => {
    const rules = out(monitoringPolicies(monitored(guestSite())).prometheus);
    expect(rules.at(-1)).toBe("0.0.0.0/0: 9100 10250");
    expect(rules).toContain("0.0.0.0/0: 443 6443");
  });

  test("answers Grafana and accounting where there are any", () => {
    expect(into(monitoringPolicies(monitored(monitoredSite())).prometheus)).toEqual([]);
    expect(into(monitoringPolicies(monitored(monitoredSite({ grafana: {} }, WATCHED_MORE))).prometheus)).toEqual([
      "own/grafana, atlas-site-accounting/*: 9090",
    ]);
  });
});

describe("the others", () => {
  test("answer Prometheus alone", () => {
    const { prometheus, ...others } = monitoringPolicies(monitored(monitoredSite()));
    expect(prometheus).toBeDefined();
    expect(Object.entries(others).map(([name, spec]) => [name, into(spec)])).toEqual([
      ["alertmanager", ["own/prometheus: 9093"]],
      ["kube-state-metrics", ["own/prometheus: 8080"]],
      ["credential-metrics", ["own/prometheus: 8080"]],
    ]);
    expect(out(others["kube-state-metrics"])).toEqual([API]);
    expect(out(others["credential-metrics"])).toEqual([API]);
  });

  test("of which Alertmanager reaches receivers out in the world, if there are any, and no network of the site's", () => {
    expect(out(monitoringPolicies(monitored(monitoredSite())).alertmanager)).toEqual([]);
    const { alertmanager } = monitoringPolicies(monitored(monitoredSite({ routes: [{ receiver: "pager" }] })));
    expect(out(alertmanager)).toEqual([DNS, "0.0.0.0/0 but 5 networks: 443 25 465 587"]);
    const peer = alertmanager.egress?.[1].to[0] as { ipBlock: { except: string[] } };
    expect(peer.ipBlock.except).toEqual(expect.arrayContaining(["10.64.0.0/22", "169.254.0.0/16"]));
  });
});

describe("namespaces that deny ingress by default", () => {
  const allowed = (site: Site) =>
    scrapePolicies(monitored(site)).map(({ namespace, spec }) => {
      return `${namespace}/${Object.values(spec.podSelector.matchLabels ?? {})[0]} from ${into(spec).join()}`;
    });

  test("let Prometheus to the metrics of their pods, and Prometheus alone", () => {
    const squid = "atlas-site-squid/squid from atlas-site-monitoring/prometheus: 9301";
    expect(allowed(monitoredSite())).toEqual([squid]);
    expect(allowed(monitoredSite({}, WATCHED_MORE))).toEqual([
      squid,
      "atlas-site-logs/log-shipper from atlas-site-monitoring/prometheus: 8888",
    ]);
  });

  test("are opened to Prometheus by no policy of their own, and not at all where the site is not monitored", async () => {
    expect(into(squidPolicy(cvmfsArgs(monitoredSite()), squidOf(monitoredSite()))).join()).not.toContain("9301");
    const { recording } = await runProgram("hostCvmfs");
    const policies = recording.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy");
    expect(policies.length).toBeGreaterThan(5);
    expect(policies.filter(({ inputs }) => JSON.stringify(inputs).includes("9301"))).toEqual([]);
  });
});

/** What must hold inside the lab's cluster while the site is up: rights, rules, networks, CVMFS, packing, secrets. */
import { expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { SQUID_NAMESPACE, SQUID_PORT, SQUID_SERVICE } from "../../../components/cvmfs/names";
import { MONITORING_NAMESPACE, PROMETHEUS, PROMETHEUS_PORT } from "../../../components/monitoring/names";
import { harvesterRights, operatorRights } from "../../../components/security/rights";
import { loadSite } from "../../../stacks/site/load";
import { accessOf, accessTable, accessText, EVERYBODY, type Access } from "../../support/accessMatrix";
import { ROOT } from "../../support/sites";
import { external } from "../content";
import type { Lab } from "../lab";
import { accessReport } from "./accessReport";
import { hangLine, watchHang } from "./cvmfsHang";
import { CLOSED_PORTS, documentedPorts, firewallMatrix, machinePlace, matrixTable } from "./firewallMatrix";
import type { KubeView } from "./kubeView";
import type { LabStack } from "./labStack";
import { pilotFor, pilots, submitPilots } from "./mainJob";
import { packJobs } from "./packing";
import { reachFrom } from "./reach";
import { scanForSecrets } from "./secretsInClear";
import { visitSquids } from "./squidVisit";

/** A site that is up. */
export interface RunningSite {
  readonly lab: Lab;
  readonly stack: LabStack;
  /** The cluster, as its administrator sees it. */
  readonly cluster: KubeView;
  /** Paths of kubeconfigs. */
  readonly harvester: string;
  readonly operator: string;
}

/** Registers the tests. @param running the site; asked for only when a test runs */
export function testsInside(running: () => RunningSite, log: (line: string) => void): void {
  const text = (pairs: readonly Access[]) => pairs.map(accessText).sort();

  it("gives Harvester its calls in the queue's namespace and the operators a look, to the last verb and resource", async () => {
    const { lab, harvester, operator } = running();
    const names = [
      { resource: "secrets", name: "proxy-secret" },
      { resource: "configmaps", name: "pilots-starter" },
    ];
    const places = ["harvester", SQUID_NAMESPACE, "default", "kube-system"];
    const his = await accessReport(lab, harvester, places, names);
    log(`Harvester may, of ${his.asked} pairs asked:\n${accessTable(his.allowed)}`);
    expect(text(his.allowed)).toEqual(text([...EVERYBODY, ...accessOf(harvesterRights(), "harvester")]));
    const theirs = await accessReport(lab, operator, ["harvester", MONITORING_NAMESPACE], names);
    log(`an operator may, of ${theirs.asked} pairs asked:\n${accessTable(theirs.allowed)}`);
    // Prometheus, Alertmanager and Grafana have no door but this one.
    const forward = [{ apiGroups: [""], resources: ["pods/portforward"], verbs: ["create"] }];
    const looks = [...accessOf(operatorRights(), "*"), ...accessOf(forward, MONITORING_NAMESPACE)];
    expect(text(theirs.allowed)).toEqual(text([...EVERYBODY, ...looks]));
  });

  it("refuses a privileged Job when it is submitted, and says which field", async () => {
    const { stack, cluster } = running();
    const { template, namespace } = pilotFor(stack);
    const job = parse(template) as { metadata: object; spec: { template: { spec: { containers: object[] } } } };
    Object.assign(job.metadata, { name: "privileged", namespace });
    Object.assign(job.spec.template.spec.containers[0], { securityContext: { privileged: true } });
    await expect(cluster.apply(job)).rejects.toThrow(/containers\[\*\]\.securityContext\.privileged/);
    expect(await cluster.kubectl("get", "jobs", "-n", namespace, "-o", "name")).not.toContain("privileged");
  });

  it("lets Harvester live a worker's life: 1 and 8 cores, pull and push, one killed, one stuck, all swept", async () => {
    const { lab, stack, cluster, harvester } = running();
    const workers = [...pilots(3, 1), ...pilots(1, 8)];
    const [killed, stuck] = workers.map(({ workerId }) => workerId);
    const pull = await submitPilots(lab, harvester, {
      ...pilotFor(stack, workers),
      seconds: 15,
      kill: [killed],
      stuck: [stuck],
      sweep: true,
    });
    const [ofKilled, ...others] = pull.jobs.map(({ state }) => state);
    // A pod whose Job is deleted may still be seen as it ends, by its exit code, or no more.
    expect(["cancelled", "failed"]).toContain(ofKilled);
    expect(others).toEqual(["failed", "finished", "finished"]);
    const push = await submitPilots(lab, harvester, {
      ...pilotFor(stack, [...pilots(1, 1), ...pilots(1, 8)]),
      mode: "PUSH",
      sweep: true,
    });
    expect(push.jobs.map(({ reason }) => reason)).toEqual([undefined, undefined]);
    log(`Harvester's calls, pull: ${JSON.stringify(pull.calls)}; push: ${JSON.stringify(push.calls)}`);
    const left = await cluster.kubectl("get", "jobs", "-n", pilotFor(stack).namespace, "-o", "name");
    const own = [...pull.jobs, ...push.jobs].filter(({ name }) => left.includes(`/${name}\n`));
    expect(own).toEqual([]);
  });

  it("lets a pilot reach squid and keeps it from the API, kubelets, exporters, Prometheus and the metadata service", async () => {
    const { stack, cluster } = running();
    const { namespace } = pilotFor(stack);
    const closed = [
      { name: "API service", host: "10.96.0.1", port: 443 },
      { name: "API server", host: "10.64.0.17", port: 6443 },
      { name: "API endpoint", host: new URL((await stack.outputs()).apiUrl).hostname, port: 6443 },
      { name: "metadata", host: "169.254.169.254", port: 80 },
      { name: "kubelet", host: "10.64.1.2", port: 10_250 },
      { name: "node-exporter", host: "10.64.1.2", port: 9100 },
      {
        name: "Prometheus",
        host: `${PROMETHEUS}.${MONITORING_NAMESPACE}.svc.cluster.local`,
        port: PROMETHEUS_PORT,
      },
    ];
    const squid = { name: "squid", host: `${SQUID_SERVICE}.${SQUID_NAMESPACE}.svc.cluster.local`, port: SQUID_PORT };
    const look = { open: [squid], closed, patienceSeconds: 60 };
    const { seen, openFor } = await reachFrom(cluster, namespace, look, "batch");
    log(`a pilot reaches: ${JSON.stringify(seen)}; in its life something closed was last open at ${openFor} s`);
    const reached = Object.entries(seen).filter(([, reach]) => reach === "connected");
    expect(reached.map(([name]) => name)).toEqual(["squid"]);
    expect(openFor).toBeLessThan(10);
    // The same pod where no NetworkPolicy is: what was closed is there to be reached.
    await cluster.kubectl("create", "namespace", "open-for-comparison");
    const free = await reachFrom(cluster, "open-for-comparison", { ...look, open: [], patienceSeconds: 0 }, "batch");
    await cluster.kubectl("delete", "namespace", "open-for-comparison", "--wait=false");
    log(`a pod without NetworkPolicies reaches: ${JSON.stringify(free.seen)}`);
    const { "API service": service, "API server": server, kubelet } = free.seen;
    expect([service, server, kubelet]).toEqual(["connected", "connected", "connected"]);
  });

  it("lets every port of docs/firewall.md be reached from the groups of its rules alone, and no other port", async () => {
    const { lab, stack } = running();
    const site = loadSite("lab", readFileSync(stack.stackFile, "utf8"), stack.stackFile);
    const control = machinePlace(lab, "lab-control-0", "control-plane");
    const [services, batch] = ["lab-services-0", "lab-batch-0"].map((name) => machinePlace(lab, name, "worker"));
    const outside = { name: "outside", address: external.gateway, network: lab.namespace };
    const ports = [...documentedPorts(readFileSync(join(ROOT, "docs/firewall.md"), "utf8")), ...CLOSED_PORTS];
    expect(ports.length).toBeGreaterThan(CLOSED_PORTS.length + 10);
    const sources = [outside, batch, services, control];
    const cells = await firewallMatrix(site, sources, [services, batch, control], ports);
    log(`the firewall, by packets that arrived:\n${matrixTable(cells)}`);
    expect(cells.filter(({ allowed }) => allowed).length).toBeGreaterThan(10);
    expect(cells.filter(({ allowed, arrived }) => allowed !== arrived)).toEqual([]);
  });

  it("serves pods and machines by its squids, from their cache the second time", async () => {
    const { lab, stack, cluster } = running();
    const { namespace } = pilotFor(stack);
    const report = await visitSquids(lab, cluster, namespace, "lab-batch-0", "10.64.2.1:30128");
    log(`squids: ${JSON.stringify(report)}`);
    const [first, second, foreign] = report.fromPod;
    expect([first[0], second[0], foreign[0]]).toEqual([200, 200, 403]);
    expect([first[1], second[1]]).toEqual([expect.stringContaining("MISS"), expect.stringContaining("HIT")]);
    expect(second[2]).toBe(first[2]);
    expect(report.fromMachine).toMatch(/^HTTP\/1\.1 200/);
    expect(report.squids).toBe(2);
  });

  it("packs: ten 1-core jobs share one of two half-empty nodes, and an 8-core job still fits the other", async () => {
    const { lab, stack, cluster, harvester } = running();
    const { small, large, nodes } = await packJobs(lab, cluster, stack, harvester, ["lab-batch-0", "lab-batch-1"]);
    log(`packing: ${JSON.stringify(small)}, the 8-core job on ${large}`);
    const [shared] = Object.keys(small);
    expect(small).toEqual({ [shared]: 10 });
    expect(large).toBe(nodes.find((node) => node !== shared));
  });

  it("takes a node whose CVMFS hangs out of service within a minute, and back within a minute", async () => {
    const { lab, stack, cluster } = running();
    const { cvmfs } = loadSite("lab", readFileSync(stack.stackFile, "utf8"), stack.stackFile);
    const { namespace } = pilotFor(stack);
    const report = await watchHang(lab, cluster, "lab-batch-1", "sft.cern.ch", namespace, cvmfs);
    log(hangLine("lab-batch-1", "sft.cern.ch", report));
    expect(report.taintedAfter).toBeLessThan(60);
    expect(report.keptAway).toContain("untolerated taint");
    expect(report.freedAfter).toBeLessThan(60);
  });

  it("writes no secret down in clear: state, what the engine prints, consoles, objects", async () => {
    const { lab, stack, cluster } = running();
    const { secrets, places, open } = await scanForSecrets(lab, stack, cluster, "lab-batch-0");
    log(`${secrets} secrets looked for in ${JSON.stringify(places)}`);
    expect(secrets).toBeGreaterThan(10);
    expect(open).toEqual([]);
  });
}

/** All that watches a site: what is asked of the engine. */
import { monitored } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { Monitoring } from "../../../components/monitoring/Monitoring";
import { record, type Recording, type Request } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import { guestSite, RECEIVERS, WATCHED_MORE, monitoredSite } from "./monitoredSites";

const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const WORKLOADS = [STATEFUL_SET, "kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:DaemonSet"];

interface Container {
  name: string;
  securityContext: object;
  resources: { requests: { cpu: string; memory: string }; limits: { memory: string } };
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
  readinessProbe?: object;
  livenessProbe?: object;
}

interface PodSpec {
  hostNetwork?: boolean;
  hostPID?: boolean;
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  priorityClassName: string;
  serviceAccountName: string;
  securityContext: object;
  containers: Container[];
  volumes?: { name: string; hostPath?: { path: string } }[];
}

async function made(site: Site, receivers?: string): Promise<Recording> {
  const args = { ...monitored(site), storageClass: "fast", receivers };
  return (await record({}, () => new Monitoring("monitoring", args))).recording;
}

const podOf = ({ inputs }: Request) => (inputs as { spec: { template: { spec: PodSpec } } }).spec.template.spec;
const nameOf = ({ inputs }: Request) => (inputs.metadata as { name: string }).name;
const workloadsOf = (recording: Recording) => WORKLOADS.flatMap((type) => recording.ofType(type));

describe("what watches a site", () => {
  test("is all there, everything under one component", async () => {
    const recording = await made(monitoredSite({ grafana: {} }));
    expect(workloadsOf(recording).map(nameOf).sort()).toEqual([
      ...["alertmanager", "control-plane-metrics", "credential-metrics", "grafana", "kube-state-metrics"],
      ...["node-exporter", "prometheus"],
    ]);
    const top = recording.requests.filter(({ parent }) => parent === "");
    expect(top.map(({ type }) => type)).toEqual(["atlas-site:monitoring:Monitoring"]);
  });

  test("has no Grafana nobody asked for, and leaves another's control plane alone", async () => {
    const guest = workloadsOf(await made(guestSite())).map(nameOf);
    expect(guest.sort()).toEqual([
      ...["alertmanager", "credential-metrics", "kube-state-metrics", "node-exporter", "prometheus"],
    ]);
  });

  test("is confined wherever it can be: nobody, no capability, no writing, no escalation", async () => {
    for (const workload of workloadsOf(await made(monitoredSite({ grafana: {} })))) {
      const pod = podOf(workload);
      expect(pod).toMatchObject({
        priorityClassName: "atlas-site-infrastructure",
        enableServiceLinks: false,
        serviceAccountName: nameOf(workload),
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      for (const container of pod.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(parseInt(container.resources.limits.memory)).toBeGreaterThan(0);
        expect(container.resources.requests).toMatchObject({
          cpu: expect.stringMatching(/m$/) as string,
          memory: expect.stringMatching(/Mi$/) as string,
        });
        expect(container.readinessProbe).toBeDefined();
        expect(container.livenessProbe).toBeDefined();
      }
    }
  });

  test("has a token only where the API is asked", async () => {
    const pods = workloadsOf(await made(monitoredSite({ grafana: {} })));
    const withToken = pods.filter((workload) => podOf(workload).automountServiceAccountToken).map(nameOf);
    expect(withToken.sort()).toEqual(["credential-metrics", "kube-state-metrics", "prometheus"]);
    const control = podOf(pods.find((workload) => nameOf(workload) === "control-plane-metrics")!);
    const holders = control.containers.filter(({ volumeMounts }) =>
      volumeMounts?.some(({ name }) => name === "access"),
    );
    expect(holders.map(({ name }) => name)).toEqual(["etcd-proxy"]);
  });

  test("looks into nodes from a namespace of its own, and only there", async () => {
    const recording = await made(monitoredSite({ grafana: {} }));
    const levels = recording.ofType("kubernetes:core/v1:Namespace").map(({ inputs }) => {
      const { name, labels } = inputs.metadata as { name: string; labels: Record<string, string> };
      return [name, labels["pod-security.kubernetes.io/enforce"]];
    });
    expect(levels.sort()).toEqual([
      ["atlas-site-monitoring", "restricted"],
      ["atlas-site-node-metrics", "privileged"],
    ]);
    const onHosts = workloadsOf(recording).filter((workload) => podOf(workload).hostNetwork === true);
    expect(onHosts.map((one) => [nameOf(one), (one.inputs.metadata as { namespace: string }).namespace])).toEqual([
      ["control-plane-metrics", "atlas-site-node-metrics"],
      ["node-exporter", "atlas-site-node-metrics"],
    ]);
    const paths = workloadsOf(recording).flatMap((workload) =>
      (podOf(workload).volumes ?? []).filter(({ hostPath }) => hostPath !== undefined).map((volume) => volume.hostPath),
    );
    expect(paths).toEqual([{ path: "/" }]);
    const exporter = podOf(recording.only("kubernetes:apps/v1:DaemonSet", "monitoring-nodes-exporter"));
    expect(exporter.containers[0].volumeMounts).toMatchObject([{ mountPath: "/host", readOnly: true }]);
  });

  test("keeps nobody waiting, and comes after the policies of its namespace", async () => {
    const recording = await made(monitoredSite());
    for (const { inputs } of workloadsOf(recording)) {
      expect(inputs.metadata).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
    }
    const set = recording.only(STATEFUL_SET, "monitoring-prometheus");
    const policies = [set, ...recording.ancestors(set)].flatMap(({ dependsOn }) => dependsOn);
    expect(policies.map((urn) => recording.byUrn(urn).name)).toEqual(
      expect.arrayContaining(["monitoring-prometheus", "monitoring-alertmanager", "monitoring-kube-state-metrics"]),
    );
  });

  test("lets operators in by port-forward and by nothing else", async () => {
    const recording = await made(monitoredSite());
    const role = recording.only("kubernetes:rbac.authorization.k8s.io/v1:Role", "monitoring-operators");
    expect(role.inputs).toMatchObject({
      metadata: { namespace: "atlas-site-monitoring" },
      rules: [{ apiGroups: [""], resources: ["pods/portforward"], verbs: ["create"] }],
    });
    const binding = recording.only("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "monitoring-operators");
    expect(binding.inputs.subjects).toEqual([
      { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "atlas-site:operators" },
    ]);
  });

  test("with routes and without receivers is refused, with the command that sets them", async () => {
    await expect(made(monitoredSite({ routes: [{ receiver: "pager" }] }))).rejects.toThrow(
      "pulumi config set --secret atlas-site:alertReceivers",
    );
  });
});

describe("volumes and memory", () => {
  test("are the site's: class, size, a claim that outlives its StatefulSet", async () => {
    const recording = await made(monitoredSite({ volumeGb: 70 }));
    for (const [name, size] of [
      ["monitoring-prometheus", "70Gi"],
      ["monitoring-alertmanager", "1Gi"],
    ]) {
      expect(recording.only(STATEFUL_SET, name).inputs.spec).toMatchObject({
        replicas: 1,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        volumeClaimTemplates: [{ spec: { storageClassName: "fast", resources: { requests: { storage: size } } } }],
      });
    }
  });

  test("of Prometheus are its own, and a bit less than that is where Go begins to save", async () => {
    const set = (await made(monitoredSite({ memoryMb: 2000 }))).only(STATEFUL_SET, "monitoring-prometheus");
    expect(podOf(set).containers[0]).toMatchObject({
      env: [{ name: "GOMEMLIMIT", value: "1800MiB" }],
      resources: { requests: { memory: "2000Mi" }, limits: { memory: "2000Mi" } },
    });
  });
});

describe("Alertmanager's configuration", () => {
  test("is a Secret that shows nowhere, not in annotations either", async () => {
    const recording = await made(monitoredSite({ routes: [{ receiver: "pager" }] }), RECEIVERS);
    const secret = recording.only("kubernetes:core/v1:Secret");
    expect(secret.secrets.join()).toContain("stringData");
    expect(JSON.stringify(secret.inputs)).toContain("not-a-token-of-anything");
    expect(JSON.stringify(recording.requests.map(({ visible }) => visible))).not.toContain("not-a-token");
    expect(recording.only(STATEFUL_SET, "monitoring-alertmanager").secrets.join()).toContain("annotations");
  });

  test("means a new pod when it changes, as Prometheus' files do", async () => {
    const hash = async (name: string, site: Site, receivers: string) => {
      const { spec } = (await made(site, receivers)).only(STATEFUL_SET, `monitoring-${name}`).inputs as {
        spec: { template: { metadata: { annotations: object } } };
      };
      return spec.template.metadata.annotations;
    };
    const [one, other] = [monitoredSite({ routes: [{ receiver: "pager" }] }), monitoredSite({ scrapeSeconds: 60 })];
    expect(await hash("alertmanager", one, RECEIVERS)).toEqual(await hash("alertmanager", one, RECEIVERS));
    expect(await hash("alertmanager", one, RECEIVERS)).not.toEqual(
      await hash("alertmanager", one, RECEIVERS.replace("example", "example.org")),
    );
    expect(await hash("prometheus", one, RECEIVERS)).not.toEqual(await hash("prometheus", other, RECEIVERS));
    const rules = monitoredSite({ thresholds: { strandedPercent: 7 } });
    expect(await hash("prometheus", monitoredSite(), "[]")).not.toEqual(await hash("prometheus", rules, "[]"));
  });
});

test("rights in log shipping's namespace are given when there is one", async () => {
  const namespaces = async (site: Site) =>
    (await made(site))
      .ofType("kubernetes:rbac.authorization.k8s.io/v1:Role")
      .filter((role) => nameOf(role) === "atlas-site-prometheus")
      .map(({ inputs }) => (inputs.metadata as { namespace: string }).namespace)
      .sort();
  const always = [
    "atlas-site-cvmfs",
    "atlas-site-monitoring",
    "atlas-site-node-metrics",
    "atlas-site-squid",
    "kube-system",
  ];
  expect(await namespaces(monitoredSite())).toEqual(always);
  expect(await namespaces(monitoredSite({}, WATCHED_MORE))).toEqual(["atlas-site-logs", ...always].sort());
});

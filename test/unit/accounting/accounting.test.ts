/** Kuantifier in the cluster: what is asked of the engine. */
import { accountingArgs } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { Accounting } from "../../../components/accounting/Accounting";
import { accountingEgress, accountingPodSpec, schedule } from "../../../components/accounting/accountingPod";
import { accountingName } from "../../../components/accounting/names";
import { record, type Recording } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import { accountedSite } from "./accountingSite";

const CRON_JOB = "kubernetes:batch/v1:CronJob";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

async function accountingOf(site: Site = accountedSite()): Promise<Recording> {
  return (await record({}, () => new Accounting("accounting", accountingArgs(site)))).recording;
}

const pod = (site = accountedSite()) => accountingPodSpec(accountingArgs(site), site.queues["SHARED-K8S"]);

describe("accounting", () => {
  test("is a CronJob a queue, named after its namespace, in a restricted namespace of its own", async () => {
    const recording = await accountingOf();
    const jobs = recording.ofType(CRON_JOB).map(({ inputs }) => (inputs.metadata as { name: string }).name);
    expect(jobs).toEqual(["kuantifier-production", "kuantifier-whole"]);
    expect(recording.only("kubernetes:core/v1:Namespace").inputs.metadata).toMatchObject({
      name: "atlas-site-accounting",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    const top = recording.requests.filter(({ parent }) => parent === "");
    expect(top.map(({ type }) => type)).toEqual(["atlas-site:accounting:Accounting"]);
  });

  test("runs once a day in UTC, never twice at once, and ends before the next day's run", async () => {
    const { spec } = (await accountingOf()).only(CRON_JOB, "accounting-production").inputs;
    expect(spec).toMatchObject({
      schedule: "0 3 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 21_600,
      jobTemplate: { spec: { activeDeadlineSeconds: 43_200, backoffLimit: 2 } },
    });
  });

  test("starts after what it stands on, its way to Prometheus included", async () => {
    const recording = await accountingOf();
    const needed = recording
      .only(CRON_JOB, "accounting-whole")
      .dependsOn.map((urn) => recording.byUrn(urn))
      .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    expect(needed).toEqual(
      expect.arrayContaining([
        "ServiceAccount accounting",
        "NetworkPolicy accounting",
        "ConfigMap accounting",
        "ConfigMap accounting-whole",
      ]),
    );
  });

  test("has a configuration for each queue, which knows its own namespace and its own place at APEL", async () => {
    const recording = await accountingOf();
    const of = (name: string) => recording.only(CONFIG_MAP, name).inputs.data as Record<string, string>;
    expect(of("accounting-production")).toEqual({
      PROMETHEUS_SERVER: "http://prometheus.atlas-site-monitoring.svc:9090",
      QUERY_TIMEOUT: "1800s",
      NAMESPACE: "production.whole-cores",
      SITE_NAME: "TEST-SITE",
      SUBMIT_HOST: "small:6443/production",
      VO_NAME: "atlas",
      BENCHMARK_VALUE: "12.5",
      OUTPUT_PATH: "/var/spool/apel/outgoing",
      PUBLISHING_MODE: "auto",
    });
    expect(of("accounting-whole")).toMatchObject({ NAMESPACE: "whole.whole-cores", SUBMIT_HOST: "small:6443/whole" });
  });

  test("makes no Secret and no rights: it uses no Kubernetes API", async () => {
    const types = new Set((await accountingOf()).requests.map(({ type }) => type));
    expect([...types].filter((type) => /Secret|rbac/.test(type))).toEqual([]);
    expect(pod().automountServiceAccountToken).toBe(false);
  });

  test("has a name that Kubernetes takes, for the longest namespace there may be", () => {
    const site = accountedSite({}, { namespace: "n".repeat(40) });
    expect(accountingName(site.queues["SHARED-K8S"].namespace).length).toBeLessThanOrEqual(52);
  });

  test("asks for one queue after another, six an hour", () => {
    expect([0, 1, 5, 6, 13].map(schedule)).toEqual([
      "0 3 * * *",
      "10 3 * * *",
      "50 3 * * *",
      "0 4 * * *",
      "10 5 * * *",
    ]);
    const times = Array.from({ length: 144 }, (_, position) => schedule(position));
    expect(new Set(times).size).toBe(144);
  });
});

describe("its pod", () => {
  test("gives certificate and key to the sender alone, each of the two keys and nothing else", () => {
    const { initContainers, containers, volumes } = pod();
    const mounts = (container: { volumeMounts: { name: string }[] }) => container.volumeMounts.map(({ name }) => name);
    expect(mounts(initContainers[0])).not.toContain("certificate");
    expect(mounts(containers[0])).toContain("certificate");
    expect(volumes).toContainEqual({
      name: "certificate",
      secret: {
        secretName: "accounting-certificate",
        defaultMode: 0o400,
        items: [
          { key: "tls.crt", path: "tls.crt" },
          { key: "tls.key", path: "tls.key" },
        ],
      },
    });
  });

  test("is restricted, and reaches into no host", () => {
    const { securityContext, initContainers, containers, volumes } = pod();
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10_000, fsGroup: 10_000 });
    for (const container of [...initContainers, ...containers]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
    expect(JSON.stringify(volumes)).not.toContain("hostPath");
  });

  test("hands the records from one container to the other, and has the folder that Kuantifier looks into first", () => {
    const { initContainers, containers } = pod();
    const at = (container: { volumeMounts: { name: string; mountPath: string }[] }) =>
      Object.fromEntries(container.volumeMounts.map(({ name, mountPath }) => [name, mountPath]));
    expect(at(initContainers[0])).toMatchObject({ records: "/var/spool/apel/outgoing", "no-records": "/srv/manual" });
    expect(at(containers[0]).records).toBe("/var/spool/apel/outgoing");
  });

  test("runs where Prometheus runs", () => {
    expect(pod()).toMatchObject({
      nodeSelector: { "atlas-site/pool": "control" },
      tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
    });
  });

  test("comes from the site's mirror where it has one", () => {
    const site = accountedSite({ site: { name: "small", registryPrefix: "mirror.example/k8s" } });
    const { initContainers, containers } = pod(site);
    expect([...initContainers, ...containers].map(({ image }) => image)).toEqual([
      expect.stringMatching(/^mirror\.example\/k8s\/iris-hep\/kuantifier-processor:/),
      expect.stringMatching(/^mirror\.example\/k8s\/rptaylor\/misc\/ssmsend:/),
    ]);
  });

  test("may reach names, Prometheus, and the message service outside the site; nothing reaches it", () => {
    expect(accountingEgress(accountingArgs(accountedSite()))).toEqual({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "kuantifier" } },
      policyTypes: ["Egress"],
      egress: [
        expect.objectContaining({ ports: expect.arrayContaining([{ protocol: "UDP", port: 53 }]) as unknown }),
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "atlas-site-monitoring" } },
              podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
            },
          ],
          ports: [{ protocol: "TCP", port: 9090 }],
        },
        {
          to: [
            {
              ipBlock: {
                cidr: "0.0.0.0/0",
                except: ["10.244.0.0/16", "10.64.0.0/22", "10.96.0.0/16", "127.0.0.0/8", "169.254.0.0/16"],
              },
            },
          ],
          ports: [
            { protocol: "TCP", port: 443 },
            { protocol: "TCP", port: 8443 },
          ],
        },
      ],
    });
  });
});

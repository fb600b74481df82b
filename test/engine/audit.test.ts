/** The audit policy of a site in a real API server: its log tells the life of a Job, and holds no secret. */
import { shippingSite } from "../support/componentArgs";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LogShipping } from "../../components/traceability/LogShipping";
import { LOGS_NAMESPACE } from "../../components/traceability/names";
import { record } from "../../stacks/site/offline/recorder";
import { KubeApi } from "../support/kubeApi";
import { applyDeclared } from "../support/kubeApiObjects";
import { siteOf } from "../unit/traceability/logParts";
import { MARKER, NAMESPACE, NODE, playLives, WORKERS, type PodNames } from "./tracedJobs";

const MINUTE = 60_000;

interface Line {
  level: string;
  stage: string;
  verb: string;
  requestURI: string;
  user: { username: string };
  sourceIPs: string[];
  userAgent?: string;
  objectRef?: { resource: string; subresource?: string; namespace?: string; name?: string; apiGroup?: string };
  responseStatus?: { code: number };
  requestObject?: Record<string, unknown>;
  responseObject?: { metadata?: { name?: string } };
  stageTimestamp: string;
}

let api: KubeApi;
let pods: PodNames;
let text: string;
let lines: Line[];

/** Lines on an object: `jobs`, or `pods/exec` of a pod. */
function on(what: string, verb: string, name?: string): Line[] {
  const [resource, subresource] = what.split("/");
  return lines.filter(
    ({ objectRef, verb: done }) =>
      objectRef?.resource === resource &&
      objectRef.subresource === subresource &&
      objectRef.namespace === NAMESPACE &&
      done === verb &&
      (name === undefined || objectRef.name === name),
  );
}

beforeAll(async () => {
  api = await KubeApi.start();
  pods = await playLives(api);
  await api.until("the end of the Job in the audit log", () => {
    text = readFileSync(api.auditLog, "utf8");
    return Promise.resolve(text.includes(`/jobs/grid-job-${WORKERS.outOfMemory}"`) && /"verb":"delete"/.test(text));
  });
  lines = text
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as Line);
}, 10 * MINUTE);

afterAll(() => api?.close(), MINUTE);

describe("the audit log tells of a Job", () => {
  const job = `grid-job-${WORKERS.outOfMemory}`;

  test("who made it, from where, with what, when, and what was in it", () => {
    const [made, ...more] = on("jobs", "create", job);
    expect(more).toEqual([]);
    expect(made).toMatchObject({
      level: "Request",
      stage: "ResponseComplete",
      user: { username: "atlas-site:harvester" },
      sourceIPs: ["127.0.0.1"],
      userAgent: "atlas-site-test",
      responseStatus: { code: 201 },
      requestObject: { metadata: { name: job }, spec: { template: { spec: { restartPolicy: "Never" } } } },
    });
    expect(Date.parse(made.stageTimestamp)).toBeGreaterThan(Date.now() - 10 * MINUTE);
  });

  test("which pod it led to, though the API itself gave the pod its name", () => {
    const made = on("pods", "create").find(({ responseObject }) => responseObject?.metadata?.name === pods.outOfMemory);
    expect(made).toMatchObject({
      level: "RequestResponse",
      user: { username: "system:serviceaccount:kube-system:job-controller" },
      responseObject: {
        metadata: { ownerReferences: [{ kind: "Job", name: job }], uid: expect.any(String) as string },
      },
    });
  });

  test("on which node it was put, and what the node saw of it: digest, exit code, reason", () => {
    expect(on("pods/binding", "create", pods.outOfMemory)).toMatchObject([
      { user: { username: "system:kube-scheduler" }, requestObject: { target: { name: NODE } } },
    ]);
    const seen = on("pods/status", "patch", pods.outOfMemory).filter(({ user }) =>
      user.username.startsWith("system:node:"),
    );
    expect(seen).toHaveLength(2);
    expect(JSON.stringify(seen.at(-1)?.requestObject)).toMatch(/adc-alma9@sha256:[^]*OOMKilled/);
  });

  test("who looked into its pod, and by which command", () => {
    const looked = on("pods/exec", "get", pods.outOfMemory).filter(({ stage }) => stage === "ResponseComplete");
    expect(looked).toMatchObject([
      {
        level: "Metadata",
        user: { username: "administrator" },
        requestURI: expect.stringContaining("command=cat&command=/proxy/x") as string,
      },
    ]);
  });

  test("who ended it: Harvester by a deletion, an administrator by an eviction", () => {
    expect(on("jobs", "delete", job)).toMatchObject([{ user: { username: "atlas-site:harvester" } }]);
    expect(on("pods/eviction", "create", pods.evicted)).toMatchObject([{ user: { username: "administrator" } }]);
  });
});

describe("the audit log holds", () => {
  test("no content of a Secret or ConfigMap, and yet tells who made and who read them", () => {
    expect(text).not.toContain(MARKER);
    expect(text).not.toContain(Buffer.from(MARKER).toString("base64"));
    const touched = lines.filter(({ objectRef }) => /^(secrets|configmaps)$/.test(objectRef?.resource ?? ""));
    expect(new Set(touched.map(({ level }) => level))).toEqual(new Set(["Metadata"]));
    expect(on("secrets", "create")).toMatchObject([{ user: { username: "atlas-site:harvester" } }]);
    expect(on("secrets", "get", "proxy-secret")).toMatchObject([{ user: { username: `system:node:${NODE}` } }]);
    expect(on("configmaps", "create", String(WORKERS.outOfMemory))).toHaveLength(1);
  });

  test("every change of rights and rules with what it changed", () => {
    const rules = lines.filter(({ objectRef, verb }) => {
      const group = objectRef?.apiGroup ?? "";
      return /^(rbac|admissionregistration)\./.test(group) && /^(create|update|patch|delete)$/.test(verb);
    });
    const bodies = rules.filter(({ objectRef }) => objectRef?.subresource === undefined);
    expect(bodies.length).toBeGreaterThan(5);
    expect(bodies.filter(({ level, requestObject }) => level !== "Request" || requestObject === undefined)).toEqual([]);
  });

  test("no health question, lease or event, and one line for each request", () => {
    const noise = lines.filter(({ objectRef, requestURI }) => {
      return (
        /^\/(livez|readyz|healthz|openapi)/.test(requestURI) || /^(leases|events)$/.test(objectRef?.resource ?? "")
      );
    });
    expect(noise).toEqual([]);
    expect(lines.filter(({ stage }) => stage === "RequestReceived")).toEqual([]);
  });
});

test("a site's log shipping is accepted, and so are its pods, which break of Restricted what logs on a node take alone", async () => {
  const { recording } = await record({}, () => new LogShipping("logs", { ...shippingSite(siteOf()), token: "token" }));
  await applyDeclared(api.admin, recording);
  const path = `/apis/apps/v1/namespaces/${LOGS_NAMESPACE}/daemonsets/log-shipper`;
  const { spec } = await api.admin.must<{ spec: { template: { spec: object } } }>("GET", path);
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "shipper" }, spec: spec.template.spec };
  const made = await api.admin.call("POST", `/api/v1/namespaces/${LOGS_NAMESPACE}/pods?dryRun=All`, pod);
  expect([made.status, made.status === 201 ? "" : made.text]).toEqual([201, ""]);
  // Of Restricted they break what logs on a node take, and nothing else.
  const broken = /: restricted volume types \(.* "hostPath"\), runAsNonRoot != true \(.*\), runAsUser=0 \(.*\)$/;
  expect(made.warnings).toEqual([expect.stringMatching(broken)]);
  expect(readFileSync(api.auditLog, "utf8")).not.toContain('"stringData"');
});

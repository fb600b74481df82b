/** Harvester's and the operators' rights on a real API: each verb on each resource, and what comes of Harvester's Jobs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { harvesterIdentity } from "../../components/harvester/remoteAccess";
import { JOBS_PRIORITY, operatorIdentity } from "../../components/security/names";
import { harvesterRights, operatorRights } from "../../components/security/rights";
import { changedJob } from "../lab/site/harvesterChanges";
import { MISSING_CORPUS } from "../stages/tally";
import { accessMatrix, accessOf, accessTable, accessText, EVERYBODY, type Access } from "../support/accessMatrix";
import { KubeApi } from "../support/kubeApi";
import type { KubeApiClient } from "../support/kubeApiClient";
import { ROOT } from "../support/sites";
import { podSpec } from "./admissionCase";
import { declare, POOL, QUEUES, testSite } from "./admissionSite";

const MINUTE = 60_000;
const TEMPLATES = join(process.env.ATLAS_SITE_CORPORA ?? join(ROOT, "../shared/corpora"), "harvester-job-templates");
const OWN = QUEUES.open;
const JOBS = `/apis/batch/v1/namespaces/${OWN}/jobs`;
const PODS = `/api/v1/namespaces/${OWN}/pods`;

/** What Harvester changes most in a template: its own defaults, and all that CRIC can ask of it. */
const HARVESTERS = [
  { cores: 1, mode: "PULL", params: {} },
  { cores: 8, mode: "PUSH", params: {} },
  {
    cores: 8,
    mode: "PUSH",
    params: {
      "k8s.annotations.safe_to_evict": false,
      "k8s.resources.limits.use_memory_limit": true,
      "k8s.resources.limits.memory_limit_safety_factor": 200,
      "k8s.scheduler.priorityClassName": JOBS_PRIORITY,
    },
  },
] as const;

let api: KubeApi;
let harvester: KubeApiClient;
let operator: KubeApiClient;

beforeAll(async () => {
  api = await KubeApi.start();
  await declare(api, testSite("host"));
  harvester = await api.as(harvesterIdentity);
  operator = await api.as(operatorIdentity);
}, 60 * MINUTE);

afterAll(() => api?.close());

/** Objects that some rights are bound to, and one that none is. */
const NAMES = ["proxy-secret", "another"].map((name) => ({ resource: "secrets", name }));
NAMES.push(...["pilots-starter", "kube-root-ca.crt"].map((name) => ({ resource: "configmaps", name })));

const lines = (pairs: readonly Access[]) => pairs.map(accessText).sort();

describe("access, asked from the API for every verb and resource", () => {
  test(
    "of Harvester is the calls it makes in the queues' namespaces, and nothing anywhere else",
    async () => {
      const places = [...Object.values(QUEUES), "default", "kube-system"];
      const { asked, allowed } = await accessMatrix(harvester, places, NAMES);
      console.log(`Harvester, ${asked} questions:\n${accessTable(allowed)}`);
      const expected = Object.values(QUEUES).flatMap((place) => accessOf(harvesterRights(), place));
      expect(lines(allowed)).toEqual(lines([...EVERYBODY, ...expected]));
      expect(asked).toBeGreaterThan(4000);
    },
    10 * MINUTE,
  );

  test(
    "of an operator is to look at everything but secrets, and to touch nothing",
    async () => {
      const { asked, allowed } = await accessMatrix(operator, [OWN, "kube-system"], NAMES);
      console.log(`operator, ${asked} questions:\n${accessTable(allowed)}`);
      expect(lines(allowed)).toEqual(lines([...EVERYBODY, ...accessOf(operatorRights(), "*")]));
      expect(allowed.filter(({ resource }) => /^secrets|token|exec|\/attach|portforward|proxy/.test(resource))).toEqual(
        [],
      );
    },
    10 * MINUTE,
  );

  test("is told as the API gives it: an administrator may do all that is asked", async () => {
    const pods = [{ group: "", version: "v1", name: "pods", kind: "Pod", namespaced: true, verbs: [] }];
    const { asked, allowed } = await accessMatrix(api.admin, [OWN], [], pods);
    // Twice pods, in all namespaces and in one, which the first implies; the rest is what no discovery shows.
    expect(allowed).toHaveLength(asked - 16);
  });
});

interface Listed {
  items: { metadata: { name: string; labels?: Record<string, string> }; spec: Record<string, unknown> }[];
}

describe("a Job that Harvester submits", () => {
  const job = (name: string, spec: object) => {
    return {
      metadata: { name },
      spec: {
        backoffLimit: 0,
        ttlSecondsAfterFinished: 3600,
        template: { metadata: { labels: { pq: "OPEN-K8S" } }, spec },
      },
    };
  };

  test("keeps the label that Harvester finds it by, and its pod gets past every rule, with a memory request", async () => {
    await harvester.must("POST", JOBS, job("grid-job-1", podSpec({ pod: { priorityClassName: JOBS_PRIORITY } })));
    const selector = encodeURIComponent("job-name in (grid-job-1)");
    const jobs = await harvester.must<Listed>("GET", `${JOBS}?labelSelector=${selector}`);
    expect(jobs.items.map(({ metadata }) => metadata.labels?.["job-name"])).toEqual(["grid-job-1"]);
    const pods = () => harvester.must<Listed>("GET", `${PODS}?labelSelector=${selector}`);
    await api.until("the Job's pod", async () => (await pods()).items.length === 1);
    const { spec } = (await pods()).items[0];
    expect(spec).toMatchObject({
      priority: 0,
      preemptionPolicy: "Never",
      containers: [{ resources: { requests: { memory: "1750Mi" } } }],
    });
    expect(JSON.stringify(spec)).not.toContain("serviceAccountToken");
    await harvester.must("DELETE", `${JOBS}/grid-job-1?propagationPolicy=Background&gracePeriodSeconds=0`);
  });

  test("is refused itself when the namespace holds as many as it may, so that Harvester is told", async () => {
    const quota = `/api/v1/namespaces/${OWN}/resourcequotas/queue`;
    const set = (most: string) => api.admin.must("PATCH", quota, { spec: { hard: { "count/jobs.batch": most } } });
    const { spec } = await api.admin.must<{ spec: { hard: Record<string, string> } }>("GET", quota);
    await set("0");
    let refusal = await harvester.call("POST", `${JOBS}?dryRun=All`, job("one-too-many", podSpec()));
    await api.until("the quota of no Jobs to be counted", async () => {
      refusal = await harvester.call("POST", `${JOBS}?dryRun=All`, job("one-too-many", podSpec()));
      return refusal.status === 403;
    });
    expect(refusal.text).toContain("exceeded quota: queue, requested: count/jobs.batch=1");
    await set(spec.hard["count/jobs.batch"]);
    // What comes after submits Jobs, and the API holds to what a controller has made of the quota.
    await api.until("the queue's own quota to be counted", async () => {
      const { status } = await api.admin.must<{ status: { hard: Record<string, string> } }>("GET", quota);
      return status.hard["count/jobs.batch"] === spec.hard["count/jobs.batch"];
    });
  });

  test.for<[string, string | undefined]>([
    ["CA-VICTORIA-K8S-T2_job.yaml", undefined],
    ["job_hostpath.yaml", "no-privileged-container: spec.template.spec.containers[*].securityContext.privileged"],
  ])("made from the template %s is judged when it is submitted", async ([file, refusal], context) => {
    const path = join(TEMPLATES, file);
    if (!existsSync(path)) {
      context.skip(`${MISSING_CORPUS}/harvester-job-templates`);
    }
    const namespace = `/api/v1/namespaces/${OWN}`;
    const pool = (value: string | null) =>
      api.admin.must("PATCH", namespace, { metadata: { labels: { [POOL]: value } } });
    const template = parse(readFileSync(path, "utf8")) as object;
    for (const { cores, mode, params } of HARVESTERS) {
      const view = { queue: "OPEN-K8S", cric: { corecount: 8, maxwdir: 40_000, params }, mode, harvesterId: "h" };
      const worker = { workerId: 4711, cores, memoryMb: cores * 2000 };
      const made = changedJob(template, worker, { ...view, proxySecretPath: "/proxy/x509up_u25606_prod" });
      const submit = () => harvester.call("POST", `${JOBS}?dryRun=All`, made);
      if (refusal === undefined) {
        // The site's own pools have a label that this template does not know, and the answer says so.
        expect((await submit()).text).toContain("queue-pool: spec.template.spec.nodeSelector['atlas-site/pool']");
      }
      // UVic's cluster is not of this program: there no namespace names a pool.
      await pool(null);
      await api.until("the namespace to name no pool", async () => !(await submit()).text.includes("queue-pool"));
      const answer = await submit();
      expect([answer.status, answer.text]).toEqual([
        refusal === undefined ? 201 : 422,
        expect.stringContaining(refusal ?? "grid-job"),
      ]);
      await pool("batch");
      if (refusal === undefined) {
        await api.until("the namespace to name its pool", async () => (await submit()).text.includes("queue-pool"));
      }
    }
  });
});

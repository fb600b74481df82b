/**
 * Harvester's kubeconfig in an attacker's hands, on a real API server: Jobs of many shapes, each with the answer it must get.
 * A reader adds a line to a table in `shapes/`. Nothing is made: every call is a dry run.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { harvesterHandover } from "../../components/harvester/handover";
import { harvesterIdentity } from "../../components/harvester/remoteAccess";
import { admissionRules } from "../../components/security/admission/policy";
import { declare, QUEUES, testSite } from "../engine/admissionSite";
import { changedJob } from "../lab/site/harvesterChanges";
import type { CricQueue, Job } from "../lab/site/harvesterJob";
import { known } from "../support/componentArgs";
import { KubeApi } from "../support/kubeApi";
import type { KubeApiClient } from "../support/kubeApiClient";
import { shapedJob, type JobShape } from "./shape";
import { endlessShapes } from "./shapes/endless";
import { identityShapes } from "./shapes/identity";
import { nodeShapes } from "./shapes/node";

const MINUTE = 60_000;
const QUEUE = "CONFINED-K8S";
const JOBS = `/apis/batch/v1/namespaces/${QUEUES.confined}/jobs?dryRun=All`;
const PODS = `/api/v1/namespaces/${QUEUES.confined}/pods?dryRun=All`;
const site = known(testSite("host"));
const shapes: readonly JobShape[] = [...nodeShapes, ...identityShapes, ...endlessShapes];

let api: KubeApi;
let harvester: KubeApiClient;
const seen: { shape: string; verdict: string }[] = [];

beforeAll(async () => {
  api = await KubeApi.start();
  await declare(api, site);
  harvester = await api.as(harvesterIdentity);
}, 60 * MINUTE);

afterAll(async () => {
  console.log(seen.map(({ shape, verdict }) => `${verdict.padEnd(26)} ${shape}`).join("\n"));
  await api?.close();
});

/** The Job that Harvester makes of the queue's template, for eight cores. */
function harvestersJob(): Job {
  const { jobTemplate, cric } = harvesterHandover(site)[QUEUE];
  const view = { queue: QUEUE, cric: cric as CricQueue, mode: "PULL" as const, harvesterId: "test" };
  const worker = { workerId: 4711, cores: 8, memoryMb: 14_000 };
  return changedJob(parse(jobTemplate) as object, worker, { ...view, proxySecretPath: "/proxy/x509up_u25606_prod" });
}

/** Who refused: a rule's name, `API` for the API server by itself, or undefined for nobody. */
function refusedBy({ status, text }: { status: number; text: string }): string | undefined {
  return status === 201 ? undefined : (/atlas-site-[a-z]+' denied request: ([a-z-]+):/.exec(text)?.[1] ?? "API");
}

describe("a Job that Harvester's kubeconfig submits", () => {
  test.each(shapes)("with $about gets the answer in the table", async (shape) => {
    const job = shapedJob(harvestersJob(), shape) as Job;
    const answer = await harvester.call("POST", JOBS, job);
    const by = refusedBy(answer);
    seen.push({ shape: shape.about, verdict: by ?? "accepted" });
    const wanted = shape.refusal === "API" ? "API" : shape.refusal?.rule;
    expect([by, by === wanted ? "" : answer.text.slice(0, 600)]).toEqual([wanted, ""]);
    if (wanted === undefined) {
      const { metadata, spec } = job.spec.template;
      const pod = { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name: "the-pod" }, spec };
      const made = await api.admin.call("POST", PODS, pod);
      expect([made.status, made.status === 201 ? "" : made.text]).toEqual([201, ""]);
    }
  });

  test("is tried in at least 100 shapes of different names, and every rule that the site has for Jobs refuses one", () => {
    expect(new Set(shapes.map(({ about }) => about)).size).toBe(shapes.length);
    expect(shapes.length).toBeGreaterThanOrEqual(100);
    const tried = shapes.flatMap(({ refusal }) => (refusal === undefined || refusal === "API" ? [] : [refusal.rule]));
    // Bidirectional mounts and hostProcess the API takes from privileged pods only, which another rule refuses first.
    const behindOthers = ["no-mount-into-the-node", "no-windows-host-process"];
    const untried = admissionRules(site).filter(({ name }) => !tried.includes(name) && !behindOthers.includes(name));
    expect(untried.map(({ name }) => name)).toEqual([]);
  });
});

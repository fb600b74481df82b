/**
 * Harvester's work on a real Kubernetes API under the site's own rules: the Jobs it makes of the site's templates, the pods
 * they lead to, the whole life of workers by Harvester's own rights, and a Harvester inside the cluster.
 */
import { known, queueArgs, serviceSite } from "../support/componentArgs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { harvesterHandover } from "../../components/harvester/handover";
import { HarvesterService } from "../../components/harvester/HarvesterService";
import { harvesterIdentity } from "../../components/harvester/remoteAccess";
import { servicePodSpec } from "../../components/harvester/servicePod";
import { QueueNamespace } from "../../components/security/QueueNamespace";
import { SiteSecurity } from "../../components/security/SiteSecurity";
import { record } from "../../stacks/site/offline/recorder";
import { testJob } from "../../stacks/site/life/testJob";
import type { Site } from "../../stacks/site/site";
import type { Job } from "../lab/site/harvesterJob";
import { workOff } from "../lab/site/harvesterWork";
import type { PilotOrder } from "../lab/site/pilotJob";
import { KubeApi } from "../support/kubeApi";
import type { KubeApiClient } from "../support/kubeApiClient";
import { applyDeclared } from "../support/kubeApiObjects";
import { PodStage, type Ends } from "./harvesterPods";
import { finalJob, MODES, order, podOf, PULL, PUSH, siteOf, SIZES } from "./harvesterSites";

const MINUTE = 60_000;
let api: KubeApi;
let harvester: KubeApiClient;

async function declare(site: Site): Promise<void> {
  const { recording } = await record({}, () => {
    new SiteSecurity("security", known(site));
    for (const [queue, { namespace }] of Object.entries(site.queues)) {
      new QueueNamespace(namespace, queueArgs(site, queue));
    }
    if (site.harvester.mode === "inCluster") {
      new HarvesterService("harvester", {
        ...serviceSite(site),
        storageClass: "fast",
        databasePassword: "of-no-database",
      });
    }
  });
  await applyDeclared(api.admin, recording);
  // The API takes up each changed policy in its own time: that of Jobs says nothing of that of pods.
  const expected = site.cvmfs.mode === "host" ? 201 : 422;
  const job = finalJob(siteOf("host"), PULL, SIZES[0], "PULL");
  await api.until(`the rules of CVMFS mode ${site.cvmfs.mode} to be in force`, async () => {
    const answers = await Promise.all([
      api.admin.call("POST", "/apis/batch/v1/namespaces/pull/jobs?dryRun=All", job),
      api.admin.call("POST", "/api/v1/namespaces/pull/pods?dryRun=All", podOf(job)),
    ]);
    return answers.every(({ status }) => status === expected);
  });
}

beforeAll(async () => {
  api = await KubeApi.start();
  harvester = await api.as(harvesterIdentity);
}, 10 * MINUTE);

afterAll(() => api?.close(), MINUTE);

describe.each(MODES)("with CVMFS mode %s", (mode) => {
  const site = siteOf(mode);
  const cases = [PULL, PUSH].flatMap((queue) =>
    SIZES.flatMap((size) => (["PULL", "PUSH"] as const).map((way) => [queue, size.cores, way, size] as const)),
  );

  beforeAll(() => declare(site), MINUTE);

  test.each([PULL, PUSH])(
    "the Job by which `npm run site -- check` tries %s is admitted, and so is its pod",
    async (queue) => {
      const { namespace, jobTemplate } = harvesterHandover(known(site))[queue];
      const job = testJob(jobTemplate, queue, namespace, "atlas-site-check-1", ["atlas.cern.ch"]) as Job;
      const made = await harvester.call("POST", `/apis/batch/v1/namespaces/${namespace}/jobs?dryRun=All`, job);
      expect(made.status, made.text).toBe(201);
      const pod = await api.admin.call("POST", `/api/v1/namespaces/${namespace}/pods?dryRun=All`, podOf(job));
      expect(pod.status, pod.text).toBe(201);
    },
  );

  test.each(cases)("the Job of %s with %s cores, %s, is admitted, and so is its pod", async (queue, _, way, size) => {
    const job = finalJob(site, queue, size, way);
    const { namespace } = site.queues[queue];
    const made = await harvester.call("POST", `/apis/batch/v1/namespaces/${namespace}/jobs?dryRun=All`, job);
    expect([made.status, made.text]).toEqual([201, expect.anything()]);
    const podCreated = await api.admin.call("POST", `/api/v1/namespaces/${namespace}/pods?dryRun=All`, podOf(job));
    expect([podCreated.status, podCreated.text]).toEqual([201, expect.anything()]);
  });
});

describe("a Job made by Harvester", () => {
  const site = siteOf("host");
  beforeAll(() => declare(site), MINUTE);

  test("carries job-name itself, by which Harvester finds it again", async () => {
    const { jobs } = await workOff(
      harvester,
      order(site, PULL, { workers: [{ ...SIZES[0], workerId: 21 }], leave: true }),
      Infinity,
    );
    expect(jobs.map(({ name }) => name)).toEqual(["grid-job-21"]);
    const path = "/apis/batch/v1/namespaces/pull/jobs/grid-job-21";
    const job = await api.admin.must<{ metadata: { labels: Record<string, string> } }>("GET", path);
    expect(job.metadata.labels["job-name"]).toBe("grid-job-21");
  });

  test("that breaks a rule is refused when it is submitted, and the message names the field", async () => {
    const privileged = order(site, PULL).template.replace("privileged: false", "privileged: true");
    const broken = workOff(harvester, order(site, PULL, { template: privileged }), Infinity);
    await expect(broken).rejects.toThrow(/create jobs: POST \S+: 4\d\d .*privileged/s);
  });
});

describe("the life of workers", () => {
  /** Works an order off while pods run and end as they are meant to. */
  async function live(site: Site, queue: string, who: KubeApiClient, more: Partial<PilotOrder>, ends: Ends = {}) {
    const wanted = order(site, queue, more);
    const stage = new PodStage(api.admin, wanted.namespace, ends);
    try {
      return await workOff(who, wanted, Date.now() + 60_000);
    } finally {
      await stage.stop();
    }
  }

  const workers = [1, 1, 8, 1, 1].map((cores, i) => ({ workerId: 100 + i, cores, memoryMb: cores * 1750 }));

  /** The double's verdicts, and every call it made. */
  async function fullCycle(site: Site, who: KubeApiClient): Promise<void> {
    const ends = { 101: "Failed", 103: "never", 104: "never" } as const;
    const { jobs, calls } = await live(site, PUSH, who, { workers, kill: [103], stuck: [104], sweep: true }, ends);
    expect(jobs.map(({ state }) => state)).toEqual(["finished", "failed", "finished", "cancelled", "failed"]);
    expect(jobs[1].reason).toContain("exit code 64");
    expect(Object.keys(calls).sort()).toEqual([
      "create configmaps",
      "create jobs",
      "create secrets",
      "delete configmaps",
      "delete jobs",
      "delete pods",
      "list jobs",
      "list pods",
      "patch configmaps",
      "patch secrets",
    ]);
    const left = await api.admin.must<{ items: unknown[] }>("GET", "/apis/batch/v1/namespaces/push/jobs");
    expect(left.items).toEqual([]);
  }

  test(
    "of the central Harvester: submitted, finished, failed, killed, given up and swept by its own rights alone",
    { timeout: 2 * MINUTE },
    async () => {
      const site = siteOf("host");
      await declare(site);
      await fullCycle(site, harvester);
      const again = await live(site, PUSH, harvester, { workers: [{ ...workers[0], workerId: 110 }], sweep: true });
      expect(Object.keys(again.calls)).not.toContain("create secrets");
      // What Harvester made is Harvester's: the program owns neither.
      const secret = await api.admin.call("GET", "/api/v1/namespaces/push/secrets/proxy-secret");
      expect(secret.status).toBe(200);
    },
  );

  test("of a Harvester in the cluster: the same by its ServiceAccount", { timeout: 2 * MINUTE }, async () => {
    const site = inCluster();
    await declare(site);
    await api.admin.must("DELETE", "/api/v1/namespaces/push/secrets/proxy-secret");
    await api.admin.must("DELETE", "/api/v1/namespaces/push/configmaps/pilots-starter");
    const account = { user: "system:serviceaccount:harvester-service:harvester", groups: ["system:serviceaccounts"] };
    const own = await api.as(account);
    const jobs = "/apis/batch/v1/namespaces/push/jobs";
    await api.until("the account's rights in the queue", async () => (await own.call("GET", jobs)).status === 200);
    await fullCycle(site, own);
    await expect(workOff(harvester, order(site, PUSH), Infinity)).rejects.toThrow("patch secrets");
  });

  test.each(["default", "kube-system", "harvester-service"])(
    "ends at its first call in namespace %s",
    async (namespace) => {
      await expect(workOff(harvester, order(siteOf("host"), PULL, { namespace }), Infinity)).rejects.toThrow(
        /patch secrets: PATCH .* 403/,
      );
    },
  );
});

function inCluster(): Site {
  const harvesterSection = { mode: "inCluster", harvesterId: "TEST", pool: "control", database: "mariadb" };
  return siteOf("host", { harvester: harvesterSection, storage: { class: "existing", name: "fast" } });
}

describe("a Harvester inside the cluster", () => {
  test("is accepted by the API, and its pods hold to Restricted without a warning", { timeout: MINUTE }, async () => {
    const site = inCluster();
    await declare(site);
    const sets = await api.admin.must<{
      items: { metadata: { name: string }; spec: { template: { spec: object } } }[];
    }>("GET", "/apis/apps/v1/namespaces/harvester-service/statefulsets");
    expect(sets.items.map(({ metadata }) => metadata.name).sort()).toEqual(["harvester", "harvester-database"]);
    for (const { metadata, spec } of sets.items) {
      const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: metadata.name }, spec: spec.template.spec };
      const made = await api.admin.call("POST", "/api/v1/namespaces/harvester-service/pods?dryRun=All", pod);
      expect([metadata.name, made.status, made.warnings, made.status === 201 ? "" : made.text]).toEqual([
        metadata.name,
        201,
        [],
        "",
      ]);
    }
    expect(servicePodSpec(serviceSite(site)).containers[0].name).toBe("harvester");
  });
});

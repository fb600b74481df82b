/** What PanDA and Harvester are told of a queue. */
import { known } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { cricParameters, SCRATCH_LIMIT_PERCENT } from "../../../components/harvester/cric";
import { harvesterHandover } from "../../../components/harvester/handover";
import { jobTemplateText } from "../../../components/harvester/jobTemplate";
import { queueConfiguration } from "../../../components/harvester/queueConfiguration";
import { guestSite, harvesterSite, QUEUE } from "./harvesterSite";

interface Configuration {
  mapType: string;
  runMode: string;
  maxWorkers: number;
  nQueueLimitWorker?: number;
  nQueueLimitWorkerCores?: number;
  nQueueLimitWorkerRatio?: number;
  nQueueLimitJob?: number;
  submitter: {
    proxySecretPath: string;
    tokenDir?: string;
    pandaTokenFilename?: string;
    pandaTokenKeyFilename?: string;
  };
  credmanagers: { proxy_files: string[]; k8s_config_file: string }[];
  messenger: { accessPoint: string };
  common: { k8s_yaml_file: string; k8s_config_file: string };
}

function configuration(site = harvesterSite()): Configuration {
  return (queueConfiguration(known(site), QUEUE, site.queues[QUEUE]) as Record<string, Configuration>)[QUEUE];
}

describe("a queue in CRIC", () => {
  test("has the largest job as its full slot, the namespace as its CE queue, and time in seconds", () => {
    expect(cricParameters(QUEUE, harvesterSite().queues[QUEUE])).toMatchObject({
      panda_resource: QUEUE,
      capability: "ucore",
      type: "unified",
      pilot_manager: "Harvester",
      workflow: "pull_ups",
      corecount: 8,
      maxrss: 14_000,
      maxwdir: 40_000,
      maxtime: 96 * 3600,
      queues: [{ ce_queue_name: "harvester" }],
      params: {
        "k8s.namespace": "harvester",
        "k8s.resources.requests.cpu_scheduling_ratio": 90,
        "k8s.resources.limits.ephemeral_storage_limit_safety_factor": SCRATCH_LIMIT_PERCENT,
        "k8s.scheduler.use_score_mcore_affinity": false,
        "k8s.scheduler.priorityClassName": "atlas-site-jobs",
      },
    });
  });

  test("has its kubelet's limit above the pilot's own of 120 %, so that the pilot can say why", () => {
    expect(SCRATCH_LIMIT_PERCENT).toBeGreaterThan(120);
  });

  test("follows the queue: ratio and workflow", () => {
    const site = harvesterSite({}, { cpuRequestPercent: 100, workflow: "push" });
    expect(cricParameters(QUEUE, site.queues[QUEUE])).toMatchObject({
      workflow: "push",
      params: { "k8s.resources.requests.cpu_scheduling_ratio": 100 },
    });
  });
});

describe("a queue's configuration", () => {
  test("lets as many workers wait as the site says, of those that can run", () => {
    // Two nodes of 16 one-core slots together; 40 % of 16.
    expect(configuration()).toMatchObject({ maxWorkers: 23, nQueueLimitWorker: 7, nQueueLimitWorkerCores: 8 });
    expect(configuration(harvesterSite({}, { pendingPercent: 100 }))).toMatchObject({ maxWorkers: 32 });
  });

  test("counts by the running ones where nobody knows the cluster's size", () => {
    const { nQueueLimitWorker, nQueueLimitWorkerRatio } = configuration(guestSite());
    expect([nQueueLimitWorker, nQueueLimitWorkerRatio]).toEqual([undefined, 40]);
  });

  test("is pull or push", () => {
    expect(configuration()).toMatchObject({ mapType: "NoJob", runMode: "slave" });
    expect(configuration(harvesterSite({}, { workflow: "push" }))).toMatchObject({
      mapType: "OneToOne",
      runMode: "self",
    });
  });

  test("has jobs fetched in push mode, on a cluster of any size, and none in pull mode", () => {
    // Harvester leaves out a queue without nQueueLimitJob; whole numbers above 0, or it would fetch none either.
    const push = { workflow: "push" } as const;
    const guest = guestSite();
    const guestPush = { ...guest, queues: { [QUEUE]: { ...guest.queues[QUEUE], workflow: "push" as const } } };
    for (const site of [harvesterSite({}, push), harvesterSite({}, { ...push, pendingPercent: 1 }), guestPush]) {
      expect(configuration(site).nQueueLimitJob).toBeGreaterThan(0);
      expect(Number.isInteger(configuration(site).nQueueLimitJob)).toBe(true);
    }
    expect(configuration(harvesterSite({}, push))).toMatchObject({ nQueueLimitJob: 7, nQueueLimitJobCores: 8 });
    expect(Object.keys(configuration()).filter((key) => key.startsWith("nQueueLimitJob"))).toEqual([]);
    expect(Object.keys(configuration(guest)).filter((key) => key.startsWith("nQueueLimitJob"))).toEqual([]);
  });

  /**
   * Harvester's own merge of a queue with its template (queue_config_mapper of 0.7.5): plugins that are mappings are updated key by
   * key, everything else is replaced.
   */
  function merged(template: Record<string, unknown>, queue: Record<string, unknown>): Record<string, unknown> {
    const updated = ["common", "messenger", "monitor", "preparator", "stager", "submitter", "sweeper", "workerMaker"];
    const entries = Object.entries(queue).map(([key, value]) => [
      key,
      updated.includes(key) ? { ...(template[key] as object | undefined), ...(value as object) } : value,
    ]);
    return { ...template, ...(Object.fromEntries(entries) as object) };
  }

  test("merged with a production template names no file in the pod that its credential manager does not write", () => {
    const template = {
      submitter: {
        name: "K8sSubmitter",
        tokenDir: "/proxy",
        pandaTokenFilename: "panda_token",
        pandaTokenKeyFilename: "panda_token_key",
      },
      credmanagers: [
        { proxy_files: ["/elsewhere/x509up_u25606_prod", "/elsewhere/panda_token", "/elsewhere/panda_token_key"] },
      ],
    };
    for (const workflow of ["pull", "push"] as const) {
      const own = configuration(harvesterSite({}, { workflow })) as unknown as Record<string, unknown>;
      for (const final of [own, merged(template, own)] as unknown as Configuration[]) {
        const written = final.credmanagers.flatMap((one) => one.proxy_files).map((path) => path.split("/").at(-1));
        const { proxySecretPath, tokenDir, pandaTokenFilename, pandaTokenKeyFilename } = final.submitter;
        expect(tokenDir).toBe("/proxy");
        const wanted = [proxySecretPath.split("/").at(-1), pandaTokenFilename, pandaTokenKeyFilename];
        wanted.forEach((file) => expect(written).toContain(file));
      }
    }
  });

  test("looks in the pod for the file that the credential manager writes into the secret", () => {
    const { submitter, credmanagers } = configuration();
    const [file] = credmanagers[0].proxy_files;
    expect(submitter.proxySecretPath).toBe(`/proxy/${file.split("/").at(-1)}`);
  });

  test("keeps Harvester's own placeholders as they are", () => {
    expect(configuration().credmanagers[0].k8s_config_file).toBe("${common.k8s_config_file}");
    expect(configuration().messenger.accessPoint).toMatch(/\/\$\{harvesterID\}\/\$\{_workerID_3\.2\}/);
  });
});

test("the handover has every queue, by the same functions", () => {
  const site = harvesterSite();
  expect(harvesterHandover(known(site))).toEqual({
    [QUEUE]: {
      namespace: "harvester",
      jobTemplate: jobTemplateText(known(site), site.queues[QUEUE]),
      queueConfiguration: queueConfiguration(known(site), QUEUE, site.queues[QUEUE]),
      cric: cricParameters(QUEUE, site.queues[QUEUE]),
    },
  });
});

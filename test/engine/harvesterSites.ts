/** Sites of two queues with the Jobs that Harvester makes for them, for the tests on a real API. */
import { parse } from "yaml";
import { harvesterHandover } from "../../components/harvester/handover";
import { siteFromConfig } from "../../stacks/site/load";
import type { Site } from "../../stacks/site/site";
import { changedJob } from "../lab/site/harvesterChanges";
import type { CricQueue, Job } from "../lab/site/harvesterJob";
import type { PilotOrder } from "../lab/site/pilotJob";
import { known } from "../support/componentArgs";
import { variants } from "../support/sites";

export const MODES = ["none", "host", "csi"] as const;
export const PULL = "PULL-K8S";
export const PUSH = "PUSH-K8S";
export const SIZES = [
  { workerId: 1, cores: 1, memoryMb: 1750 },
  { workerId: 8, cores: 8, memoryMb: 14_000 },
];

/** A site of two queues: payloads that need apptainer, pulled; and confined ones, pushed. */
export function siteOf(mode: (typeof MODES)[number], more: object = {}): Site {
  const queue = { pool: "batch", largestJob: { cores: 8, memoryMb: 14_000, scratchMb: 20_000 } };
  const cvmfs = { mode, ...(mode === "none" ? {} : { proxies: ["http://squid.example:3128"], cacheQuotaMb: 4000 }) };
  const sections: Record<string, unknown> = {
    ...variants.small,
    cvmfs,
    queues: {
      [PULL]: { ...queue, namespace: "pull", seccomp: "Unconfined" },
      [PUSH]: { ...queue, namespace: "push", workflow: "push" },
    },
    ...more,
  };
  return siteFromConfig((section) => sections[section]);
}

/** An order by a queue's own template, as the program hands it over. */
export function order(site: Site, queue: string, more: Partial<PilotOrder> = {}): PilotOrder {
  const { namespace, jobTemplate, cric } = harvesterHandover(known(site))[queue];
  const mode = site.queues[queue].workflow === "push" ? "PUSH" : "PULL";
  return { queue, namespace, template: jobTemplate, cric: cric as CricQueue, mode, workers: SIZES, ...more };
}

/** The Job that Harvester makes of a queue's template. */
export function finalJob(site: Site, queue: string, worker: (typeof SIZES)[number], mode: "PULL" | "PUSH"): Job {
  const { template, cric } = order(site, queue);
  const view = { queue, cric, mode, harvesterId: "test", proxySecretPath: "/proxy/x509up_u25606_prod" };
  return changedJob(parse(template) as object, worker, view);
}

/** The pod that the Job controller makes of a Job. */
export function podOf(job: Job): object {
  const { metadata, spec } = job.spec.template;
  return { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name: "the-pod" }, spec };
}

import { z } from "zod";
import { count, dnsLabel, imageReference, text } from "./parts";
import { versions } from "../../../versions";

/** A PanDA queue the site serves. */
const queueSchema = z
  .strictObject({
    namespace: dnsLabel.describe("Namespace that belongs to the queue alone."),
    pool: dnsLabel.describe("Pool its jobs run on."),
    largestJob: z
      .strictObject({
        cores: count.meta({ examples: [8] }).describe("Cores of the largest job (CRIC corecount)."),
        memoryMb: count.meta({ examples: [14000], unit: "MiB" }).describe("Memory of that job (CRIC maxrss)."),
        scratchMb: count
          .meta({ unit: "MB" })
          .default(80_000)
          .describe("Scratch of that job (CRIC maxwdir); smaller jobs get their share by cores."),
      })
      .describe("Must fit an empty node of the pool."),
    cpuRequestPercent: z
      .int()
      .min(1)
      .max(100)
      .meta({ unit: "percent" })
      .default(90)
      .describe("Share of a core that Harvester requests per core (its cpu_scheduling_ratio)."),
    workflow: z
      .enum(["pull", "push"])
      .default("pull")
      .describe("pull: pilots ask PanDA for a job; push: Harvester brings each pilot its job."),
    image: imageReference.default(versions.images.gridJob).describe("Image of the pilot's container."),
    seccomp: z
      .enum(["RuntimeDefault", "Unconfined"])
      .default("RuntimeDefault")
      .describe(
        "Unconfined lets the pilot's apptainer make user namespaces, which ATLAS payloads need; RuntimeDefault stops it.",
      ),
    maxHours: count
      .meta({ unit: "hours" })
      .default(96)
      .describe("Longest run of a job (CRIC maxtime); the pod is ended after that."),
    keepFinishedHours: count
      .meta({ unit: "hours" })
      .default(24)
      .describe("How long finished Jobs stay for Harvester, accounting and people to look at."),
    pendingPercent: z
      .int()
      .min(1)
      .max(500)
      .meta({ unit: "percent" })
      .default(40)
      .describe("Jobs that may wait in the cluster, as a share of those that can run."),
  })
  .describe("A PanDA queue the site serves.");

/** PanDA queues by name. */
export const queuesSchema = z
  .record(
    text(
      "a PanDA queue name: 2 to 62 letters, digits, '_' and '-', a letter or digit at each end",
      /^[A-Za-z0-9]([A-Za-z0-9_-]{0,60}[A-Za-z0-9])$/,
      "SITE-K8S",
    ),
    queueSchema,
  )
  .default({})
  .describe("PanDA queues by name.");

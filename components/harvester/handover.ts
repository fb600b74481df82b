/** What the operators of the central Harvester get for each queue, as plain values. */
import type { Queue } from "../../stacks/site/site";
import { cricParameters } from "./cric";
import { type JobSite, jobTemplateText } from "./jobTemplate";
import { queueConfiguration, type SizedSite } from "./queueConfiguration";

/** What belongs to one queue; nothing of it is secret. */
export interface QueueHandover {
  /** Namespace of the queue's Jobs. */
  readonly namespace: string;
  /** The job template, a YAML text. */
  readonly jobTemplate: string;
  /** The queue's part of `panda_queueconfig.json`. */
  readonly queueConfiguration: object;
  /** The queue's parameters in CRIC. */
  readonly cric: object;
}

/** What the handover of a site's queues is rendered from. */
export type ServedSite = JobSite & SizedSite & { readonly queues: Readonly<Record<string, Queue>> };

/** The handover of every queue of a site, by PanDA queue. */
export function harvesterHandover(site: ServedSite): Record<string, QueueHandover> {
  const entries = Object.entries(site.queues).map(([name, queue]) => {
    const handover: QueueHandover = {
      namespace: queue.namespace,
      jobTemplate: jobTemplateText(site, queue),
      queueConfiguration: queueConfiguration(site, name, queue),
      cric: cricParameters(name, queue),
    };
    return [name, handover] as const;
  });
  return Object.fromEntries(entries);
}

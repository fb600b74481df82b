/** What the operators of the central Harvester get for each queue, as plain values. */
import type { Site } from "../../stacks/site/site";
import { cricParameters } from "./cric";
import { jobTemplateText } from "./jobTemplate";
import { queueConfiguration } from "./queueConfiguration";

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

/** The handover of every queue of a site, by PanDA queue. */
export function harvesterHandover(site: Site): Record<string, QueueHandover> {
  const entries = Object.entries(site.queues).map(([queue, { namespace }]) => {
    const handover: QueueHandover = {
      namespace,
      jobTemplate: jobTemplateText(site, queue),
      queueConfiguration: queueConfiguration(site, queue),
      cric: cricParameters(site, queue),
    };
    return [queue, handover] as const;
  });
  return Object.fromEntries(entries);
}

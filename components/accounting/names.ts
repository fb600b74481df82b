/** Names of the accounting layer that rules, commands and tests meet it at. */

export { ACCOUNTING_NAMESPACE } from "../monitoring/names";

/** Name of what the queues' installations share, start of their own names, and value of the pods' label. */
export const KUANTIFIER = "kuantifier";

/** Name of the CronJob that accounts for a queue. */
export function accountingName(queueNamespace: string): string {
  return `${KUANTIFIER}-${queueNamespace}`;
}

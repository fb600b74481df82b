/** Names of the accounting layer that rules, commands and tests meet it at. */

/** Namespace of what makes and sends the records. */
export const ACCOUNTING_NAMESPACE = "atlas-site-accounting";

/** Start of every name here, and value of the pods' label. */
export const KUANTIFIER = "kuantifier";

/** Name of the CronJob that accounts for a queue. */
export function accountingName(queueNamespace: string): string {
  return `${KUANTIFIER}-${queueNamespace}`;
}

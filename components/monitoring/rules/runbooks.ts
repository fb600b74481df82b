/** Addresses of the pages on alerts. */

/** Folder of the runbooks in the repository, for sites that publish them at no address. */
const RUNBOOKS = "docs/runbooks";

/**
 * The runbook of an alert.
 * @param folder address of the folder, `monitoring.runbookUrl`
 */
export function runbookUrl(alert: string, folder = RUNBOOKS): string {
  return `${folder}/${alert}.md`;
}

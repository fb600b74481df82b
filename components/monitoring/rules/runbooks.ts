/** Where the page is that says what to do about an alert. */

/**
 * Start of every runbook's address. The project has no public address, so it is a path in the repository; a site that has
 * its documentation on the web writes that address here.
 */
const RUNBOOKS = "docs/runbooks";

/** The runbook of an alert. */
export function runbookUrl(alert: string): string {
  return `${RUNBOOKS}/${alert}.md`;
}

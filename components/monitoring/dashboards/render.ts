/** Every dashboard as the text of its file. */
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { accounting } from "./accounting";
import { batch } from "./batch";
import { controlPlane } from "./controlPlane";
import { cvmfs } from "./cvmfs";
import { TAG } from "./dashboard";
import { siteOverview } from "./siteOverview";

/** Texts by name of the file: the dashboard's address without the tag. */
export function renderDashboards(): Record<string, string> {
  const all = [siteOverview(), batch(), cvmfs(), controlPlane(), accounting()];
  return Object.fromEntries(
    all.map((dashboard) => [fileOf(dashboard), `${JSON.stringify(dashboard, undefined, 2)}\n`]),
  );
}

function fileOf({ uid }: Dashboard): string {
  return `${uid?.slice(TAG.length + 1)}.json`;
}

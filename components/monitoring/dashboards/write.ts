/** Writes the dashboards' JSON, which the program hands to Grafana. Run by `npm run dashboards`. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderDashboards } from "./render";

const folder = join(__dirname, "json");

if (process.argv.includes("--help")) {
  console.log("npm run dashboards\nWrites components/monitoring/dashboards/json/ anew from the dashboards' code.");
} else {
  // A dashboard that is no more must not stay as a file.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of Object.entries(renderDashboards())) {
    writeFileSync(join(folder, name), text);
    console.log(`components/monitoring/dashboards/json/${name} written`);
  }
}

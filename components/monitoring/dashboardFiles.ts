/** The dashboards as Grafana reads them. They are built by `npm run generate -- dashboards`; the program only hands the files on. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Text of each dashboard by the name of its file, e.g. `batch.json`. */
export function dashboardFiles(): Record<string, string> {
  const folder = join(__dirname, "dashboards", "json");
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

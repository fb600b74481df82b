/**
 * Builds the package of `policy:check` in this folder: the command in one file without dependencies, and the settings,
 * schemas and pages that it reads. `npm pack` runs it first.
 */
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const pack = dirname(here);
const project = dirname(pack);
// tsx, which starts the pack, brings esbuild.
const { buildSync } = createRequire(createRequire(join(pack, "package.json")).resolve("tsx"))("esbuild");

for (const folder of ["bin", "config", "docs", "schemas"]) {
  rmSync(join(here, folder), { recursive: true, force: true });
  mkdirSync(join(here, folder));
}
buildSync({
  entryPoints: [join(pack, "commands", "policyCheck.ts")],
  outfile: join(here, "bin", "policy-check.cjs"),
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  banner: { js: "#!/usr/bin/env node" },
  // The site file's schema is the program's; here its packages come from the pack's own folder.
  nodePaths: [join(pack, "node_modules")],
  logLevel: "warning",
});
cpSync(join(pack, "policy-config.json"), join(here, "policy-config.json"));
cpSync(join(pack, "schemas", "kubernetes.json"), join(here, "schemas", "kubernetes.json"));
readdirSync(join(pack, "config"))
  .filter((name) => name.endsWith(".json"))
  .forEach((name) => cpSync(join(pack, "config", name), join(here, "config", name)));
readdirSync(join(project, "docs"))
  .filter((name) => name === "policies" || name === "policies.md")
  .forEach((name) => cpSync(join(project, "docs", name), join(here, "docs", name), { recursive: true }));

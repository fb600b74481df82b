/**
 * Writes `policies/schemas/kubernetes.json` from the OpenAPI description that each release of Kubernetes has in its own
 * source, which Go's module proxy serves. Run by `npm run policy:schemas`; it needs Go and the network.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mergedSchemas, schemaText, type Swagger } from "./swagger";

/** The newest patch release of each minor version that the module proxy serves. */
const RELEASES: Readonly<Record<string, string>> = {
  "1.33": "v1.33.13",
  "1.34": "v1.34.4",
  "1.35": "v1.35.4",
  "1.36": "v1.36.3",
  "1.37": "v1.37.2",
};

function swaggerOf(release: string): Swagger {
  const told = execFileSync("go", ["mod", "download", "-json", `k8s.io/kubernetes@${release}`], { encoding: "utf8" });
  const { Dir: folder } = JSON.parse(told) as { Dir: string };
  return JSON.parse(readFileSync(join(folder, "api", "openapi-spec", "swagger.json"), "utf8")) as Swagger;
}

const file = join(__dirname, "kubernetes.json");

if (process.argv.includes("--help")) {
  console.log(`npm run policy:schemas
Writes policies/schemas/kubernetes.json: the fields and types of Kubernetes' objects in each minor, read from Kubernetes'
own source. Needs the Go command and its module proxy.`);
} else {
  const swaggers = Object.entries(RELEASES).map(([minor, release]): [string, Swagger] => [minor, swaggerOf(release)]);
  writeFileSync(file, schemaText(mergedSchemas(swaggers)));
  console.log(`${file} written`);
}

/**
 * Writes the fields of a Job in each supported minor of Kubernetes, read from the OpenAPI document that Kubernetes publishes
 * with its sources. Needs the Go command and its module proxy. Run by `npm run fields`, when a minor is added or its
 * newest patch is wanted.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { versions } from "../../versions";
import { fileOf, jobTypes, type ApiFields, type Schema } from "./apiFields";

const MODULE = "k8s.io/kubernetes";
const DOCUMENT = "api/openapi-spec/v3/apis__batch__v1_openapi.json";

interface Downloaded {
  readonly Version: string;
  readonly Dir: string;
}

/** The program's own version where it is of this minor, and the newest patch of every other minor. */
function wantedVersion(minor: string): string {
  return versions.kubernetes.startsWith(`${minor}.`) ? `v${versions.kubernetes}` : `v${minor}`;
}

function read(minor: string): ApiFields {
  const text = execFileSync("go", ["mod", "download", "-json", `${MODULE}@${wantedVersion(minor)}`], {
    encoding: "utf8",
  });
  const { Version: kubernetes, Dir: folder } = JSON.parse(text) as Downloaded;
  const document = JSON.parse(readFileSync(join(folder, DOCUMENT), "utf8")) as {
    components: { schemas: Record<string, Schema> };
  };
  return { kubernetes, types: jobTypes(document.components.schemas) };
}

function writeAll(): void {
  for (const minor of versions.kubernetesMinors) {
    const { kubernetes, types } = read(minor);
    const lines = Object.entries(types).map(
      ([name, fields]) => `    ${JSON.stringify(name)}: ${JSON.stringify(fields)}`,
    );
    const version = JSON.stringify(kubernetes);
    writeFileSync(fileOf(minor), `{\n  "kubernetes": ${version},\n  "types": {\n${lines.join(",\n")}\n  }\n}\n`);
    console.log(`${fileOf(minor)}: ${Object.keys(types).length} types of ${kubernetes}`);
  }
}

if (process.argv.includes("--help")) {
  console.log(`npm run fields
Writes docs/jobFields/<minor>.json: every field of a Job in each supported minor of Kubernetes, read from Kubernetes' own
source. Needs the Go command and its module proxy.`);
} else {
  writeAll();
}

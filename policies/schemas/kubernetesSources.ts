/** The OpenAPI documents that each release of Kubernetes carries in its own source, which Go's module proxy serves. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The release that stands for each minor version: the newest patch that the module proxy served when it was set. A later one
 * is a change of this line and `npm run generate`.
 */
export const KUBERNETES_RELEASES: Readonly<Record<string, string>> = {
  "1.33": "v1.33.13",
  "1.34": "v1.34.4",
  "1.35": "v1.35.4",
  "1.36": "v1.36.3",
  "1.37": "v1.37.2",
};

/**
 * Reads a JSON document of a release. Needs the Go command, and its module proxy unless the module is in Go's cache.
 * @param release e.g. `v1.36.3`
 * @param document path below Kubernetes' `api/openapi-spec/`
 * @throws Error when Go is missing or cannot get the module
 */
export function kubernetesDocument<T>(release: string, document: string): T {
  const answer = execFileSync("go", ["mod", "download", "-json", `k8s.io/kubernetes@${release}`], { encoding: "utf8" });
  const { Dir: folder } = JSON.parse(answer) as { Dir: string };
  return JSON.parse(readFileSync(join(folder, "api", "openapi-spec", document), "utf8")) as T;
}

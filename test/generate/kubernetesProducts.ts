/** Tables read from the API descriptions of the pinned Kubernetes releases; making them needs Go. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiFields, fieldsFile, fieldsText, jobTypes, type Schema } from "../../docs/jobFields/apiFields";
import { KUBERNETES_RELEASES, kubernetesDocument } from "../../policies/schemas/kubernetesSources";
import { mergedSchemas, schemaText, type Swagger } from "../../policies/schemas/swagger";
import { versions } from "../../versions";
import { ROOT } from "../support/sites";
import type { Product } from "./product";

const SCHEMAS = "policies/schemas/kubernetes.json";

interface JobDocument {
  readonly components: { readonly schemas: Record<string, Schema> };
}

function pinned(minor: string): string {
  const release = KUBERNETES_RELEASES[minor];
  if (release === undefined) {
    throw new Error(
      `KUBERNETES_RELEASES in policies/schemas/kubernetesSources.ts has no release of Kubernetes ${minor}`,
    );
  }
  return release;
}

/** Names the releases that a file was made from and should not be; undefined when they agree. */
function mismatch(file: string, made: unknown, wanted: unknown): string | undefined {
  const [one, other] = [JSON.stringify(made), JSON.stringify(wanted)];
  return one === other ? undefined : `${file}: made from Kubernetes ${one}, pinned is ${other}`;
}

/** Every product of this kind. */
export const kubernetesProducts: readonly Product[] = [
  {
    name: "fields",
    title:
      "fields of a Job in each supported minor of Kubernetes: docs/jobFields/; needs Go when a pinned release changed",
    outdated: () =>
      versions.kubernetesMinors
        .map((minor) => mismatch(fieldsFile(minor), apiFields(minor).kubernetes, pinned(minor)))
        .find((problem) => problem !== undefined),
    files: () =>
      Promise.resolve(
        Object.fromEntries(
          versions.kubernetesMinors.map((minor) => {
            const document = kubernetesDocument<JobDocument>(pinned(minor), "v3/apis__batch__v1_openapi.json");
            const types = jobTypes(document.components.schemas);
            return [fieldsFile(minor), fieldsText({ kubernetes: pinned(minor), types })];
          }),
        ),
      ),
  },
  {
    name: "kubernetes-schemas",
    title: `fields and types of Kubernetes' objects for policy:check: ${SCHEMAS}; needs Go when a pinned release changed`,
    outdated: () => {
      const { releases } = JSON.parse(readFileSync(join(ROOT, SCHEMAS), "utf8")) as { releases?: unknown };
      return mismatch(SCHEMAS, releases, KUBERNETES_RELEASES);
    },
    files: () => {
      const swaggers = Object.entries(KUBERNETES_RELEASES).map(
        ([minor, release]) => [minor, kubernetesDocument<Swagger>(release, "swagger.json")] as const,
      );
      return Promise.resolve({ [SCHEMAS]: schemaText(mergedSchemas(swaggers), KUBERNETES_RELEASES) });
    },
  },
];

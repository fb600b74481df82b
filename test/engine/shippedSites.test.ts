/**
 * Every shipped site, as the whole program declares it, on a real API: each object is one the API takes, and the pods of
 * every service are admitted in their namespaces, every field known. There is no node, so nothing of it runs here.
 */
import { describe, expect, test } from "vitest";
import { KubeApi } from "../support/kubeApi";
import { applyDeclared, type KubeObject } from "../support/kubeApiObjects";
import { runProgram } from "../support/program";
import { shippedStacks } from "../support/sites";

const MINUTE = 60_000;
const WORKLOADS = ["DaemonSet", "Deployment", "StatefulSet"];

interface Workload extends KubeObject {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: { readonly volumes?: object[] };
    };
    /** A StatefulSet's: each becomes a volume of the pod, by a claim of its own. */
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

/** The spec of a workload's pods, as its controller makes it. */
function podSpec({ spec: { template, volumeClaimTemplates = [] } }: Workload): object {
  const claimed = volumeClaimTemplates.map(({ metadata: { name } }) => {
    return { name, persistentVolumeClaim: { claimName: `${name}-0` } };
  });
  return { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...claimed] };
}

describe.each(shippedStacks())("the site %s on a real API", (stack) => {
  test(
    "is nothing but objects that the API takes, and pods that their namespaces admit",
    async () => {
      const { recording } = await runProgram(stack);
      const api = await KubeApi.start();
      try {
        const objects = await applyDeclared(api.admin, recording);
        const workloads = objects.filter(({ kind }) => WORKLOADS.includes(kind)) as Workload[];
        console.log(`${stack}: ${objects.length} objects, ${workloads.length} of them with pods`);
        expect(workloads.length).toBeGreaterThan(3);
        for (const workload of workloads) {
          const { metadata, spec } = workload;
          const { namespace } = metadata;
          const answer = await api.admin.call(
            "POST",
            `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`,
            {
              apiVersion: "v1",
              kind: "Pod",
              metadata: { name: "try", namespace, labels: spec.template.metadata.labels },
              spec: podSpec(workload),
            },
          );
          expect([metadata.name, answer.status, answer.text]).toEqual([metadata.name, 201, answer.text]);
        }
      } finally {
        await api.close();
      }
    },
    5 * MINUTE,
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeRegistration } from "../../../components/cluster/kubeadm/kubeadmConfig";
import { merged, NO_ADDITION, type NodeAddition } from "../../../components/cluster/kubeadm/nodeAddition";
import { clusterParts } from "../../support/clusterParts";

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const addition: fc.Arbitrary<NodeAddition> = fc.record(
  {
    files: fc.array(fc.record({ path: word, content: word, permissions: fc.constant("0644") })),
    commands: fc.array(word),
    taints: fc.array(fc.record({ key: word, effect: fc.constant("NoSchedule" as const) })),
    labels: fc.dictionary(word, word),
    blankVolumesGb: fc.array(fc.integer({ min: 1, max: 500 })),
  },
  { requiredKeys: ["files", "commands", "taints"] },
);

describe("additions to a machine", () => {
  test("of several features are all there, each feature's in its order, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(addition), (parts) => {
        const all = merged(parts);
        for (const key of ["files", "commands", "taints", "blankVolumesGb"] as const) {
          expect(all[key]).toEqual(parts.flatMap((part): readonly unknown[] => part[key] ?? []));
        }
        expect(new Set(Object.keys(all.labels ?? {}))).toEqual(
          new Set(parts.flatMap(({ labels = {} }) => Object.keys(labels))),
        );
      }),
    );
  });

  test("label the node, and a label of the stack file wins over a feature's", () => {
    const { plan, machine } = clusterParts("zonesVolumesTaints");
    const [planned, pool] = machine("spread-batch-0");
    const additions = () => ({
      ...NO_ADDITION,
      labels: { "site.example/rack": "other", "site.example/feature": "yes" },
    });
    const { kubeletExtraArgs } = nodeRegistration({ ...plan, additions }, planned, pool);
    const labels = kubeletExtraArgs.find(({ name }) => name === "node-labels")?.value.split(",");
    expect(labels).toContain("site.example/feature=yes");
    expect(labels).toContain("site.example/rack=r1");
    expect(labels).not.toContain("site.example/rack=other");
  });
});

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { allocatable, evictionHardMemoryMb } from "../../../components/cluster/capacity";
import { daemons } from "../../../components/features/features";
import { kubeadmSite } from "../../support/sites";
import {
  admissionConfig,
  encryptionConfig,
  schedulerConfig,
} from "../../../components/cluster/kubeadm/controlPlaneFiles";
import { kubeletConfiguration, metadataBlock } from "../../../components/cluster/kubeadm/nodeConfig";
import { versions } from "../../../versions";
import { clusterParts } from "../../support/clusterParts";

const small = clusterParts("small");

type Json = Record<string, unknown>;

describe("the scheduler", () => {
  const scheduler = parse(schedulerConfig()) as {
    percentageOfNodesToScore: number;
    clientConnection: { qps: number; burst: number };
    profiles: {
      plugins: { score: { disabled: { name: string }[] } };
      pluginConfig: { name: string; args: unknown }[];
    }[];
  };

  test("fills nodes by processor and memory alike, and nothing pulls the other way", () => {
    expect(scheduler.profiles).toHaveLength(1);
    const [{ plugins, pluginConfig }] = scheduler.profiles;
    expect(plugins.score.disabled.map(({ name }) => name)).toEqual(["NodeResourcesBalancedAllocation"]);
    expect(pluginConfig).toEqual([
      {
        name: "NodeResourcesFit",
        args: {
          scoringStrategy: {
            type: "MostAllocated",
            resources: [
              { name: "cpu", weight: 1 },
              { name: "memory", weight: 1 },
            ],
          },
        },
      },
    ]);
  });

  test("looks at every node, with room for its requests", () => {
    expect(scheduler.percentageOfNodesToScore).toBe(100);
    expect(scheduler.clientConnection.qps).toBeGreaterThan(50);
    expect(scheduler.clientConnection.burst).toBeGreaterThanOrEqual(scheduler.clientConnection.qps);
  });
});

describe("the control plane's other files", () => {
  test("hold namespaces without labels to Baseline, of a pinned version, with kube-system alone exempt", () => {
    const [{ configuration }] = (parse(admissionConfig()) as { plugins: { configuration: Json }[] }).plugins;
    expect(configuration).toMatchObject({
      defaults: {
        enforce: "baseline",
        warn: "restricted",
        audit: "restricted",
        "enforce-version": versions.podSecurity,
      },
      exemptions: { namespaces: ["kube-system"], usernames: [], runtimeClasses: [] },
    });
  });

  test("encrypt secrets with the cluster's key first, and still read what is in clear", () => {
    const { resources } = parse(encryptionConfig("a-key")) as {
      resources: { resources: string[]; providers: Json[] }[];
    };
    expect(resources).toEqual([
      {
        resources: ["secrets"],
        providers: [{ secretbox: { keys: [{ name: "stack", secret: "a-key" }] } }, { identity: {} }],
      },
    ]);
  });

  test("drop packets of pods to the metadata service, of both families", () => {
    expect(metadataBlock()).toMatch(
      /hook forward[^]*169\.254\.169\.254 counter drop[^]*fd00:a9fe:a9fe::254 counter drop/,
    );
    expect(metadataBlock()).not.toContain("hook output");
  });
});

describe("reservations", () => {
  test("leave an 8-core node enough for an 8-core pilot, who asks for 7.2 cores and 14,000 MiB", () => {
    const { reserved } = small.plan.kubeadm;
    const left = allocatable({ vcpus: 8, ramMb: 16384 }, reserved, daemons(kubeadmSite("small")));
    expect(left.cpuMilli).toBeGreaterThanOrEqual(7200);
    expect(left.memoryMb).toBeGreaterThanOrEqual(14_000);
    // And not enough for a second one of a single core: the pilot's margin is no gift.
    expect(left.cpuMilli).toBeLessThan(8000);
  });

  test("are what the kubelet is told, and the eviction threshold is the one the arithmetic knows", () => {
    const reserved = { kube: { cpuMilli: 123, memoryMb: 456 }, system: { cpuMilli: 78, memoryMb: 90 } };
    const kubelet = kubeletConfiguration({ ...small.plan, kubeadm: { ...small.plan.kubeadm, reserved } });
    expect(kubelet.kubeReserved).toEqual({ cpu: "123m", memory: "456Mi" });
    expect(kubelet.systemReserved).toEqual({ cpu: "78m", memory: "90Mi" });
    expect(kubelet).not.toHaveProperty("evictionHard");
    expect(evictionHardMemoryMb).toBe(100);
  });
});

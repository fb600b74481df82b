import fc from "fast-check";
import { expect, test } from "vitest";
import { allocatable, daemonRequests, daemonsOf, kernelMemoryMb } from "../../../components/cluster/capacity";

const reserved = { kube: { cpuMilli: 150, memoryMb: 384 }, system: { cpuMilli: 150, memoryMb: 384 } };

test("an 8-core node of 16 GiB with the default reservations and both daemons leaves 7.5 cores and 14,982 MiB", () => {
  const daemons = daemonsOf({ plugin: "flannel", policyEngine: "kube-router" }, "none");
  expect(allocatable({ vcpus: 8, ramMb: 16384 }, reserved, daemons)).toEqual({ cpuMilli: 7500, memoryMb: 14982 });
});

test("daemons that the site does not run ask for nothing", () => {
  const nothing = { plugin: "none", policyEngine: "none" };
  expect(daemonsOf(nothing, "none")).toEqual([daemonRequests.kubeProxy]);
  expect(daemonsOf(nothing, "host")).toEqual([daemonRequests.kubeProxy, daemonRequests.cvmfsProbe]);
  expect(daemonsOf(nothing, "csi").map(({ memoryMb }) => memoryMb)).toEqual([0, 64, 512]);
  const { kubeProxy, nodeExporter, logShipper } = daemonRequests;
  const watched = { monitoring: { mode: "prometheus" }, logs: { mode: "none" } } as const;
  expect(daemonsOf(nothing, "none", watched)).toEqual([kubeProxy, nodeExporter]);
  expect(daemonsOf(nothing, "none", { ...watched, logs: { mode: "otlp" } })).toEqual([
    kubeProxy,
    nodeExporter,
    logShipper,
  ]);
});

test("what is left and what is kept add up to the flavor", () => {
  const amount = fc.record({ cpuMilli: fc.nat(4000), memoryMb: fc.nat(4000) });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 256 }),
      fc.integer({ min: 1024, max: 2 ** 20 }),
      fc.array(amount),
      amount,
      (vcpus, ramMb, daemons, kube) => {
        const left = allocatable({ vcpus, ramMb }, { kube, system: kube }, daemons);
        const kept = [kube, kube, ...daemons].reduce((a, b) => ({
          cpuMilli: a.cpuMilli + b.cpuMilli,
          memoryMb: a.memoryMb + b.memoryMb,
        }));
        expect(left.cpuMilli + kept.cpuMilli).toBe(vcpus * 1000);
        expect(left.memoryMb + kept.memoryMb + kernelMemoryMb(ramMb) + 100).toBe(ramMb);
      },
    ),
  );
});

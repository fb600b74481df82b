import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocatable, kernelMemoryMb } from "../../../components/cluster/capacity";
import { PROBE_REQUESTS } from "../../../components/cvmfs/requests";
import { daemons } from "../../../components/features/features";
import { NODE_EXPORTER_REQUESTS } from "../../../components/monitoring/nodeExporterPod";
import { KUBE_PROXY_REQUESTS } from "../../../components/network/requests";
import { LOG_SHIPPER_REQUESTS } from "../../../components/traceability/logShipperPod";
import { site } from "../../support/sites";

const reserved = { kube: { cpuMilli: 150, memoryMb: 384 }, system: { cpuMilli: 150, memoryMb: 384 } };

test("an 8-core node of 16 GiB with the default reservations, flannel and a policy engine leaves 7.5 cores and 14,982 MiB", () => {
  const left = allocatable({ vcpus: 8, ramMb: 16384 }, reserved, daemons(site("small")));
  expect(left).toEqual({ cpuMilli: 7500, memoryMb: 14982 });
});

describe("requests of every node's daemons", () => {
  const none = { plugin: "none", policyEngine: "none" } as const;
  const requests = (changes: object) => {
    const plain = site("small");
    return daemons({ ...plain, network: { ...plain.network, ...none }, ...changes });
  };

  test("are kube-proxy's alone on a site without any feature that runs on every node", () => {
    expect(requests({})).toEqual([KUBE_PROXY_REQUESTS]);
  });

  test("are those of each feature that the site uses", () => {
    expect(requests({ cvmfs: { mode: "host" } })).toEqual([KUBE_PROXY_REQUESTS, PROBE_REQUESTS]);
    expect(requests({ cvmfs: { mode: "csi" } }).map(({ memoryMb }) => memoryMb)).toEqual([0, 64, 512]);
    const watched = { monitoring: { mode: "prometheus" } };
    expect(requests(watched)).toEqual([KUBE_PROXY_REQUESTS, NODE_EXPORTER_REQUESTS]);
    expect(requests({ ...watched, logs: { mode: "otlp" } })).toEqual([
      KUBE_PROXY_REQUESTS,
      NODE_EXPORTER_REQUESTS,
      LOG_SHIPPER_REQUESTS,
    ]);
  });
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

/** Components in a program that has no site file: typed arguments are all they need, and a transform changes the rest. */
import { describe, expect, test } from "vitest";
import { UNKNOWN_CLUSTER } from "../../../components/cluster/capabilities";
import { Squid } from "../../../components/cvmfs/Squid";
import { QueueNamespace } from "../../../components/security/QueueNamespace";
import { record, type Request } from "../../../stacks/site/offline/recorder";

const CONTEXT = {
  site: { name: "elsewhere" },
  network: { podCidr: "10.1.0.0/16", serviceCidr: "10.2.0.0/16" },
  capabilities: UNKNOWN_CLUSTER,
};

const SQUID = {
  ...CONTEXT,
  monitored: false,
  storageClass: "fast",
  retainClaims: false,
  squid: {
    replicas: 2,
    pool: "any",
    cacheGb: 20,
    memoryMb: 256,
    exposure: "none" as const,
    nodePort: 30_128,
    destinations: [".cern.ch"],
    snmpCidrs: [],
  },
};

interface StatefulSet {
  metadata: { name: string };
  spec: { replicas: number; template: { spec: { nodeSelector: object } } };
}

const statefulSet = (request: Request) => request.inputs as unknown as StatefulSet;
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";

describe("a component in another program", () => {
  test("squids are declared from typed arguments, on any Linux node of a cluster that the program knows nothing of", async () => {
    const { recording } = await record({}, () => new Squid("proxy", SQUID));
    const { spec } = statefulSet(recording.only(STATEFUL_SET, "proxy"));
    expect([spec.replicas, spec.template.spec.nodeSelector]).toEqual([2, { "kubernetes.io/os": "linux" }]);
  });

  test("a transform that is a function changes arguments and options of the object before it is registered", async () => {
    const { recording } = await record({}, () => {
      new Squid("proxy", {
        ...SQUID,
        transform: {
          statefulSet: (args, opts, name) => {
            args.metadata = { name: `${name}-renamed` };
            opts.protect = true;
          },
        },
      });
    });
    const request = recording.only(STATEFUL_SET, "proxy");
    expect([statefulSet(request).metadata, request.protect]).toEqual([{ name: "proxy-renamed" }, true]);
    expect(statefulSet(request).spec.replicas).toBe(2);
  });

  test("a transform that is a value replaces these keys, and no other object changes", async () => {
    const args = {
      ...CONTEXT,
      queueName: "ELSEWHERE",
      queueCount: 1,
      harvesterSubject: { kind: "User", name: "harvester" } as const,
      security: { imageRegistries: [], pilotPorts: { tcp: [443], udp: [] }, pilotCidrs: [], closedCidrs: [] },
      cvmfs: { mode: "none" } as const,
      queue: {
        namespace: "jobs",
        pool: "any",
        largestJob: { cores: 8, memoryMb: 16_000, scratchMb: 80_000 },
        cpuRequestPercent: 90,
        workflow: "pull" as const,
        image: "registry.example/pilot:1",
        seccomp: "RuntimeDefault" as const,
        maxHours: 96,
        keepFinishedHours: 24,
        pendingPercent: 40,
      },
    };
    const declared = async (transform?: object) => {
      const { recording } = await record({}, () => new QueueNamespace("jobs", { ...args, transform }));
      return recording.requests.map(({ type, inputs }) => [type, inputs] as const);
    };
    const plain = await declared();
    const spec = { hard: { "count/jobs.batch": "5" } };
    const changed = await declared({ quota: { spec } });
    const quota = "kubernetes:core/v1:ResourceQuota";
    expect(changed.find(([type]) => type === quota)?.[1]).toMatchObject({ metadata: { name: "queue" }, spec });
    expect(changed.filter(([type]) => type !== quota)).toEqual(plain.filter(([type]) => type !== quota));
  });
});

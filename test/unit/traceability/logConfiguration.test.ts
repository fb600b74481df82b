import { describe, expect, test } from "vitest";
import type { Site } from "../../../stacks/site/site";
import type { Sections, Variant } from "../../support/sites";
import { configurationOf, policyOf, shipping, siteOf, small } from "./logParts";

describe("what is read", () => {
  async function receivers(logs: Sections, more: Sections = {}, variant?: Variant) {
    return configurationOf(await shipping(siteOf(logs, more, variant))).receivers;
  }

  test("is the audit log, also files set aside, and the output of all containers but its own", async () => {
    const read = await receivers({});
    expect(read["file_log/audit"].include).toEqual(["/var/log/kubernetes/audit*.log"]);
    expect(read["file_log/containers"].include).toEqual(["/var/log/pods/*_*/*/*.log", "/var/log/pods/*_*/*/*.log.*"]);
    expect(read["file_log/containers"].exclude).toContain("/var/log/pods/atlas-site-logs_log-shipper-*/*/*");
  });

  test("is of jobs alone, by their queues' namespaces, when the site says so; or of no container", async () => {
    const queue = { pool: "batch", largestJob: { cores: 8, memoryMb: 14_000, scratchMb: 20_000 } };
    const queues = { "B-K8S": { ...queue, namespace: "two" }, "A-K8S": { ...queue, namespace: "one" } };
    const jobs = await receivers({ containers: "jobs" }, { queues });
    expect(jobs["file_log/containers"].include).toEqual([
      "/var/log/pods/one_*/*/*.log",
      "/var/log/pods/one_*/*/*.log.*",
      "/var/log/pods/two_*/*/*.log",
      "/var/log/pods/two_*/*/*.log.*",
    ]);
    expect(Object.keys(await receivers({ containers: "none" }))).toEqual(["file_log/audit"]);
    expect(Object.keys(await receivers({}, {}, "existing"))).toEqual(["file_log/containers"]);
  });

  test("is never given up: places in files and what is to be sent are on the disk, and both are tried for ever", async () => {
    const { receivers: read, exporters, service } = configurationOf(await shipping(small));
    for (const receiver of Object.values(read)) {
      expect(receiver).toMatchObject({
        start_at: "beginning",
        storage: "file_storage",
        retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
      });
    }
    expect(exporters.otlp_http).toMatchObject({
      endpoint: "https://logs.example:4318",
      retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
      sending_queue: { storage: "file_storage", block_on_overflow: true },
    });
    // A batch processor would hold lines in memory that are already counted as read.
    expect(service.pipelines.logs.processors).toEqual(["memory_limiter"]);
  });
});

describe("the network policy", () => {
  async function specOf(site: Site) {
    return policyOf(await shipping(site)).inputs.spec as {
      policyTypes: string[];
      ingress?: object[];
      egress: { to: { ipBlock?: { cidr: string; except?: string[] } }[]; ports: { port: number }[] }[];
    };
  }

  test("lets to an archive with an address there alone, not even to the name service", async () => {
    const { egress } = await specOf(siteOf({ endpoint: "http://192.0.2.7" }));
    expect(egress).toEqual([{ to: [{ ipBlock: { cidr: "192.0.2.7/32" } }], ports: [{ protocol: "TCP", port: 80 }] }]);
  });

  test("lets to one with a name its port anywhere but in the site's own networks", async () => {
    const { egress } = await specOf(small);
    expect(egress).toHaveLength(2);
    expect(egress[0].ports.map(({ port }) => port)).toEqual([53, 53]);
    expect(egress[1]).toEqual({
      to: [
        {
          ipBlock: {
            cidr: "0.0.0.0/0",
            except: ["10.244.0.0/16", "10.64.0.0/22", "10.96.0.0/16", "127.0.0.0/8", "169.254.0.0/16"],
          },
        },
      ],
      ports: [{ protocol: "TCP", port: 4318 }],
    });
    const { egress: byDefault } = await specOf(siteOf({ endpoint: "https://logs.example/otlp" }));
    expect(byDefault[1].ports).toEqual([{ protocol: "TCP", port: 443 }]);
  });

  test("lets nobody in: monitoring has a policy of its own for its scrapes", async () => {
    const monitoring = { mode: "prometheus", pool: "control", memoryMb: 512 };
    const watched = siteOf({}, { monitoring, storage: { class: "existing", name: "fast" } });
    for (const spec of [await specOf(small), await specOf(watched)]) {
      expect([spec.policyTypes, spec.ingress]).toEqual([["Ingress", "Egress"], undefined]);
    }
  });
});

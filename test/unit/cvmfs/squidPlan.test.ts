import { capabilities } from "../../../components/cluster/capabilities";
import { cvmfsArgs } from "../../support/componentArgs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { squidConfiguration } from "../../../components/cvmfs/squidConfig";
import { cacheMegabytes, squidNodePorts, squidPlacement, trafficPolicy } from "../../../components/cvmfs/squidPlan";
import { squidPolicy } from "../../../components/cvmfs/squidPolicy";
import { cvmfsSchema } from "../../../stacks/site/schema/cvmfs";
import type { Site, Squid } from "../../../stacks/site/site";
import { cvmfsSite } from "./cvmfsSites";

const site = cvmfsSite({ mode: "host" });

function squid(changes: Partial<Squid> = {}): Squid {
  const cvmfs = cvmfsSchema.parse({ mode: "host", squid: { pool: "services", ...changes } });
  return (cvmfs as { squid: Squid }).squid;
}

/** The site with that many machines in the pool of the squids. */
function machines(count: number, role: "services" | "control-plane" = "services"): Site {
  const { cloud } = site;
  const pool = { ...cloud!.pools.services, role, count };
  return { ...site, cloud: { ...cloud!, pools: { ...cloud!.pools, services: pool } } };
}

const without: Site = { ...site, cloud: undefined };

describe("where squids run", () => {
  test("on different machines as far as there are enough; else all the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }), (replicas, count) => {
        const [spread] = squidPlacement(capabilities(machines(count)), squid({ replicas })).topologySpreadConstraints;
        expect(spread.whenUnsatisfiable).toBe(count >= replicas ? "DoNotSchedule" : "ScheduleAnyway");
        expect(spread.labelSelector.matchLabels).toEqual({ "app.kubernetes.io/name": "squid" });
      }),
    );
  });

  test("on the machines of their pool, whatever keeps other pods from it", () => {
    const placement = squidPlacement(capabilities(machines(3, "control-plane")), squid());
    expect(placement.nodeSelector).toEqual({ "atlas-site/pool": "services" });
    expect(placement.tolerations.map(({ key }) => key)).toEqual(["node-role.kubernetes.io/control-plane"]);
    const { cloud, ...rest } = machines(2);
    const taints = [{ key: "site.example/services", value: "", effect: "NoExecute" as const }];
    const services = { ...cloud!.pools.services, taints };
    const tainted = { ...rest, cloud: { ...cloud!, pools: { ...cloud!.pools, services } } };
    expect(squidPlacement(capabilities(tainted), squid()).tolerations).toEqual([
      { key: "site.example/services", operator: "Exists", effect: "NoExecute" },
    ]);
  });

  test("anywhere in a cluster whose machines are not the site's", () => {
    const placement = squidPlacement(capabilities(without), squid());
    expect(placement.nodeSelector).toEqual({ "kubernetes.io/os": "linux" });
    expect(placement.topologySpreadConstraints[0].whenUnsatisfiable).toBe("ScheduleAnyway");
  });
});

describe("who reaches squids", () => {
  const policy = (of: Site, changes: Partial<Squid>) => squidPolicy(cvmfsArgs(of), squid(changes));
  const blocks = (of: Site, changes: Partial<Squid>) =>
    policy(of, changes).ingress![0].from.flatMap((peer) => ("ipBlock" in peer ? [peer.ipBlock.cidr] : []));

  test("with their own address only where each machine of the pool has a squid, or a balancer asks the machines", () => {
    const of = (count: number, replicas: number, exposure: Squid["exposure"]) =>
      trafficPolicy(capabilities(machines(count)), squid({ replicas, exposure }));
    expect(of(2, 2, "nodePort")).toBe("Local");
    expect(of(1, 2, "nodePort")).toBe("Local");
    expect(of(3, 2, "nodePort")).toBe("Cluster");
    expect(of(3, 2, "loadBalancer")).toBe("Local");
    expect(trafficPolicy(capabilities(without), squid({ exposure: "nodePort" }))).toBe("Cluster");
  });

  test("are jobs and services of the site; machines only where the squids are exposed, with the address their packets have then", () => {
    expect(blocks(machines(2), {})).toEqual([]);
    expect(blocks(machines(2), { exposure: "nodePort" })).toEqual(["10.64.0.0/22"]);
    expect(blocks(machines(3), { exposure: "nodePort" })).toEqual(["10.64.0.0/22", "10.244.0.0/16"]);
    const selectors = policy(site, {}).ingress![0].from.map((peer) =>
      "ipBlock" in peer ? {} : peer.namespaceSelector,
    );
    expect(selectors).toEqual([
      { matchExpressions: [{ key: "atlas-site/queue", operator: "Exists" }] },
      { matchLabels: { "atlas-site/infrastructure": "true" } },
    ]);
  });

  test("by SNMP are its readers", () => {
    const { ingress } = policy(site, { snmpCidrs: ["192.0.2.0/24", "198.51.100.0/24"] });
    expect(ingress![1]).toEqual({
      from: [{ ipBlock: { cidr: "192.0.2.0/24" } }, { ipBlock: { cidr: "198.51.100.0/24" } }],
      ports: [{ protocol: "UDP", port: 3401 }],
    });
    expect(policy(site, {}).ingress).toHaveLength(1);
  });

  test("and they reach names and the world, nothing of the site", () => {
    const [, world] = policy(site, {}).egress!;
    expect(world).toEqual({
      to: [
        {
          ipBlock: {
            cidr: "0.0.0.0/0",
            except: ["10.64.0.0/22", "10.244.0.0/16", "10.96.0.0/16", "169.254.0.0/16"],
          },
        },
      ],
      ports: [80, 8000, 8080].map((port) => ({ protocol: "TCP", port })),
    });
  });
});

describe("node ports", () => {
  test("are two different ones in Kubernetes' range, whatever the site names", () => {
    fc.assert(
      fc.property(fc.integer({ min: 30_000, max: 32_767 }), (nodePort) => {
        const ports = squidNodePorts(squid({ exposure: "nodePort", nodePort, snmpCidrs: ["192.0.2.0/24"] }))!;
        expect(ports.proxy).toBe(nodePort);
        expect(ports.snmp).not.toBe(nodePort);
        expect(ports.snmp).toBeGreaterThanOrEqual(30_000);
        expect(ports.snmp).toBeLessThanOrEqual(32_767);
      }),
    );
    expect(squidNodePorts(squid())).toBeUndefined();
  });
});

describe("the configuration", () => {
  const lines = (of: Site, changes: Partial<Squid> = {}) =>
    squidConfiguration(cvmfsArgs(of), squid(changes)).split("\n");

  test("leaves a part of the volume to file system and index", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (cacheGb) => {
        const megabytes = cacheMegabytes(squid({ cacheGb }));
        expect(megabytes).toBeLessThanOrEqual(cacheGb * 1024 * 0.85);
        expect(megabytes).toBeGreaterThan(cacheGb * 1024 * 0.84);
      }),
    );
  });

  test("serves pods and machines of the site, to destinations of the site file, and ends in a refusal of all else", () => {
    const access = lines(site, { destinations: [".one.example", "two.example"] }).filter((line) =>
      /^(acl (pods|machines|origins)|http_access)/.test(line),
    );
    expect(access).toEqual([
      "acl pods src 10.244.0.0/16",
      "acl machines src 10.64.0.0/22",
      "acl origins dstdomain -n .one.example",
      "acl origins dstdomain -n two.example",
      "http_access allow localhost manager",
      "http_access deny manager",
      "http_access deny !pods !machines",
      "http_access deny CONNECT",
      "http_access deny !origin_ports",
      "http_access allow origins",
      "http_access deny all",
    ]);
  });

  test("answers SNMP to its readers, or does not listen", () => {
    expect(lines(site)).toContain("snmp_port 0");
    const open = lines(site, { snmpCidrs: ["192.0.2.0/24"] });
    expect(open).toContain("acl snmp_readers src 192.0.2.0/24");
    expect(open.indexOf("snmp_access deny all")).toBeGreaterThan(
      open.findIndex((line) => line.includes("allow public")),
    );
  });
});

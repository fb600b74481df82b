import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupOf, planFirewall, planGroups, type FirewallRule } from "../../../components/cloud/firewall";
import { squidOpenings } from "../../../components/cvmfs/openings";
import { scrapeOpenings } from "../../../components/monitoring/openings";
import { cvmfsSchema } from "../../../stacks/site/schema/cvmfs";
import { monitoringSchema } from "../../../stacks/site/schema/monitoring";
import type { Cloud } from "../../../stacks/site/site";
import { anyCloud } from "../../support/anyCloud";
import { kubeadmSite } from "../../support/sites";

/** Ports that anything but these may never reach. */
const SSH = 22;
const API = 6443;
const NODE_PORTS: readonly [number, number] = [30_000, 32_767];

function opens(rule: FirewallRule, first: number, last = first): boolean {
  return rule.protocol === "icmp" || rule.ports === undefined ? false : rule.ports[0] <= last && first <= rule.ports[1];
}

/** Rules that open a TCP port of a group, and from where. */
function sources(cloud: Cloud, group: FirewallRule["group"], port: number): string[] {
  return planFirewall(cloud)
    .filter((rule) => rule.group === group && rule.protocol === "tcp" && opens(rule, port))
    .map(({ from }) => ("group" in from ? from.group : from.cidr))
    .sort();
}

function everyCloud(check: (cloud: Cloud) => void): void {
  fc.assert(fc.property(anyCloud, check));
}

describe("the firewall", () => {
  test("names every rule once, says why it is there, and gives each its ports", () => {
    everyCloud((cloud) => {
      const rules = planFirewall(cloud);
      expect(new Set(rules.map((rule) => rule.name)).size).toBe(rules.length);
      for (const rule of rules) {
        expect(rule.name).toMatch(/^[a-z0-9-]+$/);
        expect(rule.why.length).toBeGreaterThan(10);
        expect(rule.protocol === "icmp").toBe(rule.ports === undefined);
        expect(rule.ports === undefined || (rule.ports[0] > 0 && rule.ports[0] <= rule.ports[1])).toBe(true);
      }
    });
  });

  test("has no two rules that Neutron would call the same", () => {
    everyCloud((cloud) => {
      const bodies = planFirewall(cloud).map(({ group, protocol, ports, from }) =>
        JSON.stringify({ group, protocol, ports, from }),
      );
      expect(new Set(bodies).size).toBe(bodies.length);
    });
  });

  test("speaks only of groups that the site makes", () => {
    everyCloud((cloud) => {
      const groups = planGroups(cloud);
      for (const { group, from } of planFirewall(cloud)) {
        expect(groups).toContain(group);
        expect("group" in from ? groups : [group]).toContain("group" in from ? from.group : group);
      }
      expect(groups.includes("bastion")).toBe(cloud.bastion !== undefined);
    });
  });

  test("opens nothing but API, etcd, kubelet, overlay and ssh: without squids all node ports stay closed", () => {
    everyCloud((cloud) => {
      for (const rule of planFirewall(cloud)) {
        expect(opens(rule, ...NODE_PORTS)).toBe(false);
        expect(["22-22", "2379-2380", "6443-6443", "8472-8472", "10250-10250"]).toContain(rule.ports?.join("-"));
      }
    });
  });

  test("lets only the control plane to etcd and to kubelets", () => {
    everyCloud((cloud) => {
      for (const port of [2379, 2380]) {
        expect(sources(cloud, "control-plane", port)).toEqual(["control-plane"]);
        expect(sources(cloud, "worker", port)).toEqual([]);
      }
      expect(sources(cloud, "control-plane", 10250)).toEqual(["control-plane"]);
      expect(sources(cloud, "worker", 10250)).toEqual(["control-plane"]);
    });
  });

  test("lets to the API the nodes (or the load balancer, who speaks for them) and the CIDRs the site names, no one else", () => {
    everyCloud((cloud) => {
      const named = cloud.apiEndpoint.allowedCidrs.filter((cidr) => cidr !== cloud.network.cidr);
      const own = cloud.apiEndpoint.kind === "loadBalancer" ? [cloud.network.cidr] : ["control-plane", "worker"];
      expect(sources(cloud, "control-plane", API)).toEqual([...named, ...own].sort());
      expect(sources(cloud, "worker", API)).toEqual([]);
    });
  });

  test("carries the pod network between all nodes and from nowhere else", () => {
    everyCloud((cloud) => {
      const overlay = planFirewall(cloud).filter((rule) => rule.protocol === "udp");
      const pairs = overlay.map(({ group, from }) => `${"group" in from ? from.group : from.cidr} to ${group}`);
      expect(pairs.sort()).toEqual([
        "control-plane to control-plane",
        "control-plane to worker",
        "worker to control-plane",
        "worker to worker",
      ]);
      overlay.forEach((rule) => expect(rule.ports).toEqual([8472, 8472]));
    });
  });

  test("opens ssh only to those the site names: nobody by default", () => {
    const closed = kubeadmSite("small").cloud;
    expect(planFirewall(closed).filter((rule) => opens(rule, SSH))).toEqual([]);
    everyCloud((cloud) => {
      const way = cloud.bastion === undefined ? [] : ["bastion"];
      for (const group of ["control-plane", "worker"] as const) {
        expect(sources(cloud, group, SSH)).toEqual([...cloud.sshCidrs, ...way].sort());
      }
      expect(sources(cloud, "bastion", SSH)).toEqual([...(cloud.bastion?.allowedCidrs ?? [])].sort());
    });
  });

  test("opens the squids' node port to batch machines alone, where their clients are on the hosts and it is wanted", () => {
    const { cloud } = kubeadmSite("zonesVolumesTaints");
    const nodePorts = (mode: string, squid: object) => {
      const cvmfs = cvmfsSchema.parse({ mode, squid: { pool: "control", ...squid } });
      return planFirewall(cloud, squidOpenings(cloud, cvmfs))
        .filter((rule) => opens(rule, ...NODE_PORTS))
        .map(({ group, protocol, ports, from }) => [
          group,
          protocol,
          ...(ports ?? []),
          Object.values(from)[0] as string,
        ]);
    };
    expect(nodePorts("host", {})).toEqual([]);
    expect(nodePorts("csi", { exposure: "nodePort" })).toEqual([]);
    expect(nodePorts("host", { exposure: "nodePort" })).toEqual([["control-plane", "tcp", 30_128, 30_128, "worker"]]);
    expect(nodePorts("host", { exposure: "nodePort", pool: "batch", snmpCidrs: ["192.0.2.0/24"] })).toEqual([
      ["worker", "tcp", 30_128, 30_128, "worker"],
      ["worker", "udp", 30_129, 30_129, "192.0.2.0/24"],
    ]);
    // The load balancer speaks for its clients, from wherever in the machine network it is.
    expect(nodePorts("csi", { exposure: "loadBalancer", nodePort: 32_767, snmpCidrs: ["192.0.2.0/24"] })).toEqual([
      ["control-plane", "tcp", 32_767, 32_767, "10.64.0.0/22"],
      ["control-plane", "udp", 32_766, 32_766, "10.64.0.0/22"],
    ]);
  });

  test("lets Prometheus' machines to metrics of every machine, where the site is watched, and nobody else", () => {
    const { cloud } = kubeadmSite("hostCvmfs");
    const opened = (pool: string) => {
      const monitoring = monitoringSchema.parse({ mode: "prometheus", pool });
      const plain = planFirewall(cloud).map(({ name }) => name);
      return planFirewall(cloud, scrapeOpenings(cloud, monitoring))
        .filter(({ name }) => !plain.includes(name))
        .map(
          ({ group, protocol, ports, from }) => `${protocol} ${ports?.join("-")} ${Object.values(from)[0]} to ${group}`,
        )
        .sort();
    };
    const control = [11_257, 11_259, 11_381];
    expect(opened("services")).toEqual(
      [
        ...control.map((port) => `tcp ${port}-${port} worker to control-plane`),
        ...["control-plane", "worker"].flatMap((group) =>
          [9100, 10_250].map((port) => `tcp ${port}-${port} worker to ${group}`),
        ),
      ].sort(),
    );
    // The control plane is let to kubelets already, and Neutron refuses a rule that is there.
    expect(opened("control")).toEqual(
      [
        ...control.map((port) => `tcp ${port}-${port} control-plane to control-plane`),
        ...["control-plane", "worker"].map((group) => `tcp 9100-9100 control-plane to ${group}`),
      ].sort(),
    );
  });

  test("has no two rules alike where the site is watched, either", () => {
    const monitoring = monitoringSchema.parse({ mode: "prometheus", pool: "control" });
    everyCloud((cloud) => {
      const rules = planFirewall(cloud, scrapeOpenings(cloud, monitoring));
      expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
      const bodies = rules.map(({ group, protocol, ports, from }) => JSON.stringify({ group, protocol, ports, from }));
      expect(new Set(bodies).size).toBe(bodies.length);
    });
  });

  test("keeps every rule's name when another CIDR is added", () => {
    everyCloud((cloud) => {
      const more = { ...cloud, apiEndpoint: { ...cloud.apiEndpoint, allowedCidrs: ["203.0.113.0/24"] } };
      const nodes = planFirewall(cloud).filter((rule) => !rule.name.startsWith("api-from-"));
      expect(planFirewall(more)).toEqual(expect.arrayContaining(nodes));
    });
  });

  test("gives batch and services machines one group, the control plane its own", () => {
    expect([groupOf("control-plane"), groupOf("batch"), groupOf("services")]).toEqual([
      "control-plane",
      "worker",
      "worker",
    ]);
  });
});

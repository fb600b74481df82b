import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  controlPlaneMachines,
  demand,
  internalApiAddress,
  planPools,
  tags,
  type MachinePlan,
} from "../../../components/cloud/plan";
import { addressNumber } from "../../../stacks/site/ipv4";
import type { Cloud } from "../../../stacks/site/site";
import { anyCloud, anyCloudAndPool } from "../../support/anyCloud";
import { kubeadmSite } from "../../support/sites";

function machines(cloud: Cloud): MachinePlan[] {
  return planPools("site", cloud).flatMap((pool) => [...pool.machines]);
}

/** A copy of the cloud with one pool changed. */
function withPool(cloud: Cloud, name: string, change: Partial<Cloud["pools"][string]>): Cloud {
  return { ...cloud, pools: { ...cloud.pools, [name]: { ...cloud.pools[name], ...change } } };
}

describe("the plan of machines", () => {
  test("names and addresses are unique in the site, and each address lies in its pool's block", () => {
    fc.assert(
      fc.property(anyCloud, (cloud) => {
        const all = machines(cloud);
        expect(new Set(all.map((machine) => machine.name)).size).toBe(all.length);
        expect(new Set(all.map((machine) => machine.address)).size).toBe(all.length);
        for (const machine of all) {
          const [first, prefix] = cloud.pools[machine.pool].addresses.split("/");
          const offset = addressNumber(machine.address)! - addressNumber(first)!;
          expect(offset).toBe(machine.index + 1);
          expect(offset).toBeLessThan(2 ** (32 - Number(prefix)) - 1);
        }
      }),
    );
  });

  test("every pool has its machines, numbered from 0, with the pool's role, flavor and generation", () => {
    fc.assert(
      fc.property(anyCloud, (cloud) => {
        const pools = planPools("site", cloud);
        expect(pools.map((pool) => pool.name)).toEqual(Object.keys(cloud.pools));
        for (const pool of pools) {
          const wanted = cloud.pools[pool.name];
          expect(pool.machines.map((machine) => machine.index)).toEqual([...Array(wanted.count).keys()]);
          for (const machine of pool.machines) {
            expect(machine.name).toBe(`site-${pool.name}-${machine.index}`);
            expect([machine.role, machine.generation]).toEqual([wanted.role, wanted.generation]);
            expect(machine.flavor).toBe(wanted.flavor);
          }
        }
      }),
    );
  });

  test("growing or shrinking a pool leaves every other machine, and the pool's own lower ones, exactly as they were", () => {
    fc.assert(
      fc.property(anyCloudAndPool, fc.integer({ min: 1, max: 14 }), ({ cloud, picked }, count) => {
        const before = new Map(machines(cloud).map((machine) => [machine.name, machine]));
        const after = machines(withPool(cloud, picked, { count }));
        const kept = after.filter((machine) => before.has(machine.name));
        expect(kept).toHaveLength(
          machines(cloud).length - cloud.pools[picked].count + Math.min(count, cloud.pools[picked].count),
        );
        kept.forEach((machine) => expect(machine).toEqual(before.get(machine.name)));
      }),
    );
  });

  test("a pool's machines do not depend on which other pools there are, nor on their order", () => {
    fc.assert(
      fc.property(anyCloudAndPool, ({ cloud, picked }) => {
        const of = (changed: Cloud) => planPools("site", changed).find((pool) => pool.name === picked);
        const alone = { ...cloud, pools: { [picked]: cloud.pools[picked] } };
        const reversed = { ...cloud, pools: Object.fromEntries(Object.entries(cloud.pools).reverse()) };
        expect(of(alone)).toEqual(of(cloud));
        expect(of(reversed)).toEqual(of(cloud));
      }),
    );
  });

  test("zones are taken in turn by index: two counts differ by one at most; without zones Nova chooses", () => {
    fc.assert(
      fc.property(anyCloud, (cloud) => {
        for (const pool of planPools("site", cloud)) {
          const zones = cloud.pools[pool.name].zones;
          pool.machines.forEach((machine) => expect(machine.zone).toBe(zones[machine.index % (zones.length || 1)]));
          const counts = zones.map((zone) => pool.machines.filter((machine) => machine.zone === zone).length);
          expect(zones.length === 0 ? 0 : Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe("the control plane and its address", () => {
  test("behind a load balancer it is the network's second host address, else the first control-plane machine's", () => {
    fc.assert(
      fc.property(anyCloud, (cloud) => {
        const expected =
          cloud.apiEndpoint.kind === "loadBalancer"
            ? "10.64.0.2"
            : controlPlaneMachines(planPools("site", cloud))[0].address;
        expect(internalApiAddress("site", cloud)).toBe(expected);
      }),
    );
  });

  test("its machines come in index order, whatever pools stand around them", () => {
    const pools = planPools("spread", kubeadmSite("zonesVolumesTaints").cloud);
    expect(controlPlaneMachines(pools).map((machine) => machine.name)).toEqual([
      "spread-control-0",
      "spread-control-1",
      "spread-control-2",
    ]);
  });
});

describe("the demand on the project's quota", () => {
  test("is the sum over the machines, and one more port for the load balancer's and the router's each", () => {
    fc.assert(
      fc.property(anyCloud, (cloud) => {
        const bastion = cloud.bastion === undefined ? [] : [cloud.bastion.flavor];
        const flavors = [...machines(cloud).map((machine) => machine.flavor), ...bastion];
        const got = demand("site", cloud);
        expect(got.instances).toBe(flavors.length);
        expect(got.cores).toBe(flavors.reduce((cores, { vcpus }) => cores + vcpus, 0));
        expect(got.ramMb).toBe(flavors.reduce((ram, { ramMb }) => ram + ramMb, 0));
        const extra = Number(cloud.apiEndpoint.kind === "loadBalancer") + Number(cloud.network.adopt === undefined);
        expect(got.ports).toBe(flavors.length + extra);
        const endpoint = cloud.apiEndpoint.kind === "floatingIp" || cloud.apiEndpoint.floatingIp;
        expect(got.floatingIps).toBe(Number(endpoint) + bastion.length);
      }),
    );
  });

  test("of small sites, counted by hand", () => {
    expect(demand("small", kubeadmSite("small").cloud)).toEqual({
      instances: 3,
      cores: 18,
      ramMb: 36864,
      ports: 5,
      floatingIps: 0,
    });
    expect(demand("bastion", kubeadmSite("bastion").cloud)).toEqual({
      instances: 4,
      cores: 20,
      ramMb: 40960,
      ports: 6,
      floatingIps: 1,
    });
  });
});

test("tags say whose a resource is", () => {
  expect(tags("uvic")).toEqual(["atlas-site", "site=uvic"]);
  expect(tags("uvic", "batch")).toEqual(["atlas-site", "site=uvic", "pool=batch"]);
});

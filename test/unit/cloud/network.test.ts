import { describe, expect, test } from "vitest";
import { runProgram } from "../../support/program";
import { kubeadmSite, type Variant } from "../../support/sites";
import { planFirewall } from "../../../components/cloud/firewall";
import type { Recording } from "../../../stacks/site/offline/recorder";

const NETWORKING = "openstack:networking";
const RULE = `${NETWORKING}/secGroupRule:SecGroupRule`;

async function recordingOf(variant: Variant): Promise<Recording> {
  return (await runProgram(variant)).recording;
}

describe("the machine network", () => {
  test("is made with the router at its first address and Neutron's own addresses inside their block", async () => {
    const recording = await recordingOf("small");
    expect(recording.only(`${NETWORKING}/subnet:Subnet`).inputs).toMatchObject({
      cidr: "10.64.0.0/22",
      ipVersion: 4,
      gatewayIp: "10.64.0.1",
      allocationPools: [{ start: "10.64.3.1", end: "10.64.3.254" }],
      networkId: "cloud-id",
    });
    expect(recording.only(`${NETWORKING}/routerInterface:RouterInterface`).deleteBeforeReplace).toBe(true);
  });

  test("keeps its router on the external network it was born on, whatever that name comes to mean", async () => {
    const router = (await recordingOf("small")).only(`${NETWORKING}/router:Router`);
    expect(router.inputs.externalNetworkId).toBe("network-public");
    expect(router.ignoreChanges).toEqual(["externalNetworkId"]);
  });

  test("without an external network has no router", async () => {
    const recording = await recordingOf("internal");
    expect(recording.ofType(`${NETWORKING}/router:Router`)).toEqual([]);
    expect(recording.invokes.map(({ token }) => token)).toEqual(["openstack:images/getImage:getImage"]);
  });

  test("takes the newest image of a name: without saying so, two of that name end the run", async () => {
    const [{ inputs }] = (await recordingOf("internal")).invokes;
    expect(inputs).toEqual({ name: expect.any(String) as string, mostRecent: true });
  });

  test("when adopted is never made nor changed: machines go by its ids", async () => {
    const recording = await recordingOf("adopted");
    for (const type of ["network:Network", "subnet:Subnet", "router:Router", "routerInterface:RouterInterface"]) {
      expect(recording.ofType(`${NETWORKING}/${type}`)).toEqual([]);
    }
    expect(recording.only(`${NETWORKING}/port:Port`, "batch-0").inputs).toMatchObject({
      networkId: "0b6f5c1e-8a3d-4b52-9f7e-1d2c3b4a5968",
      fixedIps: [{ subnetId: "9d8c7b6a-5f4e-4d3c-8b2a-19087f6e5d4c" }],
    });
  });
});

describe("security groups", () => {
  test.each(["small", "bastion", "internal"] as const)(
    "of %s carry the rule table and nothing else",
    async (variant) => {
      const recording = await recordingOf(variant);
      const planned = planFirewall(kubeadmSite(variant).cloud);
      const made = recording.ofType(RULE);
      expect(made.map(({ name }) => name).sort()).toEqual(planned.map(({ name }) => `cloud-${name}`).sort());
      for (const rule of planned) {
        const { inputs } = recording.only(RULE, `cloud-${rule.name}`);
        expect(inputs).toEqual({
          direction: "ingress",
          ethertype: "IPv4",
          securityGroupId: `cloud-${rule.group}-id`,
          protocol: rule.protocol,
          ...(rule.ports === undefined ? {} : { portRangeMin: rule.ports[0], portRangeMax: rule.ports[1] }),
          ...("group" in rule.from
            ? { remoteGroupId: `cloud-${rule.from.group}-id` }
            : { remoteIpPrefix: rule.from.cidr }),
          description: rule.why,
        });
      }
    },
  );

  test("replace a rule only after the old one is gone: Neutron refuses two that are alike", async () => {
    const rules = (await recordingOf("bastion")).ofType(RULE);
    expect(rules.length).toBeGreaterThan(10);
    rules.forEach((rule) => expect(rule.deleteBeforeReplace).toBe(true));
  });

  test("keep Neutron's egress rules, which the egress of pilots stands on", async () => {
    const groups = (await recordingOf("small")).ofType(`${NETWORKING}/secGroup:SecGroup`);
    expect(groups.length).toBeGreaterThan(0);
    groups.forEach((group) => expect(group.inputs).not.toHaveProperty("deleteDefaultRules"));
  });
});

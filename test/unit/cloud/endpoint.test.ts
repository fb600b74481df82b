import { describe, expect, test } from "vitest";
import type { Recording } from "../../../stacks/site/offline/recorder";
import { runProgram } from "../../support/program";
import type { Variant } from "../../support/sites";

const FLOATING_IP = "openstack:networking/floatingIp:FloatingIp";
const ASSOCIATION = "openstack:networking/floatingIpAssociate:FloatingIpAssociate";
const balancer = (kind: string) => `openstack:loadbalancer/${kind}`;
const KINDS = ["loadBalancer:LoadBalancer", "listener:Listener", "pool:Pool", "member:Member", "monitor:Monitor"];

async function recordingOf(variant: Variant): Promise<Recording> {
  return (await runProgram(variant)).recording;
}

describe("the load balancer before the API", () => {
  test("has the right members on 6443 and lets in only the machine network and the CIDRs the site names", async () => {
    const recording = await recordingOf("zonesVolumesTaints");
    expect(recording.only(balancer("loadBalancer:LoadBalancer")).inputs).toMatchObject({
      vipSubnetId: "cloud-id",
      vipAddress: "10.64.0.2",
    });
    expect(recording.only(balancer("listener:Listener")).inputs).toMatchObject({
      protocol: "TCP",
      protocolPort: 6443,
      allowedCidrs: ["10.64.0.0/22", "192.0.2.0/24"],
    });
    const members = recording.ofType(balancer("member:Member"));
    expect(members.map(({ inputs }) => [inputs.name, inputs.address, inputs.protocolPort, inputs.subnetId])).toEqual([
      ["spread-control-0", "10.64.0.17", 6443, "cloud-id"],
      ["spread-control-1", "10.64.0.18", 6443, "cloud-id"],
      ["spread-control-2", "10.64.0.19", 6443, "cloud-id"],
    ]);
  });

  test("holds connections for an hour: watches and exec live longer than Octavia's 50 s", async () => {
    const { inputs } = (await recordingOf("small")).only(balancer("listener:Listener"));
    expect([inputs.timeoutClientData, inputs.timeoutMemberData]).toEqual([3_600_000, 3_600_000]);
  });

  test("asks each member's /readyz, often enough for a rebuild and with a timeout within its delay", async () => {
    const { inputs } = (await recordingOf("small")).only(balancer("monitor:Monitor"));
    expect(inputs).toMatchObject({ type: "HTTPS", urlPath: "/readyz", expectedCodes: "200" });
    expect(Number(inputs.timeout)).toBeLessThanOrEqual(Number(inputs.delay));
    expect(Number(inputs.delay)).toBeLessThanOrEqual(5);
  });

  test("replaces each of its parts only after the old one is gone: names, ports and addresses are unique", async () => {
    const recording = await recordingOf("small");
    for (const kind of KINDS) {
      expect(recording.only(balancer(kind)).deleteBeforeReplace, kind).toBe(true);
    }
  });

  test("is not there where the endpoint is another", async () => {
    for (const variant of ["internal", "floatingIpOnMachine"] as const) {
      const recording = await recordingOf(variant);
      KINDS.forEach((kind) => expect(recording.ofType(balancer(kind))).toEqual([]));
    }
  });
});

describe("floating IPs", () => {
  test("on the load balancer: bound to its address port after the router reaches the network", async () => {
    const recording = await recordingOf("floatingIpOnBalancer");
    const association = recording.only(ASSOCIATION);
    expect(association.inputs.portId).toBe("cloud-vip-port");
    const waits = association.dependsOn.map((urn) => recording.byUrn(urn).type);
    expect(waits).toContain("openstack:networking/routerInterface:RouterInterface");
  });

  test("on the machine: bound to its port; the address is in the kubeconfig", async () => {
    const { recording, outputs } = await runProgram("floatingIpOnMachine");
    const association = recording.only(ASSOCIATION);
    expect(association.inputs.portId).toBe("control-0-id");
    expect(association.deleteBeforeReplace).toBe(true);
    const address = String(association.inputs.floatingIp);
    expect(address).toMatch(/^203\.0\.113\.\d+$/);
    expect(outputs.apiUrl.value).toBe(`https://${address}:6443`);
    expect(String(outputs.kubeconfig.value)).toContain(`server: https://${address}:6443`);
  });

  test("are protected wherever there is one: the address is in kubeconfigs and certificates everywhere", async () => {
    for (const [variant, number] of [
      ["floatingIpOnBalancer", 1],
      ["floatingIpOnMachine", 1],
      ["bastion", 1],
      ["small", 0],
    ] as const) {
      const addresses = (await recordingOf(variant)).ofType(FLOATING_IP);
      expect(addresses).toHaveLength(number);
      addresses.forEach((address) => expect(address.protect).toBe(true));
    }
  });
});

describe("without a floating IP", () => {
  test.each([
    ["small", "https://10.64.0.2:6443"],
    ["internal", "https://10.64.0.17:6443"],
  ] as const)("the endpoint of %s is %s, known before anything exists", async (variant, url) => {
    const { outputs } = await runProgram(variant, { preview: true });
    expect(outputs.apiUrl.value).toBe(url);
  });
});

describe("the bastion", () => {
  test("is one machine with its address, its own group and a floating IP; changed boot inputs leave it alone", async () => {
    const recording = await recordingOf("bastion");
    expect(recording.only("openstack:networking/port:Port", "bastion").inputs).toMatchObject({
      fixedIps: [{ ipAddress: "10.64.0.8", subnetId: "cloud-id" }],
      securityGroupIds: ["cloud-bastion-id"],
    });
    const instance = recording.only("openstack:compute/instance:Instance", "bastion");
    const free = Object.keys(instance.inputs).filter((input) => !instance.ignoreChanges.includes(input));
    expect(free.sort()).toEqual(["name", "networks"]);
    expect(instance.replacementTrigger).toBe(1);
    expect(instance.deleteBeforeReplace).toBe(true);
    expect(instance.inputs).not.toHaveProperty("userData");
  });
});

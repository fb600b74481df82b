import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { python } from "../../support/labPython";

const spec = {
  uuid: "0e3c5f52-0000-4000-8000-000000000001",
  name: "control-0",
  vcpus: 2,
  ramMb: 4096,
  userData: Buffer.from("#cloud-config\n").toString("base64"),
  keys: ["ssh-ed25519 AAAA admin"],
  ports: [
    {
      mac: "fa:16:3e:00:00:01",
      mtu: 1450,
      addresses: ["10.64.0.16/22"],
      nameservers: ["10.64.0.2"],
      gateway: "10.64.0.1",
    },
    { mac: "fa:16:3e:00:00:02", mtu: 1500, addresses: ["10.65.0.16/24"], nameservers: [], gateway: "10.65.0.1" },
  ],
};

describe("a machine's user data", () => {
  const files = (given: object) =>
    python<Record<string, string>>(
      "from atlas_lab import seed\n" +
        "print(json.dumps({k: base64.b64encode(v).decode() for k, v in seed.files(spec).items()}))",
      given,
    );
  const text = (given: object, path: string) => Buffer.from(files(given)[path], "base64").toString();

  it("names the instance and its host", () => {
    expect(JSON.parse(text(spec, "var/lib/cloud/seed/nocloud/meta-data"))).toEqual({
      "instance-id": spec.uuid,
      "local-hostname": "control-0",
      "public-keys": spec.keys,
    });
    expect(text(spec, "etc/lab-machine.env")).toBe("MACHINE_NAME=control-0\nFLAVOR_VCPUS=2\nFLAVOR_RAM_MB=4096\n");
  });

  it("configures each port by its MAC, with one default route", () => {
    const network = JSON.parse(text(spec, "var/lib/cloud/seed/nocloud/network-config"));
    expect(network.version).toBe(2);
    expect(network.ethernets.eth0).toEqual({
      match: { macaddress: "fa:16:3e:00:00:01" },
      mtu: 1450,
      dhcp4: false,
      dhcp6: false,
      "accept-ra": false,
      addresses: ["10.64.0.16/22"],
      nameservers: { addresses: ["10.64.0.2"] },
      routes: [{ to: "0.0.0.0/0", via: "10.64.0.1" }],
    });
    expect(network.ethernets.eth1).not.toHaveProperty("routes");
    expect(network.ethernets.eth1).not.toHaveProperty("nameservers");
  });

  it("hands user data on byte for byte, compressed or none", () => {
    const packed = gzipSync("#cloud-config\n").toString("base64");
    const place = "var/lib/cloud/seed/nocloud/user-data";
    expect(files({ ...spec, userData: packed })[place]).toBe(packed);
    expect(text({ ...spec, userData: null }, place)).toBe("");
  });
});

describe("the data plane's plan", () => {
  const rows = {
    gateways: [["10.64.0.1", "10.64.0.0/22"]],
    vips: [["lb", "10.64.3.7"]],
    listeners: [
      ["api", "lb", 6443, "pool", 3600000],
      ["orphan", "gone", 80, null, null],
    ],
    cidrs: [["api", "10.64.0.0/22"]],
    members: [
      ["a", "pool", "10.64.0.16", 6443, "ONLINE", "monitor", "HTTPS", "/readyz"],
      ["b", "pool", "10.64.0.17", 6443, "ONLINE", "monitor", "TCP", null],
      ["c", "pool", "10.64.0.18", 6443, "NO_MONITOR", null, null, null],
    ],
    floating: [
      ["f", "203.0.113.20", "10.64.0.16", "DOWN", "203.0.113.11"],
      ["g", "203.0.113.21", null, "ACTIVE", null],
    ],
  };
  const plan = <T>(call: string) =>
    python<T>(`from atlas_lab import dataplane_plan as p\nprint(json.dumps(${call}, default=str))`, rows);

  it("puts gateways, virtual addresses and associated floating addresses on the bridge", () => {
    expect(plan<string[]>("sorted(p.wanted_addresses(spec))")).toEqual([
      "10.64.0.1/22",
      "10.64.3.7/32",
      "203.0.113.20/32",
    ]);
  });

  it("sends connections to members that are up or have no monitor", () => {
    const call = "list(p.wanted_listeners(spec, {('10.64.0.16', 6443): True, ('10.64.0.17', 6443): False}).items())";
    expect(plan(call)).toEqual([
      [
        ["10.64.3.7", 6443],
        {
          name: "api",
          members: [
            ["10.64.0.16", 6443],
            ["10.64.0.18", 6443],
          ],
          allowed: ["10.64.0.0/22"],
          idle: 3600,
        },
      ],
    ]);
  });

  it("lets a member in at the first good answer and takes it out at the third bad one in a row", () => {
    const rounds = "[False, True, False, False, True, False, False, False, True]";
    const program = `
from atlas_lab import dataplane_plan as p
up, failed, seen = {}, {}, []
for answer in ${rounds}:
    up, failed = p.judged(up, failed, {"a": answer})
    seen.append(up["a"])
print(json.dumps(seen))`;
    expect(python(program, {})).toEqual([false, true, true, true, true, true, true, false, true]);
  });

  it("translates associated floating addresses only", () => {
    const rules = plan<string>("p.nat_rules(spec, '203.0.113.0/24')");
    expect(rules).toContain("-A LAB-FLOATING -d 203.0.113.20/32 -j DNAT --to-destination 10.64.0.16");
    expect(rules).not.toContain("203.0.113.21");
  });

  it("shows a machine its clients outside as they are, and a neighbor behind the floating address as the router", () => {
    const rules = plan<string>("p.nat_rules(spec, '203.0.113.0/24')").split("\n");
    const hairpin = rules.filter((rule) => rule.startsWith("-A LAB-HAIRPIN"));
    expect(hairpin).toHaveLength(1);
    expect(hairpin[0]).toContain("-d 10.64.0.16/32 ! -s 203.0.113.0/24");
    expect(hairpin[0]).toContain("--ctorigdst 203.0.113.20 -j SNAT --to-source 203.0.113.11");
  });
});

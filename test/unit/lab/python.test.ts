import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const folder = resolve(__dirname, "../../lab/python");

/** Runs a line of Python over one JSON value and gives back what it made of it. */
function python<T>(program: string, given: unknown): T {
  const text = `import json, sys, base64\nspec = json.load(sys.stdin)\n${program}`;
  const done = spawnSync("python3", ["-c", text], {
    input: JSON.stringify(given),
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (done.status !== 0) throw new Error(done.stderr || String(done.error));
  return JSON.parse(done.stdout) as T;
}

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

describe("security groups as nftables rules", () => {
  const control = "aaaaaaaa-0000-4000-8000-000000000001";
  const batch = "bbbbbbbb-0000-4000-8000-000000000002";
  const open = "cccccccc-0000-4000-8000-000000000003";
  type Rule = [string, string, string, ...(string | number | null)[]];
  const tcp = (group: string, port: number, cidr: string | null, from: string | null): Rule => {
    return [group, "ingress", "IPv4", "tcp", port, port, cidr, from, null];
  };
  const anyOut = (group: string): Rule => [group, "egress", "IPv4", null, null, null, null, null, null];
  const cloud = {
    ports: [
      [control, "fa:16:3e:00:00:01", 1],
      [batch, "fa:16:3e:00:00:02", 1],
      [open, "fa:16:3e:00:00:03", 0],
    ],
    fixed: [
      [control, "10.64.0.17"],
      [batch, "10.64.1.2"],
      [open, "10.64.3.9"],
    ],
    pairs: [] as unknown[],
    groups: [
      [control, "g-control"],
      [batch, "g-worker"],
    ],
    rules: [
      anyOut("g-control"),
      tcp("g-control", 6443, "10.64.0.0/22", null),
      tcp("g-worker", 10250, null, "g-control"),
      ["g-worker", "ingress", "IPv4", "udp", 8472, 8473, "0.0.0.0/0", null, null],
      ["g-worker", "ingress", "IPv4", "icmp", 8, 0, null, null, null],
      ["g-worker", "ingress", "IPv4", "112", null, null, null, null, "list"],
      ["g-worker", "ingress", "IPv6", "tcp", 443, 443, null, null, null],
    ] as Rule[],
    addressGroups: [["list", "192.0.2.0/25"]],
  };
  /** Statements of each chain and set, by name. */
  const blocks = (given: object): Record<string, string[]> => {
    const text = python<string>(
      "from atlas_lab import security_groups as s\nprint(json.dumps(s.rendered(spec)))",
      given,
    );
    const found: Record<string, string[]> = {};
    let current: string[] = [];
    for (const line of text.split("\n")) {
      const opened = /^(?:chain|set) (\S+) \{$/.exec(line);
      if (opened) current = found[opened[1]] = [];
      else if (line === "}") current = [];
      else current.push(line);
    }
    return found;
  };
  const chain = (direction: string, port: string) => `${direction}_${port.replaceAll("-", "")}`;

  it("let in what the port's groups name and end in a drop, in both directions", () => {
    const found = blocks(cloud);
    expect(found[chain("ingress", control)]).toEqual([
      "ct state invalid counter drop",
      "ip saddr 10.64.0.0/22 tcp dport 6443-6443 accept",
      "counter drop",
    ]);
    expect(found[chain("egress", control)]).toEqual(["ct state invalid counter drop", "accept", "counter drop"]);
    // Its group has no egress rule at all.
    expect(found[chain("egress", batch)]).toEqual(["ct state invalid counter drop", "counter drop"]);
  });

  it("render groups, address groups, port ranges, ICMP types and protocol numbers; IPv6 rules open nothing", () => {
    expect(blocks(cloud)[chain("ingress", batch)]).toEqual([
      "ct state invalid counter drop",
      "icmp type 8 icmp code 0 accept",
      "ip saddr @group_gcontrol tcp dport 10250-10250 accept",
      "ip saddr @list_list ip protocol 112 accept",
      "udp dport 8472-8473 accept",
      "counter drop",
    ]);
    expect(blocks(cloud).list_list).toContain("elements = { 192.0.2.0/25 }");
  });

  it("follow the members of a remote group, an empty one included", () => {
    expect(blocks(cloud).group_gcontrol).toContain("elements = { 10.64.0.17 }");
    const both = { ...cloud, groups: [...cloud.groups, [batch, "g-control"]] };
    expect(blocks(both).group_gcontrol).toContain("elements = { 10.64.0.17, 10.64.1.2 }");
    const none = { ...cloud, groups: [[batch, "g-worker"]] };
    expect(blocks(none).group_gcontrol.join()).not.toContain("elements");
  });

  it("judge egress before and ingress after address translation, and pass what belongs to an accepted connection", () => {
    const { leave, arrive } = blocks(cloud);
    expect(leave[0]).toContain("hook prerouting priority -150");
    expect(arrive[0]).toContain("hook postrouting priority 150");
    expect([leave[1], arrive[1]]).toEqual(Array(2).fill("ct state established,related accept"));
    expect(arrive[2]).toContain(`10.64.1.2 : goto ${chain("ingress", batch)}`);
  });

  it("judge no port without port security, and let no port through that Neutron does not know", () => {
    const { leave, arrive, sent, received } = blocks(cloud);
    expect(leave[2] + arrive[2]).not.toContain("10.64.3.9");
    expect(sent.join()).toContain('"tapcccccccc-00" : accept');
    expect(sent.at(-1)).toBe('iifname "tap*" counter drop');
    expect(received.at(-1)).toBe('oifname "tap*" counter drop');
    const empty = blocks({ ports: [], fixed: [], pairs: [], groups: [], rules: [], addressGroups: [] });
    expect(empty.sent.slice(1)).toEqual(['iifname "tap*" counter drop']);
  });

  it("let a port send from its own addresses and its allowed pairs alone", () => {
    const name = chain("from", control);
    expect(blocks(cloud)[name]).toContain("ether type ip ip saddr != { 10.64.0.17 } counter drop");
    const paired = { ...cloud, pairs: [[control, "fa:16:3e:00:00:01", "10.64.0.2"]] };
    expect(blocks(paired)[name]).toContain("ether type ip ip saddr != { 10.64.0.2, 10.64.0.17 } counter drop");
  });
});

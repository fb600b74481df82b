/** Security groups of the lab's Neutron as nftables rules on the ports of its machines. */
import { describe, expect, it } from "vitest";
import { python } from "../../support/labPython";

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

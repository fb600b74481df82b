/**
 * The firewall, proven by traffic: packets sent from outside and from machines of each group to every port the plan knows
 * and some it does not, and what of it arrives at the other machine's interface.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openings } from "../../../components/features/features";
import { planFirewall, type FirewallRule, type Group } from "../../../components/cloud/firewall";
import { contains } from "../../../stacks/site/ipv4";
import type { Site } from "../../../stacks/site/site";
import type { Lab } from "../lab";
import { exec } from "../namespace";
import { machineFolder, machineNetwork } from "./machineFiles";

/** Where packets come from or go to. */
export interface Place {
  readonly name: string;
  /** Security group of the machine; absent: outside the site. */
  readonly group?: Group;
  readonly address: string;
  /** Network namespace to send from and to listen in. */
  readonly network: string;
}

/** A port that packets are sent to. */
export interface Port {
  readonly protocol: "tcp" | "udp";
  readonly number: number;
}

/** One cell of the matrix. */
export interface Cell {
  readonly from: Place;
  readonly to: Place;
  readonly port: Port;
  /** By the plan. */
  readonly allowed: boolean;
  /** By what came through. */
  readonly arrived: boolean;
}

/** Ports that no site opens: node ports, the control plane's unguarded metrics, BGP, another VXLAN port, DNS, the web. */
export const CLOSED_PORTS: readonly Port[] = [
  ...[80, 179, 2381, 10_256, 10_257, 10_259, 30_000, 32_767].map((number) => ({ protocol: "tcp" as const, number })),
  ...[53, 4789, 10_250].map((number) => ({ protocol: "udp" as const, number })),
];

/** Ports that rules of some site open, as docs/firewall.md lists them. */
export function documentedPorts(page: string): Port[] {
  const cells = [...page.matchAll(/\| (TCP|UDP) (\d+)(?:–(\d+))? \|/g)];
  const ports = cells.flatMap(([, protocol, first, last]) =>
    [first, last ?? first].map((number) => `${protocol.toLowerCase()}/${number}`),
  );
  return [...new Set(ports)].map((port) => {
    const [protocol, number] = port.split("/");
    return { protocol: protocol as Port["protocol"], number: Number(number) };
  });
}

/** Whether the rules let a packet in. */
export function allows(rules: readonly FirewallRule[], from: Place, to: Place, port: Port): boolean {
  return rules.some(({ group, protocol, ports, from: source }) => {
    const here = group === to.group && protocol === port.protocol;
    const matches = ports === undefined || (ports[0] <= port.number && port.number <= ports[1]);
    return here && matches && ("group" in source ? source.group === from.group : contains(source.cidr, from.address));
  });
}

/** A machine of the lab as a place. */
export function machinePlace(lab: Lab, name: string, group: Group): Place {
  const spec = JSON.parse(readFileSync(join(machineFolder(lab, name), "spec.json"), "utf8")) as {
    ports: { addresses: string[] }[];
  };
  const address = spec.ports[0].addresses[0].split("/")[0];
  return { name, group, address, network: machineNetwork(lab, name) };
}

/** First source port; each packet has its own, by which its arrival is known. */
const FIRST_SOURCE_PORT = 20_000;

/** How long senders and listeners give a packet, in seconds: it passes one bridge. */
const SECONDS = 4;

/**
 * Sends from every place to every other one.
 * @param sources places to send from
 * @param targets machines to send to
 */
export async function firewallMatrix(
  site: Site,
  sources: readonly Place[],
  targets: readonly Place[],
  ports: readonly Port[],
): Promise<Cell[]> {
  if (site.cloud === undefined) throw new Error(`site ${site.site.name} has no machines of its own`);
  const rules = planFirewall(site.cloud, openings(site));
  const probes = sources
    .flatMap((from) => targets.filter((to) => to.name !== from.name).map((to) => ({ from, to })))
    .flatMap((pair) => ports.map((port) => ({ ...pair, port })))
    .map((probe, index) => ({ ...probe, sourcePort: FIRST_SOURCE_PORT + index }));
  const heard = targets.map((to) => python(to.network, LISTEN, { seconds: 2 * SECONDS, first: FIRST_SOURCE_PORT }));
  // The listeners' sockets must be open before the first packet.
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 500));
  const sent = sources.map((from) => {
    const own = probes.filter((probe) => probe.from.name === from.name);
    const packets = own.map(({ to, port, sourcePort }) => [port.protocol, to.address, port.number, sourcePort]);
    return python(from.network, SEND, { seconds: SECONDS, from: from.address, packets });
  });
  await Promise.all(sent);
  const arrived = new Map<string, Set<number>>();
  for (const [index, text] of (await Promise.all(heard)).entries()) {
    arrived.set(targets[index].name, new Set(JSON.parse(text) as number[]));
  }
  return probes.map(({ from, to, port, sourcePort }) => ({
    from,
    to,
    port,
    allowed: allows(rules, from, to, port),
    arrived: arrived.get(to.name)?.has(sourcePort) === true,
  }));
}

/** The matrix as a table: a row per port, a column per pair of machines. */
export function matrixTable(cells: readonly Cell[]): string {
  const pairs = [...new Set(cells.map(({ from, to }) => `${from.name} → ${to.name}`))];
  const ports = [...new Set(cells.map(({ port }) => `${port.protocol} ${port.number}`))];
  const seen = new Map(
    cells.map((cell) => [`${cell.port.protocol} ${cell.port.number} ${cell.from.name} → ${cell.to.name}`, cell]),
  );
  const cell = (port: string, pair: string) => {
    const found = seen.get(`${port} ${pair}`);
    const text = found?.arrived === true ? "open" : "-";
    return found !== undefined && found.arrived !== found.allowed ? `${text} (WRONG)` : text;
  };
  const rows = [["port", ...pairs], ...ports.map((port) => [port, ...pairs.map((pair) => cell(port, pair))])];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

async function python(network: string, program: string, given: object): Promise<string> {
  const done = await exec("nsenter", [`--net=/run/netns/${network}`, "--", "/usr/bin/python3", "-c", program], {
    input: JSON.stringify(given),
    timeoutMs: 120_000,
  });
  if (done.code !== 0) throw new Error(`packets in ${network}: exit ${done.code}\n${done.stderr}`);
  return done.stdout;
}

/** Opens each connection and sends each datagram at once, from its own port, and waits for nothing. */
const SEND = `
import json, socket, sys, time
given = json.load(sys.stdin)
kept = []
for protocol, address, port, source in given["packets"]:
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    s = socket.socket(socket.AF_INET, kind)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setblocking(False)
    s.bind((given["from"], source))
    try:
        s.connect((address, port))
        if protocol == "udp":
            s.send(b"lab")
    except BlockingIOError:
        pass
    except PermissionError:
        # What netfilter drops on its way out of this very namespace is refused at once.
        pass
    kept.append(s)
time.sleep(given["seconds"])
`;

/** Source ports of the first packets that come in on eth0, whatever the machine then makes of them. */
const LISTEN = `
import json, socket, struct, sys, time
given = json.load(sys.stdin)
OUTGOING = 4
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
s.bind(("eth0", 0x0800))
s.settimeout(0.2)
seen, end = set(), time.monotonic() + given["seconds"]
while time.monotonic() < end:
    try:
        packet, (_, _, kind, _, _) = s.recvfrom(65535)
    except socket.timeout:
        continue
    header = (packet[0] & 15) * 4
    protocol, segment = packet[9], packet[header:]
    if kind == OUTGOING or protocol not in (6, 17) or len(segment) < 8:
        continue
    source, _ = struct.unpack("!HH", segment[:4])
    opening = protocol == 17 or segment[13] & 0x12 == 0x02
    if opening and given["first"] <= source < given["first"] + 10000:
        seen.add(source)
print(json.dumps(sorted(seen)))
`;

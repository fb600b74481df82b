/** The page of the firewall: every rule of the plan, on a site that uses every feature, with the keys its CIDRs come from. */
import { planFirewall, type FirewallRule } from "../components/cloud/firewall";
import { API_SERVER_PORT } from "../components/kubernetes/ports";
import { squidOpenings } from "../components/cvmfs/openings";
import { scrapeOpenings } from "../components/monitoring/openings";
import { cloudSchema } from "../stacks/site/schema/cloud";
import { cvmfsSchema } from "../stacks/site/schema/cvmfs";
import { monitoringSchema } from "../stacks/site/schema/monitoring";
import type { Cloud, Cvmfs, Monitoring } from "../stacks/site/site";
import { code, generatedFrom, table } from "./markdown";

/** What stands for the CIDRs of a key of the site file. */
const KEYS: Readonly<Record<string, string>> = {
  "10.64.0.0/22": "machine network",
  "192.0.2.0/24": code("cloud.apiEndpoint.allowedCidrs"),
  "198.51.100.0/24": code("cloud.sshCidrs"),
  "203.0.113.0/24": code("cloud.bastion.allowedCidrs"),
  "233.252.0.0/24": code("cvmfs.squid.snmpCidrs"),
};
const [MACHINES, CLIENTS, ADMINISTRATORS, OUTSIDE, MONITORING] = Object.keys(KEYS);

function sampleCloud(kind: Cloud["apiEndpoint"]["kind"]): Cloud {
  const flavor = { name: "any", vcpus: 2, ramMb: 4096, diskGb: 20 };
  const image = { name: "any" };
  return cloudSchema.parse({
    externalNetwork: "any",
    network: { cidr: MACHINES, dynamicAddresses: "10.64.3.0/24" },
    image,
    apiEndpoint: { kind, allowedCidrs: [CLIENTS] },
    sshCidrs: [ADMINISTRATORS],
    bastion: { flavor, image, address: "10.64.0.8", allowedCidrs: [OUTSIDE] },
    quota: { instances: 1, cores: 1, ramMb: 1, ports: 1, floatingIps: 1 },
    pools: {},
  });
}

/** CVMFS on the hosts, with squids of the services pool exposed to the machines or, by a load balancer, to everybody. */
function sampleCvmfs(exposure: "nodePort" | "loadBalancer"): Cvmfs {
  return cvmfsSchema.parse({ mode: "host", squid: { pool: "services", exposure, snmpCidrs: [MONITORING] } });
}

/** Prometheus on a pool for services. */
function sampleMonitoring(): Monitoring {
  return monitoringSchema.parse({ mode: "prometheus", pool: "services" }) as Monitoring;
}

function ports({ protocol, ports: range }: FirewallRule): string {
  if (range === undefined) {
    return protocol;
  }
  const [first, last] = range;
  return `${protocol.toUpperCase()} ${first === last ? first : `${first}–${last}`}`;
}

function rows(rules: readonly FirewallRule[]): string[][] {
  return rules.map((rule) => [
    rule.group,
    ports(rule),
    "group" in rule.from ? rule.from.group : KEYS[rule.from.cidr],
    rule.why,
  ]);
}

const HEAD = ["To", "Port", "From", "Why"];
const isApi = (rule: FirewallRule) => rule.ports?.[0] === API_SERVER_PORT;
const isSquid = (rule: FirewallRule) => rule.name.startsWith("squid-");

/** The page in Markdown. */
export function firewallPage(): string {
  const cloud = sampleCloud("loadBalancer");
  const balanced = planFirewall(cloud, squidOpenings(cloud, sampleCvmfs("nodePort")));
  const squidBalanced = planFirewall(cloud, squidOpenings(cloud, sampleCvmfs("loadBalancer")));
  const direct = planFirewall(sampleCloud("internal"));
  const watched = planFirewall(sampleCloud("internal"), scrapeOpenings(sampleCloud("internal"), sampleMonitoring()));
  return [
    generatedFrom("components/cloud/firewall.ts"),
    "# The firewall",
    [
      "Each machine has the security group of its role: `control-plane`, `worker` (batch and services), `bastion` where the site",
      "has one. The groups let in what this table says and nothing else: above all no node port (30000–32767) but the squids',",
      "no etcd from a worker, no kubelet from another worker. Machines reach out freely, since pilots talk to servers all over the world.",
      "A key of the site file in the third column means one rule for each of its CIDRs; without the key there is no rule.",
    ].join("\n"),
    table(HEAD, rows(balanced)),
    "Without a load balancer (`cloud.apiEndpoint.kind` is `floatingIp` or `internal`) the rules for the API are these instead:",
    table(HEAD, rows(direct.filter(isApi))),
    [
      "The squids' node ports are open only with `cvmfs.squid.exposure`, on the group of the pool they run on; the numbers are",
      "`cvmfs.squid.nodePort` and the one after it. With a load balancer as exposure the rules are these instead:",
    ].join("\n"),
    table(HEAD, rows(squidBalanced.filter(isSquid))),
    [
      "A site that is monitored (`monitoring.mode` is `prometheus`) has these besides, from the group of the pool that Prometheus",
      "runs on; here that is a pool with role services. From a control plane no second rule for kubelets is needed:",
    ].join("\n"),
    table(HEAD, rows(watched.filter((rule) => !direct.some(({ name }) => name === rule.name)))),
    [
      `The load balancer itself lets in the machine network and \`cloud.apiEndpoint.allowedCidrs\`, on TCP ${API_SERVER_PORT} alone.`,
      "With a floating IP on the machine, the same list is held by the machine's own group.",
    ].join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

/** The page of the alerts: every one with what raises it, on a site that has everything there are rules on. */
import { scrapeTargets } from "../components/features/features";
import { monitoredSite } from "../components/monitoring/monitoredSite";
import type { Alert } from "../components/monitoring/rules/ruleFile";
import { subjects } from "../components/monitoring/rules/subjects";
import { siteSchema, type Site } from "../stacks/site/site";
import { code, generatedFrom, table } from "./markdown";

const TITLES: Readonly<Record<string, string>> = {
  batch: "Jobs that wait",
  jobs: "How jobs end",
  "stuck-pods": "Pods and Jobs that come to nothing",
  credentials: "Harvester",
  nodes: "Nodes",
  cvmfs: "CVMFS",
  squid: "Squids",
  "control-plane": "Control plane",
  services: "Services",
  records: "Accounting and logs",
  watching: "The watchers themselves",
};

/** A site with all of it, and the default thresholds. */
function sampleSite(): Site {
  const flavor = { name: "any", vcpus: 8, ramMb: 16_384, diskGb: 80 };
  const pool = (role: string, addresses: string) => ({ role, count: 1, flavor, addresses });
  return siteSchema.parse({
    site: { name: "site" },
    cloud: {
      externalNetwork: "any",
      network: { cidr: "10.64.0.0/22", dynamicAddresses: "10.64.3.0/24" },
      image: { name: "any" },
      apiEndpoint: { kind: "internal" },
      quota: { instances: 3, cores: 24, ramMb: 50_000, ports: 5, floatingIps: 0 },
      pools: {
        control: pool("control-plane", "10.64.0.16/28"),
        services: pool("services", "10.64.0.32/28"),
        batch: pool("batch", "10.64.1.0/24"),
      },
    },
    cluster: { provisioner: "kubeadm" },
    storage: { class: "cinder" },
    cvmfs: { mode: "host", squid: { pool: "services", exposure: "nodePort" }, cacheVolumeGb: 40 },
    queues: { "SITE-K8S": { namespace: "queue", pool: "batch", largestJob: { cores: 8, memoryMb: 14_000 } } },
    harvester: { mode: "inCluster", harvesterId: "harvester", pool: "services" },
    monitoring: { mode: "prometheus", pool: "services" },
    logs: { mode: "otlp", endpoint: "https://logs.example:4318" },
    accounting: { mode: "kuantifier", siteName: "SITE", hs06PerCore: 10 },
  });
}

function duration(minutes: number): string {
  if (minutes === 0) {
    return "at once";
  }
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** The alerts by name and severity, each once: those that differ in a queue or a pool only are one line. */
function lines(alerts: readonly Alert[]): string[][] {
  const once = new Map(alerts.map((alert) => [`${alert.name} ${alert.severity}`, alert]));
  return [...once.values()].map(({ name, severity, minutes, when, thresholds }) => [
    `[${name}](${name}.md)`,
    severity,
    duration(minutes),
    when,
    thresholds.map(code).join(", "),
  ]);
}

const INTRODUCTION = `Each alert of the site's Prometheus, with its page of what to do. The figures are those of the default thresholds
(\`monitoring.thresholds\` of the [site file](../site-file.md)); keys in the last column change them. "After" is how long it must last.
An alert of a feature that the site does not have is not there. [Monitoring](../monitoring.md) says who is told, and how to look.

In the commands of the pages words in capitals stand for names: QUEUE is a queue's namespace. The operators' kubeconfig suffices for what
looks; whatever changes something is for an administrator. PromQL goes into Prometheus' own page or Grafana's "Explore".`;

/** The page in Markdown. */
export function runbooksPage(): string {
  const all = Object.entries(subjects(monitoredSite(sampleSite(), scrapeTargets(sampleSite()))!)).filter(
    ([, { alerts }]) => alerts.length > 0,
  );
  return [
    generatedFrom("components/monitoring/rules/"),
    "# Alerts",
    INTRODUCTION,
    ...all.flatMap(([subject, { alerts }]) => [
      `## ${TITLES[subject] ?? subject}`,
      table(["Alert", "Severity", "After", "Raised when", "Thresholds"], lines(alerts)),
    ]),
  ]
    .join("\n\n")
    .concat("\n");
}

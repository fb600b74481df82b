/** The page of the shipped sites: a table read from the stack files, and how to make a site of one's own. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { demand } from "../components/cloud/plan";
import { capabilities } from "../components/cluster/capabilities";
import { nodeLoad } from "../components/features/features";
import { slotsOf } from "../components/harvester/capacity";
import { namespace } from "../stacks/site/configKeys";
import { loadSite } from "../stacks/site/load";
import type { Site } from "../stacks/site/site";
import { code, generatedFrom, table } from "./markdown";

const STACKS = join(__dirname, "..", "stacks");

/** Every shipped site with the name of its stack. */
function shippedSites(): [string, Site][] {
  const stacks = readdirSync(STACKS).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return stacks.sort().map((stack) => {
    const file = `Pulumi.${stack}.yaml`;
    return [stack, loadSite(stack, readFileSync(join(STACKS, file), "utf8"), `stacks/${file}`)];
  });
}

function poolsText(site: Site): string {
  return Object.values(capabilities(site).nodePools ?? {})
    .map(({ role, count, flavor }) => `${count} ${role} × ${flavor.vcpus}`)
    .join(", ");
}

function cvmfsText(site: Site): string {
  const { cvmfs } = site;
  const lazy = Object.values(capabilities(site).machines?.pools ?? {}).some(({ lazyImages }) => lazyImages !== "none");
  const squids = cvmfs.mode === "none" || cvmfs.squid === undefined ? [] : [`${cvmfs.squid.replicas} squids`];
  return [cvmfs.mode, ...squids, ...(lazy ? ["lazy images"] : [])].join(", ");
}

function harvesterText({ harvester }: Site): string {
  return harvester.mode === "remote" ? "remote" : `in the cluster, ${harvester.database}`;
}

function coresText(site: Site): string {
  const { machines } = capabilities(site);
  return machines === undefined ? "unknown" : String(demand(site.site.name, machines).cores);
}

/** 1-core jobs, then largest jobs, of each queue. */
function slotsText(site: Site): string {
  return Object.values(site.queues)
    .map((queue) => slotsOf(nodeLoad(site), capabilities(site), queue))
    .map((slots) => (slots === undefined ? "unknown" : `${slots.oneCore} or ${slots.largest}`))
    .join("; ");
}

const COLUMNS: readonly [string, (site: Site) => string][] = [
  ["Machines × cores", poolsText],
  ["Cores in all", coresText],
  ["Jobs at once, of one core or the largest", slotsText],
  ["API endpoint", (site) => capabilities(site).machines?.apiEndpoint.kind ?? "the cluster's own"],
  ["CVMFS", cvmfsText],
  ["Storage", ({ storage }) => storage.class],
  ["Harvester", harvesterText],
];

/** The page in Markdown. */
export function sitesPage(): string {
  const sites = shippedSites();
  return [
    generatedFrom("docs/sitesPage.ts and the stack files"),
    "# The shipped sites",
    [
      "Each is one file, `stacks/Pulumi.<stack>.yaml`, with comments that say why it is as it is. Three are the sites of the",
      "paper (*Using Kubernetes as an ATLAS computing site*, 2020); `lab` runs in the cloud in a box that comes with the tests.",
    ].join("\n"),
    table(
      ["", ...sites.map(([stack]) => code(stack))],
      COLUMNS.map(([title, text]) => [title, ...sites.map(([, site]) => text(site))]),
    ),
    "Cores in all include the bastion where there is one. Jobs at once are what the capacity arithmetic says, not a measurement.",
    differences(),
    ownSite(),
    offline(),
  ]
    .join("\n\n")
    .concat("\n");
}

function differences(): string {
  return [
    "## What differs, and why",
    "",
    "- **`uvic`**, production at the University of Victoria (section 4.2): a cluster for ATLAS alone, so CVMFS is on the hosts",
    "  and containers start from `unpacked.cern.ch`. The lazy images stand on a snapshotter that was never published as run",
    "  with containerd 2: the pool says so with `untestedContainerd`. Nobody can log in to a machine. Three control-plane",
    "  machines behind a load balancer with a floating IP, since the central Harvester is far away.",
    "- **`uvic-test`**, its development cluster of 130 cores (figure 4): the same choices, but one control-plane machine with a",
    "  floating IP, a bastion for access to machines, and a Harvester of its own with its database in a file.",
    "- **`cern`**, the large test at CERN (section 4.1): 250 machines of eight cores on a shared cloud, so nothing of CVMFS is on",
    "  the hosts and pods get it by CSI; volumes come from Cinder. The paper's cluster was made by Magnum; the program has no",
    "  such provisioner yet, so the machines make themselves a cluster by kubeadm.",
    "- **`lab`**: the smallest complete site; see [lab.md](lab.md) for what is a stand-in there.",
    "",
    "No file knows the real clouds: names of networks, images, flavors, zones and volume types are made up, and public",
    "addresses are those kept for documentation. `uvic`, `uvic-test` and `cern` have been run as a program without a cloud",
    "(below), never as machines; `lab` is brought up by the tests.",
  ].join("\n");
}

function ownSite(): string {
  return [
    "## A site of your own",
    "",
    "1. Copy the file that is nearest to yours under a new name; never rename a shipped one, or its next change reaches you as",
    "   a conflict. Change `site.name` first: it is part of every resource name in the cloud, and stays for ever.",
    "2. Put in your cloud's names and sizes: `cloud.region`, `cloud.image`, `cloud.externalNetwork`, each pool's `flavor` (the",
    "   checks reckon with the sizes you write and ask nobody), `cloud.quota`, `cloud.network.dnsNameservers`. Choose networks",
    "   that nothing else you route to has, and blocks with room to grow: a block belongs to its pool for ever.",
    "3. Replace the documentation addresses: `cloud.apiEndpoint.allowedCidrs` (the central Harvester, your administrators) and",
    "   the bastion's `cloud.bastion.allowedCidrs`. Replace `logs.endpoint` and the names in `accounting`, or leave these sections",
    "   out.",
    "4. Name your queues as CRIC does; each has a namespace of its own.",
    "5. Copy `policies/config/<shipped>.json` to `policies/config/<stack>.json` likewise, if there is one. Its exemptions name",
    "   objects: put in your queues' namespaces, else the policy pack refuses images whose digest is not known.",
    `6. Remove \`encryptionsalt\` and every \`secure:\` value with its key. Then \`pulumi stack init <stack>\`, and set the secrets`,
    `   your site needs: \`${namespace}:cloudCredentials\` for Cinder volumes, \`${namespace}:alertReceivers\` for routes of`,
    `   alerts, \`${namespace}:databasePassword\` for MariaDB, \`${namespace}:kubeconfig\` for an existing cluster.`,
    "   [site-file.md](site-file.md#secrets) has the commands.",
    "7. `npm run plan -- <stack>`, then `pulumi preview --policy-pack policies`.",
    "8. If you keep the file in a fork with these tests, run `npm run generate` and commit what it writes:",
    "   then every change of the program shows what becomes of your site, too.",
  ].join("\n");
}

function offline(): string {
  return [
    "## Without a cloud",
    "",
    "`npm run plan -- <stack>` runs the whole program with stand-ins for cloud, cluster and secrets and prints the machines with",
    "their addresses, the capacity, and the objects by namespace; with `--resources` every resource with inputs and options,",
    "secrets masked. It asks nobody anything and needs no passphrase.",
    "",
    "`npm run generate` writes the same for every stack file to `test/golden/resources/`, a file per layer, and the names alone to",
    "`test/golden/urns.txt`. CI compares them, so a change of the program is committed with its effect on each site. A resource",
    "that several sites or machines have is written once, with a line for each that differs. Programs of more than 80 lines in a",
    "ConfigMap are given by their digest.",
  ].join("\n");
}

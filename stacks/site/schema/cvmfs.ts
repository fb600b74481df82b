import { z } from "zod";
import { cidr, count, dnsLabel, setOf, text } from "./parts";

/** URL of an HTTP proxy. */
const proxyUrl = text(
  "a proxy's URL with its port, or DIRECT",
  /^(DIRECT|http:\/\/[a-z0-9][a-z0-9.-]*:\d{2,5})$/,
  "http://squid.example:3128",
);

/** A repository's name: a domain. */
const repository = text("a repository's full name", /^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*){2,}$/, "atlas.cern.ch");

/** What ATLAS pilots look for (pilot 3.11 and its wrapper), and the grid's certificates and clients. */
const ATLAS_REPOSITORIES = [
  "atlas.cern.ch",
  "atlas-condb.cern.ch",
  "atlas-nightlies.cern.ch",
  "sft.cern.ch",
  "sft-nightlies.cern.ch",
  "unpacked.cern.ch",
  "grid.cern.ch",
];

const squid = z
  .strictObject({
    replicas: count
      .max(10)
      .default(2)
      .describe("Squids of the site; CVMFS' documentation wants two, and one serves some two hundred nodes."),
    pool: dnsLabel.describe("Pool the squids run on; one with role services or control-plane."),
    cacheGb: count.meta({ unit: "GB" }).default(50).describe("Disk cache of each squid, on a volume of its own."),
    memoryMb: z.int().min(64).meta({ unit: "MiB" }).default(512).describe("Memory cache of each squid."),
    exposure: z
      .enum(["none", "nodePort", "loadBalancer"])
      .default("none")
      .describe(
        "For clients outside the pod network: nodePort for CVMFS on the hosts of this site, loadBalancer also for others.",
      ),
    nodePort: z.int().min(30_000).max(32_767).default(30_128).describe("Port of the nodes that leads to the squids."),
    destinations: setOf(text("a domain, with '.' before it for all below", /^\.?[a-z0-9][a-z0-9.-]*$/, ".cern.ch"))
      .default([
        ".cern.ch",
        ".gridpp.rl.ac.uk",
        ".sdcc.bnl.gov",
        ".fnal.gov",
        ".openhtc.io",
        ".opensciencegrid.org",
        ".egi.eu",
      ])
      .describe("Domains the squids fetch from: stratum ones and Frontier launchpads. Everything else is refused."),
    snmpCidrs: setOf(cidr)
      .default([])
      .describe("Who may read the squids by SNMP (UDP 3401), e.g. WLCG's monitoring; empty: nobody."),
  })
  .describe("Squids of the site, for CVMFS and Frontier.");

const common = {
  repositories: setOf(repository)
    .refine((repositories) => repositories.length > 0, { error: "at least 1 item" })
    .default(ATLAS_REPOSITORIES)
    .describe("Repositories that every batch node must offer; a node that lacks one takes no jobs."),
  squid: squid.optional(),
  proxies: setOf(proxyUrl)
    .default([])
    .describe("Proxies beside the site's own squids, asked after them in this order; DIRECT is for tests only."),
  cacheQuotaMb: z
    .int()
    .min(1000)
    .meta({ unit: "MB" })
    .default(20_000)
    .describe("Client cache of each node. 20 GB is a working minimum, 30 to 50 GB suit nodes of 32 cores and more."),
  parameters: z
    .record(
      text("a CVMFS client parameter", /^CVMFS_[A-Z0-9_]+$/, "CVMFS_MAX_RETRIES"),
      text("one line without quotes and backslashes", /^[ !#-&(-[\]-~]+$/, "2"),
    )
    .default({})
    .describe("Further parameters of the client; they win over what its package and the configuration repository set."),
  probe: z
    .strictObject({
      periodSeconds: count
        .max(60)
        .meta({ unit: "seconds" })
        .default(10)
        .describe("How often each repository is looked at."),
      timeoutSeconds: count
        .max(60)
        .meta({ unit: "seconds" })
        .default(15)
        .describe("How long one look may take before the repository counts as hung."),
      fetchSeconds: count
        .max(600)
        .meta({ unit: "seconds" })
        .default(60)
        .describe("How often a file that is not in the cache is read of each repository, the same on all nodes."),
      liftAfterRounds: count
        .max(10)
        .default(2)
        .describe("Good rounds of looks in a row after which a node that was taken out of service comes back."),
    })
    .prefault({})
    .describe("The probe that takes a node out of service while its CVMFS is not well."),
};

const none = z
  .strictObject({ mode: z.literal("none").describe("No CVMFS: jobs see no repository.") })
  .describe("No CVMFS; for clusters whose jobs need none.");

const host = z
  .strictObject({
    mode: z.literal("host").describe("CVMFS client on every batch machine, as at UVic."),
    client: z
      .enum(["packages", "image"])
      .default("packages")
      .describe("Where the client comes from: installed at first boot, or part of the machine image (faster boot)."),
    clientVersion: text("a CVMFS client version", /^\d+\.\d+\.\d+$/, "2.13.3")
      .default("2.13.3")
      .describe("Client version that `packages` installs; incidents are often those of one release."),
    mounts: z
      .enum(["static", "autofs"])
      .default("static")
      .describe(
        "static: every repository is mounted for good; autofs: on first use, with a day until it is dropped again. Autofs and containers do not get on well.",
      ),
    cacheVolumeGb: count
      .meta({ unit: "GB" })
      .optional()
      .describe("Cinder volume of its own for each machine's cache; absent: on the machine's root disk."),
    gateSeconds: z
      .int()
      .min(0)
      .meta({ unit: "seconds" })
      .default(120)
      .describe(
        "How long a machine's first boot waits for its repositories before the kubelet starts without them (and the node stays tainted).",
      ),
    ...common,
  })
  .describe("CVMFS on the hosts: for clusters that belong to the experiment.");

const csi = z
  .strictObject({
    mode: z.literal("csi").describe("CVMFS by the driver cvmfs-csi, as at CERN."),
    kubeletDirectory: text("an absolute path", /^(\/[A-Za-z0-9._-]+)+$/, "/var/lib/kubelet")
      .default("/var/lib/kubelet")
      .describe("The kubelet's directory on the nodes."),
    cacheDirectory: text("an absolute path", /^(\/[A-Za-z0-9._-]+)+$/, "/var/lib/cvmfs.csi.cern.ch/cache")
      .default("/var/lib/cvmfs.csi.cern.ch/cache")
      .describe("Client cache on the nodes; it is emptied whenever the node plugin starts."),
    unmountSeconds: count
      .meta({ unit: "seconds" })
      .default(1800)
      .describe("How long an unused repository stays mounted."),
    ...common,
  })
  .describe("CVMFS by CSI: for shared clusters and clusters whose nodes one may not touch.");

/** How jobs get CVMFS. */
export const cvmfsSchema = z.discriminatedUnion("mode", [none, host, csi]);

/** The sections of the site's services: storage, security, Harvester. */
import { z } from "zod";
import { cidr, count, dnsLabel, foreignName, imageFolder, objectName, setOf, text } from "./parts";

/** Where volumes of services come from. */
export const storageSchema = z.discriminatedUnion("class", [
  z
    .strictObject({ class: z.literal("none").describe("No volumes: services that need one are refused.") })
    .describe("No volumes."),
  z
    .strictObject({
      class: z.literal("local").describe("Directories on the machines of a pool."),
      pool: dnsLabel.describe("Pool whose machines hold the volumes."),
      volumesPerMachine: count.max(20).default(4).describe("Volumes each machine offers; each serves one claim."),
      sizeGb: count
        .meta({ unit: "GB", examples: [60] })
        .describe("Size each volume is announced with; the directory itself has no limit of its own."),
    })
    .describe("Local volumes on a services pool: no storage service needed, but data lives and dies with its machine."),
  z
    .strictObject({
      class: z.literal("cinder").describe("Cinder volumes by their CSI driver."),
      volumeType: foreignName("a Cinder volume type", "ssd")
        .optional()
        .describe("Cinder volume type; absent: its default."),
    })
    .describe(
      "Cinder volumes; the secret key `atlas-site:cloudCredentials` is what the driver comes to OpenStack with.",
    ),
  z
    .strictObject({
      class: z.literal("existing").describe("A storage class the cluster has already."),
      name: objectName("the name of a storage class", "fast").describe("Name of that storage class."),
    })
    .describe("A storage class that is there already."),
]);

/** What jobs may do beyond the rules that hold for every site. */
export const securitySchema = z
  .strictObject({
    imageRegistries: setOf(imageFolder)
      .default([])
      .describe("Where images of jobs may come from, beside the registry paths of the queues' own images."),
    pilotPorts: z
      .strictObject({
        tcp: setOf(z.int().min(1).max(65_535))
          .default([80, 443, 1094, 1095, 2811, 2880, 3128, 8000, 8443, 8444, 25_080, 25_085, 25_443])
          .describe(
            "TCP: PanDA 25080, 25085, 25443; storage 443, 1094, 1095, 2880, 8443, 8444; Frontier 8000, squid 3128.",
          ),
        udp: setOf(z.int().min(1).max(65_535)).default([28_527]).describe("UDP: the wrapper's heartbeat."),
      })
      .prefault({})
      .describe("Ports of the outside world that pilots may reach."),
    pilotCidrs: setOf(cidr)
      .default([])
      .describe(
        "Private networks that pilots may reach at these ports, e.g. the site's own storage; other private ones are closed.",
      ),
    closedCidrs: setOf(cidr)
      .default([])
      .describe(
        "Networks that pilots never reach, e.g. the public address of the Kubernetes API; machines, pods, services and metadata are closed anyway.",
      ),
  })
  .describe("What jobs may do beyond what the rules of every site let them.");

const remote = z
  .strictObject({
    mode: z.literal("remote").describe("The central Harvester works with the site through a kubeconfig."),
  })
  .describe("The ATLAS norm: the experiment's central Harvester.");

const inCluster = z
  .strictObject({
    mode: z.literal("inCluster").describe("A Harvester of the site's own, in the cluster."),
    namespace: dnsLabel.default("harvester-service").describe("Namespace of the service, apart from every queue's."),
    harvesterId: text("a Harvester id", /^[A-Za-z0-9_-]{1,50}$/, "SITE-harvester").describe(
      "Id that PanDA knows this Harvester by.",
    ),
    pool: dnsLabel.describe("Pool it runs on; one with role services or control-plane."),
    database: z
      .enum(["sqlite", "mariadb"])
      .default("sqlite")
      .describe(
        "sqlite: a file on the same volume, for some hundred workers; mariadb: a server beside it, for thousands.",
      ),
    volumeGb: count.meta({ unit: "GB" }).default(50).describe("Volume for database, logs and work directories."),
    credentialsSecret: objectName("the name of a Secret", "harvester-credentials")
      .default("harvester-credentials")
      .describe(
        "Secret in that namespace which the operator makes and renews: grid proxies and tokens. The program never makes or reads it.",
      ),
    pandaUrl: text(
      "an https URL in small letters, without a path",
      /^https:\/\/[a-z0-9.-]+(:\d+)?$/,
      "https://pandaserver.example:25443",
    )
      .default("https://pandaserver.cern.ch:25443")
      .describe("PanDA server."),
    cacheUrl: text(
      "an https URL in small letters, without a path",
      /^https:\/\/[a-z0-9.-]+(:\d+)?$/,
      "https://pandacache.example:25443",
    )
      .default("https://pandacache.cern.ch:25443")
      .describe("PanDA cache, where pilots put their logs."),
  })
  .describe("A Harvester inside the cluster: for test sites and sites of their own.");

/** How Harvester reaches the site. */
export const harvesterSchema = z.discriminatedUnion("mode", [remote, inCluster]);

/** The section of a cluster that Magnum creates. */
import { z } from "zod";
import { MAGNUM_DRIVERS } from "../../../components/cluster/magnum/labels";
import { cidr, count, dnsLabel, flavor, foreignName, word } from "./parts";

/** A label as it is written; Magnum itself stores only texts. */
const label = z
  .union([foreignName("text", "v1.36.3"), z.boolean(), z.int()])
  .meta({ title: "true, false, a whole number, or text", examples: [true] });

const labelName = word("a label of Magnum", "cvmfs_csi_enabled");

const declaredTemplate = z
  .strictObject({
    image: foreignName("an image name or id", "fedora-coreos-42").describe(
      "Glance image of all machines; its property os_distro decides which driver Magnum uses.",
    ),
    externalNetwork: foreignName("a network name", "public").describe("External network for routers and floating IPs."),
    networkDriver: z.enum(["flannel", "calico", "cilium"]).default("calico").describe("Pod network of the cluster."),
    masterLoadBalancer: z
      .boolean()
      .default(true)
      .describe("Load balancer in front of the API; Magnum demands it for more than one master."),
    dnsNameserver: foreignName("an IPv4 address", "192.0.2.53").optional().describe("Name server of the machines."),
    labels: z.record(labelName, label).default({}).describe("Labels of the template."),
  })
  .describe("A template of the site's own; it is used when the cluster is created and not changed afterwards.");

const template = z
  .union([
    z.strictObject({
      name: foreignName("a template name", "kubernetes-1.36.2-1").describe(
        "Public template: looked up when the cluster is created. A cluster outlives a template that is retired later.",
      ),
    }),
    z.strictObject({ declared: declaredTemplate }),
  ])
  .describe("Cluster template: one that the cloud offers, by name, or one that the program declares.");

const nodeGroup = z
  .strictObject({
    role: z
      .enum(["batch", "services"])
      .describe("What the nodes are for; also the role of the node group, which some drivers pass on to the nodes."),
    count: z
      .int()
      .min(0)
      .max(5000)
      .meta({ examples: [2] })
      .describe("Nodes in the group; with autoscaling, the number at creation."),
    flavor,
    autoscaling: z
      .strictObject({
        min: z.int().min(0).describe("Fewest nodes."),
        max: count.describe("Most nodes."),
      })
      .optional()
      .describe(
        "Bounds of the cluster autoscaler; it then owns the number of nodes, and `count` is not applied again.",
      ),
  })
  .describe("A node group.");

/** A cluster that Magnum creates in the OpenStack project. */
export const magnumSchema = z
  .strictObject({
    provisioner: z.literal("magnum").describe("OpenStack's Magnum creates cluster, machines and control plane."),
    driver: z
      .enum(MAGNUM_DRIVERS)
      .describe(
        "Driver behind Magnum's API: CERN's, the Heat drivers, magnum-capi-helm or magnum-cluster-api; decides labels.",
      ),
    region: word("a region name", "RegionOne")
      .default("RegionOne")
      .describe(
        "OpenStack region. Credentials come from OS_* or clouds.yaml: a password or a token, since Magnum cannot make a trust from an application credential.",
      ),
    template,
    masters: z
      .strictObject({
        count: count.default(1).describe("Control-plane machines: 1 or 3."),
        flavor: flavor.describe("Flavor of the control plane."),
      })
      .describe("The control plane, which Magnum configures."),
    defaultWorkers: z
      .strictObject({
        count: count.default(1).describe("Nodes of Magnum's own worker group; it cannot be deleted."),
        flavor,
      })
      .describe("Magnum's own worker group default-worker: small and fixed, for services. Jobs have pools."),
    pools: z
      .record(dnsLabel, nodeGroup)
      .describe("Node groups by name. Flavor and role of an existing group cannot be changed: add another pool."),
    labels: z
      .record(labelName, label)
      .default({})
      .describe("Labels that the driver uses; one that it ignores or refuses is an error here."),
    otherLabels: z
      .record(labelName, foreignName("text", "on"))
      .default({})
      .describe("Labels that the program does not know, passed on unchecked."),
    fixedNetwork: foreignName("a network name or id", "CERN_NETWORK")
      .optional()
      .describe("Existing network of the machines; absent: the driver makes one."),
    fixedSubnet: foreignName("a subnet name or id", "site-subnet")
      .optional()
      .describe("Existing subnet of the machines."),
    machineNetwork: cidr
      .optional()
      .describe("IPv4 network of the machines where it is known: pods of queues are kept from it, squids serve it."),
    floatingIp: z.boolean().default(false).describe("Floating IPs for the machines, or the API's load balancer."),
    keyPair: foreignName("a key pair name", "site-admin")
      .optional()
      .describe("Existing Nova key pair; it belongs to a user, not to the project."),
    createTimeoutMinutes: count
      .meta({ unit: "minutes" })
      .default(60)
      .describe("How long Magnum may take to create the cluster."),
    apiDeadlineMinutes: count
      .meta({ unit: "minutes" })
      .default(5)
      .describe("How long `pulumi up` waits for the API of a cluster that Magnum has created."),
  })
  .describe("A cluster of OpenStack's Magnum.");

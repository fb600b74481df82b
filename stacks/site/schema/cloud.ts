import { z } from "zod";
import { API_SERVER_PORT } from "../../../components/kubernetes/ports";
import {
  cidr,
  count,
  dnsLabel,
  flavor,
  foreignName,
  ipv4,
  labelKey,
  labelValue,
  setOf,
  taint,
  uuid,
  word,
} from "./parts";

const machineImage = z
  .union([
    z.strictObject({
      id: uuid("an image id", "6f1c8a52-3f0e-4d7b-9a41-0c5d2e7b9f10").describe(
        "Glance id: the safe choice, it cannot come to mean another image.",
      ),
    }),
    z.strictObject({
      name: foreignName("an image name", "debian-12-kubernetes").describe(
        "Glance name: resolved when a machine is made, never a reason to replace one.",
      ),
    }),
  ])
  .describe("Image the machines boot from: Debian 12 with containerd, kubelet and kubeadm of the site's version.");

const pool = z
  .strictObject({
    role: z
      .enum(["control-plane", "batch", "services"])
      .describe("What the machines are for; decides firewall rules and user data."),
    count: count
      .max(5000)
      .meta({ examples: [2] })
      .describe(
        "Machines in the pool, at most what Kubernetes is made for. Shrinking removes the highest index first.",
      ),
    flavor,
    addresses: cidr.describe(
      "Block of the machine network that belongs to this pool for ever: machine i has its i-th host address, counted from 0.",
    ),
    generation: count.default(1).describe("Raise it to replace every machine of the pool (new image, new user data)."),
    zones: setOf(word("a zone name", "nova"))
      .default([])
      .describe("Availability zones, used in turn by index; empty: Nova chooses."),
    labels: z.record(labelKey, labelValue).default({}).describe("Node labels beside the pool and role labels."),
    taints: setOf(taint, ({ key, effect }) => [key, effect])
      .default([])
      .describe("Taints the nodes register with."),
    lazyImages: z
      .enum(["none", "cvmfs-snapshotter"])
      .default("none")
      .describe(
        "cvmfs-snapshotter: containerd takes image layers from unpacked.cern.ch where they are there; needs cvmfs.mode host.",
      ),
    untestedContainerd: z
      .boolean()
      .default(false)
      .describe(
        "Accept that the snapshotter is documented for containerd below 2.0 and was never published as run with a newer one.",
      ),
    bootVolumeGb: z
      .int()
      .min(10)
      .meta({ unit: "GB" })
      .optional()
      .describe("Boot from a Cinder volume of this size instead of the flavor's disk."),
  })
  .describe("Machines of one shape and role.");

const network = z
  .strictObject({
    cidr: cidr.describe("The machine network."),
    dynamicAddresses: cidr.describe(
      "Block inside it that Neutron may hand out by itself (load balancer, bastion, DHCP ports).",
    ),
    dnsNameservers: setOf(ipv4).default([]).describe("Name servers of the subnet."),
    adopt: z
      .strictObject({
        networkId: uuid("a network id", "0b6f5c1e-8a3d-4b52-9f7e-1d2c3b4a5968").describe("Existing network."),
        subnetId: uuid("a subnet id", "9d8c7b6a-5f4e-4d3c-8b2a-19087f6e5d4c").describe(
          "Existing subnet in it; its range must be the `cidr` above.",
        ),
      })
      .optional()
      .describe("Use an existing network, subnet and router instead of making them; explicit, never inferred."),
  })
  .describe("Network the machines live in.");

const apiEndpoint = z
  .strictObject({
    kind: z
      .enum(["loadBalancer", "floatingIp", "internal"])
      .describe(
        "Octavia load balancer; or a floating IP on the only control-plane machine; or that machine's own address.",
      ),
    floatingIp: z.boolean().default(false).describe("loadBalancer only: also give the load balancer a floating IP."),
    allowedCidrs: setOf(cidr).default([]).describe("Who may reach the Kubernetes API, beside the machines themselves."),
  })
  .describe(`How clients reach the Kubernetes API (TCP ${API_SERVER_PORT}).`);

/** A quota of the project, as OpenStack shows it. */
const limit = z.int().min(-1);

const quota = z
  .strictObject({
    instances: limit.meta({ examples: [20] }).describe("Machines."),
    cores: limit.meta({ examples: [200] }).describe("Virtual cores."),
    ramMb: limit.meta({ unit: "MiB", examples: [500_000] }).describe("Memory."),
    ports: limit.meta({ examples: [50] }).describe("Neutron ports."),
    floatingIps: limit.meta({ examples: [2] }).describe("Floating IPs."),
    serverGroups: limit.default(10).describe("Server groups; the default is Nova's own."),
    serverGroupMembers: limit
      .default(10)
      .describe(
        "Machines in one server group, which control-plane and services machines have; the default is Nova's own.",
      ),
    securityGroups: limit
      .default(10)
      .describe("Security groups, the project's own default one included; the default is Neutron's own."),
    securityGroupRules: limit
      .default(100)
      .describe(
        "Rules of all security groups, those that Neutron adds to each included; the default is Neutron's own.",
      ),
    volumes: limit.default(10).describe("Cinder volumes; the default is Cinder's own."),
    volumesGb: limit
      .meta({ unit: "GB" })
      .default(1000)
      .describe("Cinder volumes together; the default is Cinder's own."),
  })
  .describe("What the project may use, -1 for no limit: checked against the plan before anything is made.");

/** The OpenStack project the site's machines live in. */
export const cloudSchema = z
  .strictObject({
    region: word("a region name", "RegionOne")
      .default("RegionOne")
      .describe("OpenStack region. Credentials come from OS_* or clouds.yaml, never from here."),
    externalNetwork: foreignName("a network name", "public")
      .optional()
      .describe("Name of the external network for router and floating IPs; absent: no router is made."),
    network,
    image: machineImage,
    keyPair: foreignName("a key pair name", "site-admin")
      .optional()
      .describe("Existing Nova key pair for the machines; absent: nobody can log in."),
    apiEndpoint,
    sshCidrs: setOf(cidr)
      .default([])
      .describe("Who may reach port 22 of the machines directly; empty: only the bastion, if there is one."),
    bastion: z
      .strictObject({
        flavor,
        image: machineImage,
        address: ipv4.describe("Its fixed address, outside every pool's block and the dynamic block."),
        allowedCidrs: setOf(cidr)
          .refine((cidrs) => cidrs.length > 0, { error: "at least 1 item" })
          .describe("Who may reach the bastion's port 22."),
        generation: count.default(1).describe("Raise it to replace the bastion."),
      })
      .optional()
      .describe("One small machine with a floating IP as the only way in by ssh."),
    quota,
    pools: z
      .record(dnsLabel, pool)
      .describe("Pools of machines by name. A machine's identity is its pool and index, for ever."),
  })
  .describe("The OpenStack project the site's machines live in.");

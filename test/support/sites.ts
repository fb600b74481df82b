/** Sites for tests: the shipped stacks, and small variants that show one feature each. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { siteFromConfig } from "../../stacks/site/load";
import type { Cloud, Kubeadm, Site } from "../../stacks/site/site";
import { serviceSections, servicesOnExisting, servicesPool } from "./serviceSites";

/** Root of the tree. */
export const ROOT = join(__dirname, "..", "..");

/** Sections of a site as a stack file holds them. */
export type Sections = Record<string, unknown>;

/** Names of the shipped stacks: every `stacks/Pulumi.<name>.yaml`. */
export function shippedStacks(): string[] {
  const names = readdirSync(join(ROOT, "stacks")).map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

/** Text of a shipped stack's file. */
export function stackFileText(stack: string): string {
  return readFileSync(join(ROOT, "stacks", `Pulumi.${stack}.yaml`), "utf8");
}

const small = { name: "m1.control", vcpus: 2, ramMb: 4096, diskGb: 20 };
const big = { name: "m1.batch", vcpus: 8, ramMb: 16384, diskGb: 80 };
const enough = { instances: 1000, cores: 10_000, ramMb: 20_000_000, ports: 2000, floatingIps: 10 };

/** Pools of the small site. */
const pools = {
  control: { role: "control-plane", count: 1, flavor: small, addresses: "10.64.0.16/28" },
  batch: { role: "batch", count: 2, flavor: big, addresses: "10.64.1.0/24" },
};

/** The cloud of the small site, with changes laid over it. */
function cloudSection(changes: Sections = {}): Sections {
  return {
    externalNetwork: "public",
    network: { cidr: "10.64.0.0/22", dynamicAddresses: "10.64.3.0/24" },
    image: { name: "debian-12-kubernetes" },
    apiEndpoint: { kind: "loadBalancer", allowedCidrs: ["192.0.2.0/24"] },
    quota: enough,
    pools,
    ...changes,
  };
}

function sections(name: string, cloud: Sections, more: Sections = {}): Sections {
  return {
    site: { name },
    cloud,
    cluster: { provisioner: "kubeadm" },
    queues: {
      "TEST-K8S": {
        namespace: "harvester",
        pool: "batch",
        largestJob: { cores: 8, memoryMb: 14000, scratchMb: 40_000 },
      },
    },
    ...more,
  };
}

/** A site with machines for services. */
function withServices(name: string, more: Sections, batch: Sections = {}): Sections {
  const all = { ...pools, services: servicesPool, batch: { ...pools.batch, ...batch } };
  return sections(name, cloudSection({ pools: all }), more);
}

/** With a pool's 28 characters and three digits: machine names of 63 characters, the most a node may have. */
const longest = "a-site-of-thirty-characters-xx";

/** A cluster of Magnum, as CERN's. */
const magnumSections = {
  site: { name: "managed" },
  cluster: {
    provisioner: "magnum",
    driver: "cern",
    template: { name: "kubernetes-1.36.2-1" },
    masters: { count: 3, flavor: { name: "m2.large", vcpus: 4, ramMb: 7500, diskGb: 40 } },
    defaultWorkers: { count: 2, flavor: { name: "m2.medium", vcpus: 2, ramMb: 3750, diskGb: 20 } },
    pools: {
      batch: { role: "batch", count: 2, flavor: big },
      burst: { role: "batch", count: 1, flavor: big, autoscaling: { min: 0, max: 20 } },
    },
    labels: { cinder_csi_enabled: true, logging_producer: "atlas" },
    otherLabels: { cern_feature_of_tomorrow: "on" },
    keyPair: "lxplus",
  },
  network: { plugin: "none", policyEngine: "none" },
  queues: {
    "MANAGED-K8S": {
      namespace: "harvester",
      pool: "batch",
      largestJob: { cores: 8, memoryMb: 14000, scratchMb: 40_000 },
    },
  },
};

/** Variants by what they show. */
export const variants = {
  small: sections("small", cloudSection()),
  floatingIpOnMachine: sections(
    "direct",
    cloudSection({ apiEndpoint: { kind: "floatingIp", allowedCidrs: ["0.0.0.0/0"] } }),
  ),
  floatingIpOnBalancer: sections(
    "public",
    cloudSection({ apiEndpoint: { kind: "loadBalancer", floatingIp: true, allowedCidrs: ["192.0.2.0/24"] } }),
  ),
  internal: sections("inside", cloudSection({ externalNetwork: undefined, apiEndpoint: { kind: "internal" } })),
  bastion: sections(
    "guarded",
    cloudSection({
      keyPair: "admin",
      bastion: {
        flavor: small,
        image: { id: "6f1c8a52-3f0e-4d7b-9a41-0c5d2e7b9f10" },
        address: "10.64.0.8",
        allowedCidrs: ["198.51.100.0/24"],
      },
    }),
  ),
  adopted: sections(
    "adopting",
    cloudSection({
      network: {
        cidr: "10.64.0.0/22",
        dynamicAddresses: "10.64.3.0/24",
        adopt: { networkId: "0b6f5c1e-8a3d-4b52-9f7e-1d2c3b4a5968", subnetId: "9d8c7b6a-5f4e-4d3c-8b2a-19087f6e5d4c" },
      },
    }),
  ),
  zonesVolumesTaints: sections(
    "spread",
    cloudSection({
      image: { id: "6f1c8a52-3f0e-4d7b-9a41-0c5d2e7b9f10" },
      pools: {
        ...pools,
        control: { ...pools.control, count: 3, generation: 2 },
        batch: {
          ...pools.batch,
          count: 5,
          zones: ["zone-a", "zone-b"],
          bootVolumeGb: 100,
          labels: { "site.example/rack": "r1" },
          taints: [{ key: "site.example/batch", effect: "NoSchedule" }],
        },
      },
    }),
    { site: { name: "spread", registryPrefix: "mirror.example/k8s" } },
  ),
  existing: {
    site: { name: "guest" },
    cluster: { provisioner: "existing", identifier: "guest-cluster" },
    network: { plugin: "none", policyEngine: "none" },
    queues: {
      "GUEST-K8S": {
        namespace: "harvester",
        pool: "batch",
        largestJob: { cores: 8, memoryMb: 14000, scratchMb: 40_000 },
      },
    },
  },
  magnum: magnumSections,
  hostCvmfs: withServices("hosting", serviceSections.hostCvmfs),
  lazyImages: withServices("lazy", serviceSections.hostCvmfs, {
    lazyImages: "cvmfs-snapshotter",
    untestedContainerd: true,
  }),
  csi: withServices("driven", serviceSections.csi),
  harvesterSqlite: withServices("self", serviceSections.harvesterSqlite),
  harvesterMariadb: withServices("served", serviceSections.harvesterMariadb),
  servicesOnExisting,
  /** The largest site the program is made for: 250 workers, 3 control-plane machines, names as long as they may be. */
  largest: sections(
    longest,
    cloudSection({
      network: { cidr: "10.64.0.0/20", dynamicAddresses: "10.64.8.0/24" },
      pools: {
        "control-plane-of-28-letter-x": { ...pools.control, count: 3, addresses: "10.64.0.16/28" },
        "batch-workers-of-28-letter-x": {
          ...pools.batch,
          count: 250,
          addresses: "10.64.2.0/23",
          zones: ["a-zone-with-a-rather-long-name-1", "a-zone-with-a-rather-long-name-2"],
        },
      },
    }),
    {
      queues: {
        "LARGEST-K8S": {
          namespace: "harvester",
          pool: "batch-workers-of-28-letter-x",
          largestJob: { cores: 8, memoryMb: 14000, scratchMb: 40_000 },
        },
      },
    },
  ),
} satisfies Record<string, Sections>;

/** Name of a variant. */
export type Variant = keyof typeof variants;

/** Names of all variants. */
export const variantNames = Object.keys(variants) as Variant[];

/** A variant as the program sees it: parsed, defaulted, checked. */
export function site(variant: Variant): Site {
  const given: Sections = variants[variant];
  return siteFromConfig((section) => given[section]);
}

/** A variant that has machines and a kubeadm cluster. */
export function kubeadmSite(
  variant: Exclude<Variant, "existing" | "magnum">,
): Site & { cloud: Cloud; cluster: Kubeadm } {
  const made = site(variant);
  const { cloud, cluster } = made;
  if (cloud === undefined || cluster.provisioner !== "kubeadm") {
    throw new Error(`variant ${variant} has no kubeadm cluster on machines of its own`);
  }
  return { ...made, cloud, cluster };
}

/**
 * Realistic site files, drawn: shapes of real clouds, networks as sites lay them out, queues as ATLAS names and sizes
 * them, and every choice a section offers. Nearly all of them are right.
 */
import fc from "fast-check";
import type { Sections } from "../sites";
import { EXTERNAL_NETWORKS, PILOT_IMAGES, QUEUE_NAMES, REGIONS, SMALL_SHAPES, ZONES, type Shape } from "./clouds";
import { disk, ground, written, type Ground } from "./ground";
import { cvmfs, security, services, storage } from "./services";

/** The n-th address after another. */
function after(base: string, n: number): string {
  const number = base.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0) + n;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

const cidrs = fc.uniqueArray(fc.constantFrom("131.142.0.0/16", "188.184.9.0/24", "134.87.10.32/28", "128.142.0.0/16"), {
  minLength: 1,
  maxLength: 3,
});

const taint = fc.record({
  key: fc.constantFrom("site.example/atlas", "dedicated", "site.example/jobs-only"),
  value: fc.constantFrom("", "atlas"),
  effect: fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute"),
});
const taints = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: taint.map((one) => [one]) });

const zones = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 3 }) },
);

/** A queue on machines of a shape: the whole of one, or the share that sites give their largest jobs. */
function queue(namespace: string, pool: string, shape: Shape) {
  return fc
    .record({
      cores: fc.constantFrom(1, 8, 8, Math.min(shape.vcpus, 16), Math.max(1, shape.vcpus / 2)),
      memoryPerCore: fc.constantFrom(1000, 1900, 2000, 4000),
      scratchShare: fc.constantFrom(0.5, 0.9),
      cpuRequestPercent: fc.constantFrom(undefined, 50, 80, 90),
      workflow: fc.constantFrom(undefined, "pull", "push"),
      image: fc.constantFrom(undefined, ...PILOT_IMAGES),
      seccomp: fc.constantFrom("Unconfined", "Unconfined", "RuntimeDefault"),
      maxHours: fc.constantFrom(undefined, 48, 120),
      pendingPercent: fc.constantFrom(undefined, 10, 100),
    })
    .map(({ cores, memoryPerCore, scratchShare, ...more }) => {
      const perCore = Math.min(memoryPerCore, Math.floor((shape.ramMb * 0.92 - 1800) / shape.vcpus));
      const { scratchMb } = disk(shape);
      return written({
        namespace,
        pool,
        largestJob: {
          cores,
          memoryMb: perCore * cores,
          scratchMb: Math.floor(scratchMb * scratchShare) * cores,
        },
        ...more,
      });
    });
}

function queues(own: Ground) {
  return fc.uniqueArray(fc.constantFrom(...QUEUE_NAMES), { minLength: 1, maxLength: 3 }).chain((names) =>
    fc
      .tuple(
        ...names.map((name, i) => {
          const second = own.second && i === 1;
          const namespace = name.toLowerCase().replaceAll("_", "-");
          return queue(namespace, second ? "himem" : "batch", second ? own.secondShape : own.shape);
        }),
      )
      .map((all) => Object.fromEntries(names.map((name, i) => [name, all[i]]))),
  );
}

function pool(role: string, count: number, flavor: Shape, addresses: string) {
  return fc
    .record({
      zones,
      taints: role === "control-plane" ? fc.constant([]) : taints,
      labels: fc.constantFrom({}, { "site.example/rack": "r17" }, { "node.kubernetes.io/class": "hpc" }),
      bootVolumeGb: fc.constantFrom(undefined, undefined, undefined, Math.max(40, flavor.diskGb)),
      generation: fc.constantFrom(undefined, 2),
    })
    .map((more) => written({ role, count, flavor, addresses, ...more }));
}

function cloud(own: Ground) {
  const { layout, base } = own;
  const block = ([offset, prefix]: readonly [number, number]) => `${after(base, offset)}/${prefix}`;
  const pools = fc.record({
    control: pool("control-plane", own.control, own.controlShape, block(layout.control)),
    services: pool("services", own.services, own.servicesShape, block(layout.services)),
    batch: pool("batch", own.batch, own.shape, block(layout.batch)),
    ...(own.second ? { himem: pool("batch", 2, own.secondShape, block(layout.second)) } : {}),
  });
  const bastion = fc.record({
    flavor: fc.constantFrom(...SMALL_SHAPES.slice(0, 2)),
    image: fc.constant({ name: "Debian 12 (bookworm)" }),
    address: fc.constant(after(base, layout.bastion)),
    allowedCidrs: cidrs,
  });
  const endpoint = fc.record({
    kind: own.control > 1 ? fc.constant("loadBalancer") : fc.constantFrom("loadBalancer", "floatingIp", "internal"),
    allowedCidrs: cidrs,
  });
  return fc
    .record({
      region: fc.constantFrom(undefined, ...REGIONS),
      externalNetwork: fc.constantFrom(...EXTERNAL_NETWORKS),
      dnsNameservers: fc.constantFrom([], ["137.138.16.5"], ["1.1.1.1", "9.9.9.9"]),
      image: fc.constantFrom({ name: "debian-12-kubernetes" }, { id: "6f1c8a52-3f0e-4d7b-9a41-0c5d2e7b9f10" }),
      keyPair: fc.constantFrom(undefined, "site-admin", "Jane Doe's key"),
      apiEndpoint: endpoint,
      sshCidrs: fc.oneof(fc.constant([]), cidrs),
      bastion: fc.option(bastion, { nil: undefined }),
      pools,
      adopt: fc.constantFrom(undefined, undefined, undefined, {
        networkId: "0b6f5c1e-8a3d-4b52-9f7e-1d2c3b4a5968",
        subnetId: "9d8c7b6a-5f4e-4d3c-8b2a-19087f6e5d4c",
      }),
      spare: fc.constantFrom(1, 1.1, 2),
    })
    .map(({ dnsNameservers, adopt, spare, ...more }) =>
      written({
        ...more,
        network: written({
          cidr: `${base}/${layout.prefix}`,
          dynamicAddresses: block(layout.dynamic),
          dnsNameservers,
          adopt,
        }),
        quota: quota(spare),
      }),
    );
}

/** What projects of such sites are given: more than any of them takes. */
function quota(spare: number) {
  return {
    instances: Math.ceil(100 * spare),
    cores: Math.ceil(20_000 * spare),
    ramMb: Math.ceil(90_000_000 * spare),
    ports: Math.ceil(120 * spare),
    floatingIps: 5,
    volumes: -1,
    volumesGb: Math.ceil(900_000 * spare),
  };
}

const ownMachines = ground.chain((own) =>
  fc
    .record({
      name: fc.constantFrom("uvic", "lab-7", "atlas-k8s", "t2-prague"),
      registryPrefix: fc.constantFrom(undefined, undefined, "mirror.example/k8s", "registry.example:5000"),
      cloud: cloud(own),
      maxPods: fc.constantFrom(undefined, undefined, 250),
      policyEngine: fc.constantFrom(undefined, "kube-router"),
      queues: queues(own),
      cvmfs: cvmfs(own),
      storage: storage(own),
      services: services(own),
      security: security(),
    })
    .map(({ name, registryPrefix, maxPods, policyEngine, services: made, ...more }) => ({
      site: written({ name, registryPrefix }),
      cluster: written({ provisioner: "kubeadm", maxPods }),
      network: written({ ...own.inside, policyEngine }),
      ...more,
      ...made,
    })),
);

/** A cluster somebody else runs: nothing of machines, pools only by name. */
const hiredCluster = ground.chain((drawn) => {
  const own: Ground = {
    ...drawn,
    storage: "existing",
    cvmfs: drawn.cvmfs === "host" ? "csi" : drawn.cvmfs,
    second: false,
  };
  return fc
    .record({ queues: queues(own), cvmfs: cvmfs(own), services: services(own), security: security() })
    .map(({ services: made, ...more }) => ({
      site: { name: "guest" },
      cluster: { provisioner: "existing", identifier: "guest-cluster" },
      network: { plugin: "none", policyEngine: "none" },
      storage: { class: "existing", name: "fast" },
      ...more,
      ...made,
    }));
});

/** Sections of a site as its administrator may write them. */
export const realisticSections: fc.Arbitrary<Sections> = fc.oneof(
  { weight: 6, arbitrary: ownMachines },
  { weight: 1, arbitrary: hiredCluster },
);

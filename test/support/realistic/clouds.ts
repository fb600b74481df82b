/**
 * Shapes that real clouds offer: sizes of flavors as public OpenStack clouds and grid sites publish them, and what their
 * networks, zones and volume types are called. The names are examples; the sizes are what the arithmetic must bear.
 */

/** A Nova flavor with its sizes. */
export interface Shape {
  readonly name: string;
  readonly vcpus: number;
  readonly ramMb: number;
  readonly diskGb: number;
}

const shape = (name: string, vcpus: number, ramMb: number, diskGb: number): Shape => ({ name, vcpus, ramMb, diskGb });

/** Machines for control plane, services and bastion. */
export const SMALL_SHAPES: readonly Shape[] = [
  shape("m1.small", 1, 2048, 20),
  shape("m1.medium", 2, 4096, 40),
  shape("p2-4gb", 2, 4096, 40),
  shape("m2.large", 4, 7500, 40),
  shape("m3.quad", 4, 15_360, 20),
  shape("c4-15gb-83", 4, 15_360, 83),
  shape("b3-16", 4, 16_384, 100),
  shape("c4-15gb-240", 4, 15_360, 240),
  shape("m2.xlarge", 8, 15_000, 80),
  shape("a8-ram32-disk200-perf1", 8, 32_768, 200),
];

/** Machines for jobs, from the paper's eight cores to whole hosts. */
export const BATCH_SHAPES: readonly Shape[] = [
  shape("m1.xlarge", 8, 16_384, 160),
  shape("c8-30gb-186", 8, 30_720, 186),
  shape("m4.8c-30g", 8, 30_000, 160),
  shape("m3.large", 16, 61_440, 60),
  shape("c16-60gb-392", 16, 61_440, 392),
  shape("b3-128", 32, 131_072, 400),
  shape("hs36", 36, 147_456, 900),
  shape("hs40", 40, 196_608, 1000),
  shape("hs48", 48, 196_608, 1200),
  shape("m3.2xl", 64, 256_000, 60),
  shape("hs64", 64, 262_144, 1600),
  shape("hs96", 96, 393_216, 2400),
  shape("hs128", 128, 524_288, 3200),
  shape("hs256", 256, 1_048_576, 6000),
];

/** Names of external networks, with a blank as some clouds have it. */
export const EXTERNAL_NETWORKS = [
  "public",
  "ext-net",
  "Public External IPv4 Network",
  "external_network",
  "CERN_NETWORK",
];

/** Names of availability zones. */
export const ZONES = ["nova", "Persistent_01", "cern-geneva-a", "cern-geneva-b", "az1", "GRA-1"];

/** Names of Cinder volume types. */
export const VOLUME_TYPES = ["standard", "OS or Persistent Storage", "io1", "high-speed-gen2"];

/** Names of regions. */
export const REGIONS = ["RegionOne", "cern", "GRA11", "dc3-a", "IU"];

/** PanDA queues as ATLAS sites name them: capitals, small letters, digits, '_' and '-'. */
export const QUEUE_NAMES = [
  "CA-VICTORIA-K8S-T2",
  "CA-VICTORIA-K8S-HIMEM",
  "CERN-K8S",
  "praguelcg2_K8S",
  "wuppertalprod",
  "UKI-NORTHGRID-MAN-HEP_K8S",
  "BNL_K8S_TEST",
  "INFN-T1-K8S_MCORE",
  "TOKYO_HTCONDOR-K8S",
  "UNIBE-LHEP-UBELIX",
];

/** Images for pilots: with a tag, with a digest, of a registry with a port. */
export const PILOT_IMAGES = [
  "docker.io/atlasadc/atlas-grid-almalinux9:20261001",
  "registry.example:5000/atlas/grid-el9:20261001",
  "gitlab-registry.cern.ch/panda/harvester-k8s-images/adc-alma9:20241003",
  `ghcr.io/site/pilots/el9@sha256:${"5f".repeat(32)}`,
];

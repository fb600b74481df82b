import { join } from "node:path";

/** Names, addresses and credentials of the lab. All of it lives in one closed network namespace, so no secret is one. */
export const lab = {
  /** Network namespace that holds every service and every machine's bridge. It has no route out. */
  namespace: "atlas-lab",
  /** Bridge the machines' ports are plugged into. */
  bridge: "lab0",
  /** Keystone region. */
  region: "RegionOne",
  /** Password of every OpenStack user in the lab. */
  password: "lab-only",
  /** Project and user of the Pulumi program: an ordinary member, never an admin. */
  project: "atlas",
  user: "site-admin",
  /** Name of the one compute host. */
  computeHost: "lab-compute-1",
} as const;

/** TCP ports on the namespace's loopback. */
export const ports = {
  keystone: 5000,
  placement: 8778,
  nova: 8774,
  glance: 9292,
  neutron: 9696,
  octavia: 9876,
  magnum: 9511,
  mariadb: 3306,
  rabbitmq: 5672,
  epmd: 4369,
  rabbitmqCluster: 25672,
  memcached: 11211,
} as const;

/**
 * Where the lab's log archive listens: in the outside world, below the addresses that Neutron gives out, on an interface
 * of its own. 4318 is OTLP's port over HTTP.
 */
export const logArchive = { address: "203.0.113.6", port: 4318, interface: "archive0" } as const;

export type ServiceName = keyof typeof ports;

/** What the compute driver makes of an instance: `nspawn` boots a machine, `fake` only pretends (instant, boots nothing). */
export type ComputeDriver = "nspawn" | "fake";

/** Folders of a lab; every file the lab makes is below `state`, apart from what it keeps for the next one in `snapshots`. */
export interface LabPaths {
  /** `<cache>/lab`: databases, logs, machines, process records. Removed by `lab down`. */
  state: string;
  config: string;
  logs: string;
  /** One record a process: `<name>.json` with pid and start time. */
  run: string;
  /** What services keep: image store, keys, locks. */
  lib: string;
  mysql: string;
  rabbitmq: string;
  machines: string;
  /** Console logs, by machine name; a machine's outlives it until `down`. */
  consoles: string;
  /** `<cache>/lab-snapshots`: migrated and filled databases, kept for the next `up`. */
  snapshots: string;
  /** Our Python packages in the tree. */
  python: string;
}

/**
 * @param cache the cache folder of the project
 * @param tree `test/lab` of the checkout
 */
export function labPaths(cache: string, tree: string): LabPaths {
  const state = join(cache, "lab");
  return {
    state,
    config: join(state, "config"),
    logs: join(state, "logs"),
    run: join(state, "run"),
    lib: join(state, "lib"),
    mysql: join(state, "mysql"),
    rabbitmq: join(state, "rabbitmq"),
    machines: join(state, "machines"),
    consoles: join(state, "consoles"),
    snapshots: join(cache, "lab-snapshots"),
    python: join(tree, "python"),
  };
}

/** Address of an OpenStack API as its clients use it. */
export function url(service: ServiceName, path = ""): string {
  return `http://127.0.0.1:${ports[service]}${path}`;
}

/** Endpoints of the OpenStack services by service type, for Keystone's catalogue and for the readiness check. */
export const catalog: readonly { type: string; service: ServiceName; url: string; probe: string }[] = [
  { type: "placement", service: "placement", url: url("placement"), probe: url("placement", "/") },
  { type: "image", service: "glance", url: url("glance"), probe: url("glance", "/versions") },
  { type: "compute", service: "nova", url: url("nova", "/v2.1"), probe: url("nova", "/") },
  { type: "network", service: "neutron", url: url("neutron"), probe: url("neutron", "/") },
  { type: "load-balancer", service: "octavia", url: url("octavia"), probe: url("octavia", "/") },
  { type: "container-infra", service: "magnum", url: url("magnum", "/v1"), probe: url("magnum", "/") },
];

/** `OS_*` variables of one user. */
export function cloudEnvironment(user: string, project: string): Record<string, string> {
  return {
    OS_AUTH_URL: url("keystone", "/v3"),
    OS_USERNAME: user,
    OS_PASSWORD: lab.password,
    OS_PROJECT_NAME: project,
    OS_USER_DOMAIN_NAME: "Default",
    OS_PROJECT_DOMAIN_NAME: "Default",
    OS_REGION_NAME: lab.region,
    OS_IDENTITY_API_VERSION: "3",
    OS_INTERFACE: "public",
  };
}

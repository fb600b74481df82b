/**
 * What holds for everything the program asks for on any valid site. Each rule lists what breaks it, so a test shows all
 * of it at once; the rules stand apart from the program and share no code with it.
 */
import { capabilities } from "../../components/cluster/capabilities";
import { nodeLoad } from "../../components/features/features";
import { slotsOf } from "../../components/harvester/capacity";
import type { Properties } from "../../stacks/site/offline/properties";
import type { ProgramRun } from "../../stacks/site/offline/programRun";
import type { Request } from "../../stacks/site/offline/recorder";
import type { Site } from "../../stacks/site/site";

/** A rule on a run: its title, and every breach of it. */
export interface DumpRule {
  readonly title: string;
  breaches(run: ProgramRun, site: Site): string[];
}

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

function kubernetes({ recording }: ProgramRun): Request[] {
  return recording.requests.filter(({ type }) => type.startsWith("kubernetes:"));
}

function metadataOf({ inputs }: Request): Metadata {
  return (inputs.metadata as Metadata | undefined) ?? {};
}

/** Texts that occur more than once. */
function repeated(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text, i) => texts.indexOf(text) !== i))];
}

/** Everything inside a value that has a key, by that key. */
function all(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => all(item, key));
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value as Properties).flatMap(([name, item]) => [
    ...(name === key ? [item] : []),
    ...all(item, key),
  ]);
}

/** An object of the API by kind, namespace and name; a patch is of the kind it patches, once for each field manager. */
function identity(request: Request): string {
  const { name, namespace } = metadataOf(request);
  return `${request.type.split(":").slice(1).join(":")} ${namespace ?? ""}/${name ?? ""}`;
}

/** A rule of Neutron without its description: two that differ in nothing else are one to it. */
function securityGroupRule({ inputs }: Request): string {
  const said = Object.entries(inputs).filter(([key]) => key !== "description");
  return JSON.stringify(said.sort());
}

/** Names in OpenStack that are unique in the site: not by the API, but by whoever reads its lists. */
function cloudNames({ recording }: ProgramRun): string[] {
  return recording.requests
    .filter(({ type, inputs }) => type.startsWith("openstack:") && typeof inputs.name === "string")
    .map(({ type, inputs }) => `${type} ${String(inputs.name)}`);
}

function fixedAddresses({ recording }: ProgramRun): string[] {
  const ports = recording
    .ofType("openstack:networking/port:Port")
    .flatMap(({ inputs }) => all(inputs.fixedIps, "ipAddress").map(String));
  const balancers = recording
    .ofType("openstack:loadbalancer/loadBalancer:LoadBalancer")
    .map(({ inputs }) => String(inputs.vipAddress));
  const gateways = recording.ofType("openstack:networking/subnet:Subnet").map(({ inputs }) => String(inputs.gatewayIp));
  return [...ports, ...balancers, ...gateways];
}

const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Kinds whose names may have ':' and capitals. */
const FREE_NAMES = /:(Role|ClusterRole|RoleBinding|ClusterRoleBinding)$/;

function badNames(request: Request): string[] {
  const { name = "", namespace } = metadataOf(request);
  const labels = all(request.inputs, "labels").concat(
    all(request.inputs, "matchLabels"),
    all(request.inputs, "nodeSelector"),
  );
  const pairs = labels.flatMap((map) => Object.entries((map ?? {}) as Record<string, unknown>));
  return [
    ...(SUBDOMAIN.test(name) || FREE_NAMES.test(request.type) ? [] : [`name "${name}"`]),
    ...(namespace === undefined || LABEL.test(namespace) ? [] : [`namespace "${namespace}"`]),
    ...pairs
      .filter(([key, value]) => !LABEL_KEY.test(key) || typeof value !== "string" || !LABEL_VALUE.test(value))
      .map(([key, value]) => `label ${key}=${JSON.stringify(value)}`),
  ].map((what) => `${identity(request)}: ${what}`);
}

/** Rules that hold for every run of the program on a valid site. */
export const dumpRules: readonly DumpRule[] = [
  {
    title: "no two objects of the cluster have one kind, namespace and name",
    breaches: (run) => repeated(kubernetes(run).map(identity)),
  },
  {
    title: "no two security group rules are one to Neutron",
    breaches: ({ recording }) =>
      repeated(recording.ofType("openstack:networking/secGroupRule:SecGroupRule").map(securityGroupRule)),
  },
  {
    title: "no two resources of OpenStack of one kind have one name",
    breaches: (run) => repeated(cloudNames(run)),
  },
  {
    title: "no two machines, load balancers and routers have one address",
    breaches: (run) => repeated(fixedAddresses(run)),
  },
  {
    title: "every name, namespace and label keeps Kubernetes' grammar",
    breaches: (run) => kubernetes(run).flatMap(badNames),
  },
  {
    title: "every DaemonSet tolerates every taint, since a node is no node without its daemons",
    breaches: (run) =>
      kubernetes(run)
        .filter(({ type }) => type.endsWith(":DaemonSet"))
        .filter(repellable)
        .map(identity),
  },
  {
    title: "no rule on images allows every image, or all of a registry where anybody publishes",
    breaches: (run) =>
      kubernetes(run)
        .filter(({ type }) => type.endsWith(":ValidatingAdmissionPolicy"))
        .flatMap(({ inputs }) => JSON.stringify(inputs).match(/\[[^\]]*\]\.exists\(start,/g) ?? [])
        .filter((list) => list === "[].exists(start," || /'(docker\.io\/|quay\.io\/|ghcr\.io\/|)'/.test(list)),
  },
  {
    title: "no server group has more members than the project's quota, and no volumes are made beyond it",
    breaches: ({ recording }, { cloud }) => {
      const instances = recording.ofType("openstack:compute/instance:Instance").map(({ inputs }) => inputs);
      const groups = instances.flatMap((inputs) => all(inputs.schedulerHints, "group").map(String));
      const fullest = Math.max(0, ...groups.map((group) => groups.filter((one) => one === group).length));
      const disks = instances.flatMap((inputs) => all(inputs.blockDevices, "volumeSize")).length;
      const { serverGroupMembers = -1, volumes = -1 } = cloud?.quota ?? {};
      const over = (need: number, limit: number) => limit >= 0 && need > limit;
      return [
        ...(over(fullest, serverGroupMembers)
          ? [`${fullest} members of a server group, of ${serverGroupMembers}`]
          : []),
        ...(over(disks, volumes) ? [`${disks} volumes of machines, of ${volumes}`] : []),
      ];
    },
  },
  {
    title: "no queue runs more one-core jobs than its machines have cores",
    breaches: (_, site) =>
      Object.entries(site.queues).flatMap(([name, queue]) => {
        const pool = site.cloud?.pools[queue.pool];
        const slots = slotsOf(nodeLoad(site), capabilities(site), queue);
        const cores = pool === undefined ? Infinity : pool.count * pool.flavor.vcpus;
        return slots === undefined || (slots.oneCore <= cores && slots.largest * queue.largestJob.cores <= cores)
          ? []
          : [`${name}: ${slots.oneCore} one-core or ${slots.largest} largest jobs on ${cores} cores`];
      }),
  },
];

function repellable({ inputs }: Request): boolean {
  const tolerations = all(inputs, "tolerations").flat() as { key?: string; operator?: string; effect?: string }[];
  return !tolerations.some(
    ({ key, operator, effect }) => key === undefined && operator === "Exists" && effect === undefined,
  );
}

/**
 * Settings that follow from a site's stack file. The file is read by its own schema, the program's one definition of what a
 * key means and what holds where it is absent, so that no default stands twice.
 */
import { parse } from "yaml";
import { siteSchema, type Cloud, type Site } from "../../stacks/site/site";
import { defaultSettings, type Settings } from "../model/settings";
import type { FlavorSize, Quota, Subject } from "../model/siteSettings";
import { fullName } from "../pods/images";
import { quota as quotaSchema } from "./schema";

const NAMESPACE = "atlas-site";
const SECONDS_PER_HOUR = 3600;

/** Registries that the site adds to those of the settings. */
type Registries = { readonly addedRegistries: readonly string[] };

/** The sections of a stack file that follow the schema, with its defaults; the others are the program's to report. */
type Sections = { readonly [Name in keyof Site]?: Site[Name] };

/**
 * Settings that follow from a stack file. A section that does not follow the schema adds nothing.
 * @param text of `Pulumi.<stack>.yaml`; undefined where there is none
 */
export function siteFacts(text: string | undefined): Partial<Settings> & Registries {
  const sections = sectionsOf(text);
  return sections === undefined ? { addedRegistries: [] } : factsOf(sections);
}

function sectionsOf(text: string | undefined): Sections | undefined {
  const config = configOf(text);
  const isSite = Object.keys(config).some((key) => key.startsWith(`${NAMESPACE}:`));
  if (!isSite) {
    return undefined;
  }
  const read = Object.entries(siteSchema.shape).flatMap(([name, schema]) => {
    const { success, data } = schema.safeParse(config[`${NAMESPACE}:${name}`]);
    return success && data !== undefined ? [[name, data] as const] : [];
  });
  return Object.fromEntries(read);
}

function configOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const file: unknown = parse(text ?? "", { logLevel: "silent", merge: true });
    const config: unknown = isMapping(file) ? file.config : undefined;
    return isMapping(config) ? config : {};
  } catch {
    return {};
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function factsOf(sections: Sections): Partial<Settings> & Registries {
  const { site, security, logs, cloud, harvester, cvmfs, accounting } = sections;
  const queues = Object.values(sections.queues ?? {});
  return {
    addedRegistries: [
      ...(site?.registryPrefix === undefined ? [] : [site.registryPrefix]),
      ...(security?.imageRegistries ?? []),
      ...queues.map(({ image }) => folderOf(image)),
    ],
    batchNamespaces: queues.map(({ namespace }) => namespace),
    unconfinedNamespaces: queues.filter(({ seccomp }) => seccomp === "Unconfined").map(({ namespace }) => namespace),
    // A site may keep finished Jobs longer than the pack's own bound; it never makes the bound stricter.
    longestTtlSeconds: Math.max(
      defaultSettings.longestTtlSeconds,
      ...queues.map(({ keepFinishedHours }) => keepFinishedHours * SECONDS_PER_HOUR),
    ),
    // Harvester writes the deadline; an hour is its margin.
    longestJobSeconds: Math.max(
      defaultSettings.longestJobSeconds,
      ...queues.map(({ maxHours }) => (maxHours + 1) * SECONDS_PER_HOUR),
    ),
    ...(logs?.mode === "otlp" ? { logArchiveDays: logs.retentionDays } : {}),
    // Only where CVMFS is mounted by the node has a pod any business with a folder of the node.
    ...(cvmfs === undefined ? {} : { hostPaths: cvmfs.mode === "host" ? defaultSettings.hostPaths : [] }),
    ...(cloud === undefined ? {} : cloudFacts(cloud)),
    ...(harvester?.mode === "inCluster" ? { harvesters: harvestersWith(harvester.namespace) } : {}),
    ...(accounting?.mode === "kuantifier" ? { pledged: true } : {}),
  };
}

/**
 * Registry and path of an image, without its name. An image right below a registry is named itself: its registry alone would
 * let in everything there.
 */
function folderOf(image: string): string {
  const name = fullName(image);
  const folder = name.slice(0, name.lastIndexOf("/"));
  return folder.includes("/") ? folder : name;
}

function cloudFacts({ pools, bastion, quota }: Cloud): Partial<Settings> {
  const named = Object.entries(pools);
  const ofRole = (role: string) => named.filter(([, pool]) => pool.role === role);
  const machines = [...named.map(([, pool]) => pool), ...(bastion === undefined ? [] : [bastion])];
  const sizes = machines.map(({ flavor }): [string, FlavorSize] => [
    flavor.name,
    { vcpus: flavor.vcpus, ramMb: flavor.ramMb },
  ]);
  return {
    ...(named.length === 0
      ? {}
      : { batchCores: sum(ofRole("batch").map(([, pool]) => pool.count * pool.flavor.vcpus)) }),
    quota: limitsOf(quota),
    flavors: Object.fromEntries(sizes),
    controlPlanePools: ofRole("control-plane").map(([name]) => name),
    workerPools: [...ofRole("batch"), ...ofRole("services")].map(([name]) => name),
  };
}

/** The limits that policies know. OpenStack writes -1 for a quota without limit, which is nothing to judge by. */
function limitsOf(quota: Readonly<Record<string, number | undefined>>): Quota {
  const judged = Object.entries(quota).filter(([name]) => name in quotaSchema.shape);
  return Object.fromEntries(judged.filter(([, limit]) => limit !== undefined && limit >= 0));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The central Harvester is a user; one inside the cluster is a ServiceAccount, and the user may still be in use. */
function harvestersWith(namespace: string): Subject[] {
  return [...defaultSettings.harvesters, { kind: "ServiceAccount", name: "harvester", namespace }];
}

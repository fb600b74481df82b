/** What the pack takes from a site's own stack file, so that nobody has to say it twice. */
import { parse } from "yaml";
import { Field } from "../model/field";
import type { Settings } from "../model/settings";
import type { FlavorSize, Quota, Subject } from "../model/siteSettings";

const NAMESPACE = "atlas-site";

/** Registries that the site adds to those of the settings. */
type Registries = { readonly addedRegistries: readonly string[] };

/**
 * Settings that follow from a stack file; nothing from one that can not be read, which is the program's to say.
 * @param text of `Pulumi.<stack>.yaml`
 */
export function siteFacts(text: string): Partial<Settings> & Registries {
  let file: unknown;
  try {
    file = parse(text, { logLevel: "silent", merge: true });
  } catch {
    return { addedRegistries: [] };
  }
  const section = (name: string) => new Field(file).at("config", `${NAMESPACE}:${name}`);
  const queues = section("queues").entries.map(([, queue]) => queue);
  const pools = section("cloud").at("pools").entries;
  const ofRole = (role: string) => pools.filter(([, pool]) => pool.at("role").is(role));
  const prefix = section("site").at("registryPrefix").text;
  const kubernetesVersion = section("cluster").at("kubernetes").text;
  return {
    addedRegistries: [
      ...(prefix === undefined ? [] : [prefix]),
      ...section("security").at("imageRegistries").texts,
      ...queues.flatMap((queue) => folderOf(queue.at("image").text)),
    ],
    batchNamespaces: queues.map((queue) => queue.at("namespace").text).filter((name) => name !== undefined),
    ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
    ...logArchiveOf(section("logs")),
    ...(pools.length === 0 ? {} : { batchCores: sum(ofRole("batch").map(([, pool]) => coresOf(pool))) }),
    quota: quotaOf(section("cloud").at("quota")),
    flavors: Object.fromEntries([...pools.map(([, pool]) => pool), section("cloud").at("bastion")].flatMap(flavorOf)),
    controlPlanePools: ofRole("control-plane").map(([name]) => name),
    workerPools: [...ofRole("batch"), ...ofRole("services")].map(([name]) => name),
    ...harvestersOf(section("harvester")),
  };
}

/** An image's registry and path, without its name. */
function folderOf(image: string | undefined): string[] {
  return image === undefined || !image.includes("/") ? [] : [image.slice(0, image.lastIndexOf("/"))];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function coresOf(pool: Field): number {
  return (pool.at("count").number ?? 0) * (pool.at("flavor", "vcpus").number ?? 0);
}

function flavorOf(machine: Field): [string, FlavorSize][] {
  const flavor = machine.at("flavor");
  const [name, vcpus, ramMb] = [flavor.at("name").text, flavor.at("vcpus").number, flavor.at("ramMb").number];
  return name === undefined || vcpus === undefined || ramMb === undefined ? [] : [[name, { vcpus, ramMb }]];
}

function quotaOf(field: Field): Quota {
  return Object.fromEntries(
    field.entries.flatMap(([key, { number }]) => (number === undefined ? [] : [[key, number]])),
  );
}

/** As the stack file's schema has it when nothing is said. */
const ARCHIVE_DAYS = 180;

function logArchiveOf(section: Field): { logArchiveDays?: number } {
  return section.at("mode").is("otlp") ? { logArchiveDays: section.at("retentionDays").number ?? ARCHIVE_DAYS } : {};
}

/** The central Harvester comes as a user; one inside the cluster as a ServiceAccount. */
function harvestersOf(section: Field): { harvesters?: Subject[] } {
  if (!section.at("mode").is("inCluster")) {
    return {};
  }
  const namespace = section.at("namespace").text ?? "harvester-service";
  return {
    harvesters: [
      { kind: "User", name: "atlas-site:harvester" },
      { kind: "ServiceAccount", name: "harvester", namespace },
    ],
  };
}

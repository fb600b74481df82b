/** Volumes for the site's services, as plain values: the class they come from, and the local ones machine by machine. */
import type { Site, Storage } from "../../stacks/site/site";
import { volumeSize } from "../kubernetes/resources";
import type { SiteContext } from "../cluster/siteContext";
import { planPools } from "../cloud/plan";
import { NO_ADDITION, type NodeAdditions } from "../cluster/kubeadm/nodeAddition";

/** Volumes by directories of machines. */
export type LocalStorage = Extract<Storage, { class: "local" }>;

/** Storage class of local volumes. */
export const LOCAL_CLASS = "atlas-site-local";
/** Storage class of Cinder volumes. */
export const CINDER_CLASS = "atlas-site-cinder";

/** Where the directories of local volumes lie on a machine. */
const DIRECTORY = "/var/lib/atlas-site/volumes";

/** Storage class that claims of the site's services name; undefined: the site has no volumes. */
export function storageClassName(storage: Storage): string | undefined {
  switch (storage.class) {
    case "none":
      return undefined;
    case "local":
      return LOCAL_CLASS;
    case "cinder":
      return CINDER_CLASS;
    case "existing":
      return storage.name;
  }
}

/**
 * Storage class for a service that cannot run without a volume.
 * @param why what the service keeps on it, as the beginning of the message
 * @throws Error for a site without volumes
 */
export function requiredStorageClass(storage: Storage, why: string): string {
  const name = storageClassName(storage);
  if (name === undefined) {
    throw new Error(`${why} on a volume, and storage.class is none; use local, cinder or existing`);
  }
  return name;
}

/** One local volume, before it exists. */
export interface LocalVolumePlan {
  /** Name of the PersistentVolume: machine and number, so it stays what it is when other pools change. */
  readonly name: string;
  /** Machine that holds it. */
  readonly machine: string;
  /** Index of the machine and number of the volume on it, `0-1`: what the resource is named by. */
  readonly position: string;
  /** Directory on the machine. */
  readonly path: string;
  /** As Kubernetes writes it. */
  readonly size: string;
}

function directories(storage: LocalStorage): string[] {
  return Array.from({ length: storage.volumesPerMachine }, (_, number) => `${DIRECTORY}/${number}`);
}

/** Every local volume of the site, machine by machine; none where the machines are not the program's own. */
export function planLocalVolumes(
  { site, capabilities }: Pick<SiteContext, "site" | "capabilities">,
  storage: LocalStorage,
): LocalVolumePlan[] {
  const pools = capabilities.machines === undefined ? [] : planPools(site.name, capabilities.machines);
  const pool = pools.find(({ name }) => name === storage.pool);
  return (pool?.machines ?? []).flatMap((machine) =>
    directories(storage).map((path, number) => ({
      name: `${machine.name}-${number}`,
      machine: machine.name,
      position: `${machine.index}-${number}`,
      path,
      size: volumeSize(storage.sizeGb),
    })),
  );
}

/**
 * Directories of local volumes, on the machines of their pool. A new machine starts with empty ones; volume and claim know
 * nothing of that, so what is in them must be of a kind that can be made again.
 */
export function localVolumes(site: Site): NodeAdditions {
  const { storage } = site;
  return (machine) =>
    storage.class === "local" && machine.pool === storage.pool
      ? { ...NO_ADDITION, commands: [`mkdir -p -m 0750 ${directories(storage).join(" ")}`] }
      : NO_ADDITION;
}

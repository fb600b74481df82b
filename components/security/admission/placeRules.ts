/** Rules on where a pod comes from, where it goes and as whom it speaks. */
import type { Queue, Security } from "../../../stacks/site/site";
import { imageReference } from "../../../versions";
import { CVMFS_TAINT } from "../names";
import type { SiteContext } from "../../cluster/siteContext";
import { celList, celText, type Rule } from "./rule";
import { INFRASTRUCTURE_PRIORITY } from "../../kubernetes/names";

/** Taints of nodes that are no place for jobs whatever the site's pools are. "" would tolerate every taint. */
const CLOSED_TAINTS = [
  "",
  "node-role.kubernetes.io/control-plane",
  "node-role.kubernetes.io/master",
  "node.kubernetes.io/unschedulable",
  "node.kubernetes.io/network-unavailable",
  "node.cloudprovider.kubernetes.io/uninitialized",
  CVMFS_TAINT,
];

/** What decides where pods of jobs may come from and run. */
export interface JobPlaces extends Pick<SiteContext, "site" | "capabilities"> {
  /** The stack file's security section. */
  readonly security: Pick<Security, "imageRegistries">;
  /** Queues of the site. */
  readonly queues: Readonly<Record<string, Pick<Queue, "image">>>;
}

/** Where images of jobs may come from: each as a beginning of the reference, up to and including a '/'. */
export function allowedImages(site: Omit<JobPlaces, "capabilities">): string[] {
  const ofQueues = Object.values(site.queues).map(({ image }) => image.slice(0, image.lastIndexOf("/") + 1));
  const named = [...ofQueues, ...site.security.imageRegistries.map((registry) => `${registry}/`)];
  const { registryPrefix } = site.site;
  const mirrored = registryPrefix === undefined ? [] : named.map((start) => imageReference(start, registryPrefix));
  return [...new Set([...named, ...mirrored])].sort();
}

/** Keys of taints that no job may tolerate: those of Kubernetes, of CVMFS, and of the site's pools that are not for jobs. */
export function closedTaints({ capabilities }: Pick<JobPlaces, "capabilities">): string[] {
  const pools = Object.values(capabilities.nodePools ?? {});
  const keys = (batch: boolean) =>
    pools.filter(({ role }) => (role === "batch") === batch).flatMap(({ taints }) => taints.map(({ key }) => key));
  const open = new Set(keys(true));
  return [...new Set([...CLOSED_TAINTS, ...keys(false).filter((key) => !open.has(key))])];
}

/** The rules of a site. */
export function placeRules(site: JobPlaces): Rule[] {
  const images = allowedImages(site);
  const taints = closedTaints(site);
  return [
    {
      name: "allowed-images",
      standard: "site",
      container: `${celList(images)}.exists(start, c.?image.orValue('').startsWith(start))`,
      fields: ["containers[*].image"],
      advice: `use an image from ${images.join(" or ")}, with its registry written out`,
      why: "An image is code: it comes from where the site's queues have theirs, or from registries the site names.",
    },
    {
      name: "default-service-account",
      standard: "site",
      pod: "variables.pod.?serviceAccountName.orValue('') in ['', 'default']",
      fields: ["serviceAccountName"],
      advice: "remove it; jobs run as `default`, which may do nothing",
      why: "Whoever creates Jobs could otherwise speak as any ServiceAccount of the namespace.",
    },
    {
      name: "no-api-token",
      standard: "site",
      pod: "!variables.pod.?automountServiceAccountToken.orValue(false)",
      volume: "v.?projected.?sources.orValue([]).all(source, !has(source.serviceAccountToken))",
      fields: ["automountServiceAccountToken", "volumes[*].projected.sources[*].serviceAccountToken"],
      advice:
        "set automountServiceAccountToken to false or remove it, and mount no token; a pilot does not use the API",
      why: "A token in a job is in the hands of whoever wrote the payload.",
    },
    {
      name: "no-node-name",
      standard: "site",
      pod: "variables.nodeName == ''",
      fields: ["nodeName"],
      advice: "remove it and let the scheduler choose; use nodeSelector or affinity to narrow its choice",
      why: "A pod that names its node goes past the scheduler, its taints and the packing.",
    },
    {
      name: "no-closed-node",
      standard: "site",
      pod: `variables.pod.?tolerations.orValue([]).all(t, !(t.?key.orValue('') in ${celList(taints)}))`,
      fields: ["tolerations[*].key"],
      advice: `name a key, and none of ${taints.filter(Boolean).join(", ")}`,
      why: "Control plane and services are no place for jobs, and a node whose CVMFS is not proven makes them fail.",
    },
    {
      name: "no-service-priority",
      standard: "site",
      pod:
        "!variables.pod.?priorityClassName.orValue('').startsWith('system-') && " +
        `variables.pod.?priorityClassName.orValue('') != ${celText(INFRASTRUCTURE_PRIORITY)}`,
      fields: ["priorityClassName"],
      advice: "remove it or use a class made for jobs",
      why: "A job of that priority would push the site's own services, and Kubernetes', off their nodes.",
    },
  ];
}

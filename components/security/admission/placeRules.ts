/** Rules on where a pod comes from, where it goes and as whom it speaks. */
import type { Queue } from "../../../stacks/site/site";
import type { Capabilities } from "../../cluster/capabilities";
import { JOBS_PRIORITY } from "../names";
import { allowedImages, imageExpression, type ImageSources } from "./images";
import { celList, celText, type Rule } from "./rule";
import { INFRASTRUCTURE_PRIORITY } from "../../kubernetes/names";

/** Kubernetes' own taints of nodes that jobs may not run on. "" would tolerate every taint. */
const CLOSED_TAINTS = [
  "",
  "node-role.kubernetes.io/control-plane",
  "node-role.kubernetes.io/master",
  "node.kubernetes.io/unschedulable",
  "node.kubernetes.io/network-unavailable",
  "node.cloudprovider.kubernetes.io/uninitialized",
];

/** What decides where pods of jobs may come from and run. */
export interface JobPlaces extends ImageSources {
  readonly capabilities: Pick<Capabilities, "nodePools" | "poolLabel">;
  /** Keys of taints by which features of the site keep jobs from a node. */
  readonly closedTaints: readonly string[];
  /** Queues of the site. */
  readonly queues: Readonly<Record<string, Queue>>;
}

/** Taints of a node that is not reachable: the API server makes every pod tolerate them for five minutes. */
const TOLERATED_BY_DEFAULT = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** Keys of the taints of a site's own batch pools: what jobs may tolerate. Undefined where the nodes are not the site's own. */
export function openTaints(site: Pick<JobPlaces, "capabilities" | "closedTaints">): string[] | undefined {
  const { nodePools } = site.capabilities;
  if (nodePools === undefined) {
    return undefined;
  }
  const closed = [...CLOSED_TAINTS, ...site.closedTaints];
  const batch = Object.values(nodePools).filter(({ role }) => role === "batch");
  const keys = batch.flatMap(({ taints }) => taints.map(({ key }) => key));
  return [...new Set(keys)].filter((key) => !closed.includes(key)).sort();
}

function tolerationRule(site: JobPlaces): Rule {
  const open = openTaints(site);
  const closed = [...CLOSED_TAINTS, ...site.closedTaints];
  const key = "t.?key.orValue('')";
  const tolerates =
    open === undefined
      ? `!(${key} in ${celList(closed)})`
      : `${key} in ${celList(open)} || (!variables.submitted && ${key} in ${celList(TOLERATED_BY_DEFAULT)})`;
  return {
    name: "no-closed-node",
    standard: "site",
    pod: `variables.pod.?tolerations.orValue([]).all(t, ${tolerates})`,
    fields: ["tolerations[*].key"],
    advice:
      open === undefined
        ? `name a key, and none of ${closed.filter(Boolean).join(", ")}`
        : open.length === 0
          ? "remove it; the site's batch pools have no taints"
          : `name a taint of the site's batch pools: ${open.join(", ")}`,
    why: "Control plane and services are no place for jobs, and a node whose CVMFS is not proven makes them fail.",
  };
}

/** Rules of a cluster whose pools are known: the pool of the namespace's queue, and what its machines have. */
function poolRules({ capabilities, queues }: JobPlaces): Rule[] {
  const { nodePools, poolLabel } = capabilities;
  if (nodePools === undefined || poolLabel === undefined) {
    return [];
  }
  const key = celText(poolLabel);
  const pool = `namespaceObject.metadata.?labels[?${key}].orValue('')`;
  const pools = [...new Set(Object.values(queues).map((queue) => queue.pool))];
  const flavors = pools.flatMap((name) => {
    const flavor = nodePools[name]?.flavor;
    return flavor === undefined ? [] : [{ name, cpu: String(flavor.vcpus), memory: `${flavor.ramMb}Mi` }];
  });
  const fits = (resource: "cpu" | "memory") => {
    const most = flavors.map((flavor) => `${celText(flavor.name)}: ${celText(flavor[resource])}`).join(", ");
    const request = `dyn(c).?resources.?requests[?'${resource}'].orValue('0')`;
    return `quantity(${request}).compareTo(quantity({${most}}[?${pool}].orValue(${request}))) <= 0`;
  };
  return [
    {
      name: "queue-pool",
      standard: "site",
      pod: `${pool} in ['', variables.pod.?nodeSelector[?${key}].orValue('')]`,
      fields: [`nodeSelector['${poolLabel}']`],
      advice: `set it to the pool in the namespace's label ${poolLabel}, as the site's own job template does`,
      why: "Nodes of other pools run the site's services, or jobs of other queues.",
    },
    {
      name: "fits-a-node",
      standard: "site",
      container: `${fits("cpu")} && ${fits("memory")}`,
      fields: ["containers[*].resources.requests.cpu", "containers[*].resources.requests.memory"],
      advice: "ask for no more than a machine of the queue's pool has",
      why: "A pod that asks for more than any node has waits until Harvester gives it up after two days.",
    },
  ];
}

const PRIORITY = "variables.pod.?priorityClassName.orValue('')";

/** The rules of a site. */
export function placeRules(site: JobPlaces): Rule[] {
  const images = allowedImages(site);
  return [
    {
      name: "allowed-images",
      standard: "site",
      container: imageExpression(images),
      fields: ["containers[*].image"],
      advice: `use an image from ${[...images.paths, ...images.repositories].join(" or ")}, with its registry written out`,
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
      volume:
        "v.?projected.?sources.orValue([]).all(source, " +
        "!has(source.serviceAccountToken) && !has(source.podCertificate))",
      fields: [
        "automountServiceAccountToken",
        "volumes[*].projected.sources[*].serviceAccountToken",
        "volumes[*].projected.sources[*].podCertificate",
      ],
      advice:
        "set automountServiceAccountToken to false or remove it, and mount no token or certificate; a pilot does not use the API",
      why: "A payload's author can use every token and certificate that its job holds.",
    },
    {
      name: "no-node-name",
      standard: "site",
      pod: "variables.nodeName == ''",
      fields: ["nodeName"],
      advice: "remove it and let the scheduler choose; use nodeSelector or affinity to narrow its choice",
      why: "A pod that names its node goes past the scheduler, its taints and the packing.",
    },
    ...poolRules(site),
    tolerationRule(site),
    {
      name: "no-service-priority",
      standard: "site",
      // The API server writes a cluster's default class into pods that name none: it may be any but those of services.
      pod:
        `${PRIORITY} in ['', ${celText(JOBS_PRIORITY)}] || ` +
        `(!variables.submitted && !${PRIORITY}.startsWith('system-') && ${PRIORITY} != ${celText(INFRASTRUCTURE_PRIORITY)})`,
      fields: ["priorityClassName"],
      advice: `remove it or use ${JOBS_PRIORITY}`,
      why: "Jobs of a higher class would preempt services and other jobs, and no pod is made with a class that does not exist.",
    },
  ];
}

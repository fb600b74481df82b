/** A machine in a model of Nova, Kubernetes and Pulumi that keeps their rules, to try decisions on. */
import type { Intent, Step } from "../../../stacks/site/life/decide";
import type { MachineFacts, PodFact } from "../../../stacks/site/life/facts";

export const NAME = "site-batch-7";
export const URN = "urn:pulumi:site::atlas-site::openstack:compute/instance:Instance::batch-7";

/** Time of the model, in milliseconds. */
export const NOW = 1_700_000_000_000;

export const INTENT: Intent = {
  kind: "replace",
  machine: NAME,
  by: "admin@desk",
  since: NOW,
  urn: URN,
  oldServer: "server-1",
  oldNode: "node-1",
  dead: false,
  evictJobs: false,
  loseVolumes: false,
};

export const pilot = (name: string): PodFact => ({
  namespace: "harvester",
  name,
  kind: "job",
  endsBy: NOW + 3_600_000,
});
export const service = (name: string): PodFact => ({ namespace: "squid", name, kind: "service" });
export const daemon = (name: string): PodFact => ({ namespace: "kube-flannel", name, kind: "daemon" });

/** A worker in service. */
export const WORKER: MachineFacts = {
  name: NAME,
  recorded: { urn: URN, serverId: "server-1", generation: 1, replacedNext: false },
  server: "ACTIVE",
  node: { uid: "node-1", ready: true, since: NOW - 1e9, cordoned: false, taints: [], version: "v1.36.3" },
  pods: [pilot("p1"), pilot("p2"), service("squid-0"), daemon("flannel")],
  localClaims: [],
};

/** What an operation must never do. */
export class Harm extends Error {}

/** The model. */
export class World {
  facts: MachineFacts;
  /** Pods that refuse an eviction for so many times yet. */
  readonly budget: number;
  private refused = 0;

  constructor(facts: MachineFacts, budget = 0) {
    this.facts = facts;
    this.budget = budget;
  }

  /** Carries out a step as the real programs would. @throws Harm when it does what no operation may do */
  carryOut(step: Step, intent: Intent): void {
    const { node, server, pods } = this.facts;
    switch (step.kind) {
      case "cordon":
        if (node === undefined) throw new Harm("cordons a node that is not there");
        this.change({ node: { ...node, cordoned: true, operation: "replace by admin@desk" } });
        return;
      case "evict":
        if (step.pods.some(({ kind }) => kind === "job") && !intent.evictJobs) throw new Harm("evicts a pilot");
        if (this.refused++ < this.budget) return;
        this.change({ pods: pods.filter((pod) => !step.pods.includes(pod)) });
        return;
      case "stop":
        if (pods.some(({ kind }) => kind === "job") && !intent.dead) throw new Harm("stops a machine under a pilot");
        this.change({ server: "SHUTOFF", node: node && { ...node, ready: false } });
        return;
      case "forget":
        if (server === "ACTIVE") throw new Harm("deletes the node of a machine that runs");
        this.change({ pods: [], node: step.node ? undefined : node });
        return;
      case "renew":
        if (server === "ACTIVE") throw new Harm("replaces a machine that runs");
        if (node !== undefined) throw new Harm("lets a new machine meet its old node");
        this.change({
          recorded: { urn: URN, serverId: "server-2", generation: 1, replacedNext: false },
          server: "ACTIVE",
        });
        return;
      default:
        return;
    }
  }

  /** What time brings: pilots end, a new machine becomes a node, then Ready, then loses its taint. */
  pass(): void {
    const { recorded, node, pods, server } = this.facts;
    if (recorded?.serverId === "server-2") {
      const fresh = { uid: "node-2", ready: false, since: NOW, cordoned: false, version: "v1.36.3" };
      const taint = { key: "atlas-site/cvmfs-unready", effect: "NoSchedule" };
      if (node === undefined) this.change({ node: { ...fresh, taints: [taint] } });
      else if (!node.ready) this.change({ node: { ...node, ready: true } });
      else this.change({ node: { ...node, taints: [] } });
      return;
    }
    const jobs = pods.filter(({ kind }) => kind === "job");
    if (server === "ACTIVE" && jobs.length > 0) this.change({ pods: pods.filter((pod) => pod !== jobs[0]) });
  }

  change(part: Partial<MachineFacts>): void {
    this.facts = { ...this.facts, ...part };
  }
}

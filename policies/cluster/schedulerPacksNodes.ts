import { each, violation, type ObjectPolicy } from "../model/policy";

const PACKING = ["MostAllocated", "RequestedToCapacityRatio"];

/** Small jobs fill nodes up, so that whole nodes stay free for large ones. */
export const schedulerPacksNodes: ObjectPolicy = {
  kind: "object",
  name: "scheduler-packs-nodes",
  title: "The scheduler fills nodes up (NodeResourcesFit with MostAllocated or RequestedToCapacityRatio)",
  why: "By default pods are spread over the emptiest nodes: one-core jobs then sit on every node and an eight-core job finds none free, which the paper's sites saw as stranded cores.",
  level: "mandatory",
  severity: "medium",
  frameworks: [{ framework: "Using Kubernetes as an ATLAS computing site", version: "2020", control: "node packing" }],
  remediation: "Give each profile a pluginConfig for NodeResourcesFit with scoringStrategy.type MostAllocated.",
  kinds: ["kubescheduler.config.k8s.io/KubeSchedulerConfiguration"],
  check: ({ root }) => {
    const profiles = root.at("profiles");
    if (profiles.items.length === 0) {
      return [violation(profiles, "there is no profile, so pods are spread")];
    }
    return each(profiles.items, (profile) => {
      const fit = profile.at("pluginConfig").items.find((plugin) => plugin.at("name").is("NodeResourcesFit"));
      const strategy = (fit ?? profile).at("args", "scoringStrategy", "type");
      const packs = PACKING.includes(strategy.text ?? "");
      return packs
        ? undefined
        : violation(strategy, `the strategy is ${strategy.text ?? "LeastAllocated, by default"}`);
    });
  },
};

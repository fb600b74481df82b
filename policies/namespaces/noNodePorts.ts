import { cautiously, violation, type ObjectPolicy } from "../model/policy";

/** An exposure on every node's address is rarely meant. */
export const noNodePorts: ObjectPolicy = {
  kind: "object",
  name: "no-node-ports",
  title: "No Service of type NodePort",
  why: "A NodePort opens the port on every node, past the NetworkPolicies' idea of who is calling; only the security groups then stand before it.",
  level: "advisory",
  severity: "medium",
  frameworks: [
    { framework: "Kyverno", version: "b9c4317", control: "restrict-node-port" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0044" },
  ],
  remediation:
    "Use type ClusterIP; where hosts need it (squids), keep the port closed for the world in the security groups.",
  kinds: ["Service"],
  check: ({ root }) =>
    cautiously(() => {
      const type = root.at("spec", "type");
      return type.is("NodePort") ? violation(type, "it opens a port on every node") : undefined;
    }),
};

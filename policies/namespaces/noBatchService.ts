import { violation, type ObjectSetPolicy } from "../model/policy";
import { eachBatchNamespace } from "./batchNamespaces";

/** Pilots serve nobody outside. */
export const noBatchService: ObjectSetPolicy = {
  kind: "objects",
  name: "no-batch-service",
  title: "No way in from outside to a queue's namespace",
  why: "Pilots call out and serve nobody: a Service or Ingress would put a user's job on the site's address.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "Kyverno", version: "b9c4317", control: "restrict-node-port" },
    { framework: "atlas-site", version: "1", control: "pilots serve nobody" },
  ],
  remediation: "Remove the Service of type NodePort or LoadBalancer, and the Ingress, from the namespace.",
  kinds: ["Namespace"],
  check: (objects, settings) =>
    eachBatchNamespace(objects, settings, (_, inside) =>
      inside.flatMap(({ kind, root, name }) => {
        const type = kind === "Service" ? root.at("spec", "type").text : undefined;
        const open =
          kind === "Ingress" ? "" : type === "NodePort" || type === "LoadBalancer" ? ` of type ${type}` : undefined;
        return open === undefined ? [] : [violation(root, `${kind} ${name}${open} opens a way in from outside`)];
      }),
    ),
};

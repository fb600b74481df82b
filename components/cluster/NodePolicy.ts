import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { nodeValidations, nodeVariables, type PlannedNode } from "./nodeRules";

/** What a `NodePolicy` is made from. */
export interface NodePolicyArgs {
  /** Every machine of the cluster. */
  nodes: readonly PlannedNode[];
}

const NAME = "atlas-site-nodes";

/** Ties pool, role, labels, taints and address of a Node to its machine's name, for requests of nodes themselves. */
export class NodePolicy extends pulumi.ComponentResource {
  constructor(name: string, args: NodePolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cluster:NodePolicy", name, {}, opts);
    const policy = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
      name,
      {
        metadata: { name: NAME },
        spec: {
          failurePolicy: "Fail",
          matchConstraints: {
            resourceRules: [
              {
                apiGroups: [""],
                apiVersions: ["v1"],
                operations: ["CREATE", "UPDATE"],
                resources: ["nodes", "nodes/status"],
              },
            ],
          },
          matchConditions: [{ name: "node", expression: '"system:nodes" in request.userInfo.groups' }],
          variables: nodeVariables(args.nodes),
          validations: nodeValidations().map((validation) => ({ ...validation, reason: "Forbidden" })),
        },
      },
      { parent: this },
    );
    new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      name,
      { metadata: { name: NAME }, spec: { policyName: policy.metadata.name, validationActions: ["Deny"] } },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

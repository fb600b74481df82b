/** What NetworkPolicies close. */
import { isOfKind, type KubernetesObject } from "../model/objects";
import { selectsAll } from "./selectors";

/** Whether an object is a NetworkPolicy that closes a direction for every pod of its namespace. @throws UnknownField */
export function deniesAll(object: KubernetesObject, direction: "Ingress" | "Egress"): boolean {
  if (!isOfKind(object, ["networking.k8s.io/NetworkPolicy"])) {
    return false;
  }
  const spec = object.root.at("spec");
  const rules = spec.at(direction === "Ingress" ? "ingress" : "egress");
  const types = spec.at("policyTypes").texts;
  // Without types a policy is for ingress, and for egress when it has such rules, which then open something.
  const closes = types.length === 0 ? direction === "Ingress" : types.includes(direction);
  return closes && rules.items.length === 0 && selectsAll(spec.at("podSelector"));
}

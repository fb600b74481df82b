import { cis, own } from "../model/frameworks";
import { cautiously, violation, type ObjectPolicy } from "../model/policy";

const TOKEN = "kubernetes.io/service-account-token";

/** No Secret may make the API server write a lasting token; a queue's namespace has plain Secrets only. Reads `batchNamespaces`. */
export const secretTypes: ObjectPolicy = {
  kind: "object",
  name: "secret-types",
  title: "No Secret with a lasting API token, and only Opaque ones in a queue's namespace",
  why: "A Secret of type service-account-token is filled by the control plane with a token that never ends: whoever can create Secrets and pods in a namespace becomes any account of it, past the rule that batch pods have no token.",
  level: "mandatory",
  severity: "high",
  frameworks: [cis("5.1.6"), own("queues hold the proxy and the pilot's script, and no other Secret")],
  remediation:
    "Use a projected serviceAccountToken volume, which ends within the hour; in a queue's namespace use type Opaque.",
  kinds: ["Secret"],
  check: ({ root, namespace }, settings) =>
    cautiously(() => {
      const type = root.at("type");
      if (type.is(TOKEN)) {
        return violation(type, "the control plane writes an API token without end into it");
      }
      const plain = !type.present || type.is("") || type.is("Opaque");
      return plain || !settings.batchNamespaces.includes(namespace)
        ? undefined
        : violation(type, `its type is ${String(type.value)}, in the namespace of a queue`);
    }),
};

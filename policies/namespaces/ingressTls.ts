import { cautiously, each, violation, type ObjectPolicy } from "../model/policy";

/** No plain HTTP from outside. */
export const ingressTls: ObjectPolicy = {
  kind: "object",
  name: "ingress-tls",
  title: "Every Ingress has TLS for each of its hosts",
  why: "Passwords of dashboards and tokens of pilots would cross the network in clear.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "Polaris", version: "10.2.2", control: "tlsSettingsMissing" },
    { framework: "Kyverno", version: "b9c4317", control: "require-ingress-https" },
  ],
  remediation: "Add spec.tls with the hosts and a secretName.",
  kinds: ["networking.k8s.io/Ingress"],
  check: ({ root }) =>
    cautiously(() => {
      const plain = root.at("metadata", "annotations", "kubernetes.io/ingress.allow-http");
      if (plain.is("true")) {
        return violation(plain, "it takes plain HTTP beside TLS");
      }
      const tls = root.at("spec", "tls");
      if (tls.items.length === 0) {
        return violation(tls, "it has no TLS");
      }
      const covered = tls.items.map((entry) => entry.at("hosts").texts);
      // An entry without hosts is for all of them.
      if (covered.some((hosts) => hosts.length === 0)) {
        return undefined;
      }
      return each(root.at("spec", "rules").items, (rule) => {
        const host = rule.at("host");
        const name = host.text ?? "";
        const wildcard = name.replace(/^[^.]+/, "*");
        return covered.flat().some((one) => one === name || one === wildcard)
          ? undefined
          : violation(host, `host "${name}" is in no entry of spec.tls`);
      });
    }),
};

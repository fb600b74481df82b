import { each, violation, type ObjectPolicy } from "../model/policy";

/** No Service may take over an address. */
export const noExternalIps: ObjectPolicy = {
  kind: "object",
  name: "no-external-ips",
  title: "No Service with externalIPs",
  why: "Whoever may name an external address takes over all traffic of the nodes to it (CVE-2020-8554), and nothing checks whose it is.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "1.2.3 DenyServiceExternalIPs" },
    { framework: "Kyverno", version: "b9c4317", control: "restrict-external-ips" },
  ],
  remediation: "Remove spec.externalIPs; a load balancer or a NodePort with a security group rule is the way in.",
  kinds: ["Service"],
  check: ({ root }) =>
    each(root.at("spec", "externalIPs").items, (address) =>
      violation(address, `${address.text ?? "an address"} is taken`),
    ),
};

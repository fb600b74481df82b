import { cautiously, each, notApplicable, violation, type StackPolicy } from "../model/policy";
import { liesIn } from "./addresses";
import { ofType, TYPES } from "./openstack";

/** Machines know one another by their groups. */
export const groupInsteadOfCidr: StackPolicy = {
  kind: "stack",
  name: "group-instead-of-cidr",
  title: "Rules between machines of the site name a security group, not a network",
  why: "A network also holds what is no machine of the site: a port somebody plugs in there later has all these rights. Load balancers have no group of ours, so ports of their members are left out.",
  level: "advisory",
  severity: "low",
  frameworks: [{ framework: "atlas-site", version: "1", control: "least privilege of security groups" }],
  remediation: "Use remoteGroupId with the security group of the machines that are meant.",
  check: (resources) => {
    const networks = ofType(resources, TYPES.subnet).map(({ props }) => props.at("cidr"));
    const served = ofType(resources, TYPES.member).map(({ props }) => props.at("protocolPort"));
    const rules = ofType(resources, TYPES.securityGroupRule);
    if (rules.length === 0) {
      return notApplicable("there is no security group rule");
    }
    return each(rules, (rule) =>
      cautiously(() => {
        const prefix = rule.props.at("remoteIpPrefix");
        const first = rule.props.at("portRangeMin");
        const inside = networks.some((network) => liesIn(prefix.text ?? "", network.text ?? ""));
        const balanced = served.some((port) => port.number !== undefined && port.number === first.number);
        return inside && !balanced ? violation(prefix, `the whole network ${prefix.text} is let in`) : undefined;
      }).map((finding) => ({ ...finding, subject: rule.urn })),
    );
  },
};

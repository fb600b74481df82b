import { each, violation, type ResourcePolicy } from "../model/policy";
import { TYPES, WORLD } from "./openstack";

/** Octavia lets pass only whom it is told to. */
export const listenerLimited: ResourcePolicy = {
  kind: "resource",
  name: "listener-limited",
  title: "Every load balancer listener names the networks of its clients",
  why: "A load balancer's own port has no security group of the site: without allowedCidrs it takes everybody, whatever the machines' rules say, and comes to them from inside.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "atlas-site", version: "1", control: "API endpoint: allowed CIDRs" }],
  remediation: "Set allowedCidrs (apiEndpoint.allowedCidrs in the stack file), without 0.0.0.0/0.",
  types: [TYPES.listener],
  check: ({ props }) => {
    const clients = props.at("allowedCidrs");
    if (clients.items.length === 0) {
      return [violation(clients, "no network is named, so everybody is let in")];
    }
    return each(clients.items, (client) =>
      WORLD.includes(client.text ?? "") ? violation(client, `${client.text} is everybody`) : undefined,
    );
  },
};

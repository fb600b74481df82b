/** Examples of the cross-checks on what pilots may reach. */
import type { Example } from "./exampleParts";

/** One failing and one passing change of the small site for each. */
export const securityExamples: readonly Example[] = [
  {
    check: "pilots may reach no network that is closed to them",
    fails: { "security.pilotCidrs": ["10.64.1.0/24"] },
    says: [
      "security.pilotCidrs[0]: got 10.64.1.0/24, all of it in cloud.network.cidr 10.64.0.0/22, which pilots never " +
        "reach, expected a network outside it; remove it, or name the network that the pilots' servers are in",
    ],
    passes: { "security.pilotCidrs": ["10.64.0.0/16"] },
  },
  {
    check: "pilots may reach no network that is closed to them",
    fails: { "security.pilotCidrs": ["192.168.7.0/24"], "security.closedCidrs": ["192.168.0.0/16"] },
    says: [
      "security.pilotCidrs[0]: got 192.168.7.0/24, all of it in security.closedCidrs[0] 192.168.0.0/16, which pilots " +
        "never reach, expected a network outside it; remove it, or name the network that the pilots' servers are in",
    ],
    passes: { "security.pilotCidrs": ["192.168.7.0/24"], "security.closedCidrs": ["192.168.7.0/25"] },
  },
  {
    check: "pilots may not reach the API's port",
    fails: { "security.pilotPorts.tcp": [443, 6443] },
    says: [
      "security.pilotPorts.tcp[1]: got 6443, the port of the Kubernetes API, expected any other port; " +
        "remove it: a pilot does not use the API",
    ],
    passes: { "security.pilotPorts.tcp": [443, 6444] },
  },
];

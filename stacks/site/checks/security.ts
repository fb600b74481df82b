/** Whether what pilots may reach keeps clear of what they never may. */
import { API_SERVER_PORT } from "../../../components/kubernetes/ports";
import { contains } from "../ipv4";
import { pathText, type Path, type Problem } from "../problem";
import type { Site } from "../site";
import { machineNetworks, type Check, type Named } from "./check";

/** Networks that are closed to pilots in any case. */
function closed(site: Site): Named[] {
  return [
    ...machineNetworks(site),
    { path: ["network", "podCidr"], cidr: site.network.podCidr },
    { path: ["network", "serviceCidr"], cidr: site.network.serviceCidr },
    ...site.security.closedCidrs.map((cidr, i) => ({ path: ["security", "closedCidrs", i], cidr })),
  ];
}

/** A network inside a closed one would be left out of the policies without a word. */
function pilotNetworksOpen(site: Site): Problem[] {
  return site.security.pilotCidrs.flatMap((cidr, i) => {
    const path: Path = ["security", "pilotCidrs", i];
    const around = closed(site).find((network) => contains(network.cidr, cidr));
    return around === undefined
      ? []
      : [
          {
            path,
            seen: `got ${cidr}, all of it in ${pathText(around.path)} ${around.cidr}, which pilots never reach`,
            expected: "a network outside it",
            fix: "remove it, or name the network that the pilots' servers are in",
          },
        ];
  });
}

/** The API may have a public address, which no list of private networks closes. */
function apiPortClosed(site: Site): Problem[] {
  const i = site.security.pilotPorts.tcp.indexOf(API_SERVER_PORT);
  return i < 0
    ? []
    : [
        {
          path: ["security", "pilotPorts", "tcp", i],
          seen: `got ${API_SERVER_PORT}, the port of the Kubernetes API`,
          expected: "any other port",
          fix: "remove it: a pilot does not use the API",
        },
      ];
}

/** Checks on what pilots may reach. */
export const securityChecks: readonly Check[] = [
  {
    title: "pilots may reach no network that is closed to them",
    needs: [
      "security.pilotCidrs.**",
      "security.closedCidrs.**",
      "cloud.network.cidr",
      "network.podCidr",
      "network.serviceCidr",
    ],
    run: pilotNetworksOpen,
  },
  { title: "pilots may not reach the API's port", needs: ["security.pilotPorts.tcp.**"], run: apiPortClosed },
];

import { cautiously, each, notApplicable, violation, type StackPolicy } from "../model/policy";
import { ofType, poolOf, TYPES } from "./openstack";

/** Machines with jobs are not reachable from outside. */
export const noWorkerAddress: StackPolicy = {
  kind: "stack",
  name: "no-worker-address",
  title: "No floating IP on a machine that runs jobs or services (setting workerPools)",
  why: "Jobs call out by the router. An address of its own puts the node, and whatever a job opens on it, into the open network.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "atlas-site", version: "1", control: "workers have no way in" }],
  remediation: "Give floating IPs to the API's endpoint and the bastion only.",
  check: (resources, settings) => {
    const addresses = [...ofType(resources, TYPES.floatingIpAssociate), ...ofType(resources, TYPES.floatingIp)];
    if (addresses.length === 0 || settings.workerPools.length === 0) {
      return notApplicable(addresses.length === 0 ? "there is no floating IP" : "no pool of workers is known");
    }
    const ports = ofType(resources, TYPES.port);
    return each(addresses, (address) =>
      cautiously(() => {
        // Which port it is only the update knows, but not from which resource its id comes.
        const port = ports.find(({ urn }) => address.dependencies.includes(urn));
        const pool = port === undefined ? undefined : poolOf(port);
        const worker = pool !== undefined && settings.workerPools.includes(pool);
        return worker ? violation(address.props.at("portId"), `the port is one of pool "${pool}"`) : undefined;
      }).map((finding) => ({ ...finding, subject: address.urn })),
    );
  },
};

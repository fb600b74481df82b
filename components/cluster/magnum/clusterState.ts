/**
 * What Magnum says of a cluster. The provider's resource has no status: a cluster that ended in CREATE_FAILED fails one
 * `pulumi up`, and the next one calls it created. So the program asks for itself.
 */

/** A cluster, as far as Magnum's API answers. */
export interface ClusterState {
  readonly uuid: string;
  readonly name: string;
  readonly status: string;
  /** Why the status is what it is. */
  readonly statusReason: string;
  /** What failed inside, by name. */
  readonly faults: Readonly<Record<string, string>>;
  /** URL of the Kubernetes API; empty when there is none. */
  readonly apiAddress: string;
  readonly groups: readonly GroupState[];
}

/** A node group of a cluster. */
export interface GroupState {
  readonly name: string;
  readonly status: string;
  readonly statusReason: string;
  readonly flavor: string;
  readonly count: number;
}

/** Magnum as the program asks it. */
export interface MagnumApi {
  /**
   * A cluster by name or id.
   * @returns undefined when there is none
   */
  cluster(nameOrId: string): Promise<ClusterState | undefined>;
  /** Names of the templates that may be used, sorted. */
  templates(): Promise<string[]>;
}

function reasons({ statusReason, faults, groups }: ClusterState): string {
  const inside = Object.entries(faults).map(([name, fault]) => `${name}: ${fault}`);
  const failed = groups.filter(({ status }) => status.endsWith("_FAILED"));
  const ofGroups = failed.map(({ name, status, statusReason: reason }) => `node group ${name} ${status}: ${reason}`);
  const all = [statusReason, ...inside, ...ofGroups].filter((reason) => reason.trim() !== "");
  return all.length === 0 ? "Magnum gives no reason" : `Magnum's reason: ${all.join("; ")}`;
}

/**
 * Why a cluster cannot be used; undefined where it can.
 * @param urn of its resource, for the commands that fix it
 */
export function unusable(state: ClusterState, urn: string): string | undefined {
  const { name, uuid, status, apiAddress } = state;
  const isFailed = status === "CREATE_FAILED" || status.startsWith("DELETE_");
  if (!isFailed && apiAddress !== "") {
    return undefined;
  }
  const seen = isFailed ? `is in status ${status}` : `has no API address (status ${status})`;
  return (
    `The Magnum cluster ${name} (${uuid}) ${seen}. ${reasons(state)}. It holds its quota until it is deleted. Fix the ` +
    `cause, then create the cluster anew: pulumi state unprotect '${urn}' --yes && pulumi up --replace '${urn}'`
  );
}

/** What is worth knowing of a cluster that can be used: changes that Magnum did not finish. */
export function unfinished(state: ClusterState): string[] {
  const { name, status } = state;
  const failed = state.groups.filter((group) => group.status.endsWith("_FAILED"));
  return [
    ...(status.endsWith("_FAILED") ? [`The Magnum cluster ${name} is in status ${status}. ${reasons(state)}.`] : []),
    ...(status.endsWith("_FAILED") ? [] : failed).map(
      (group) => `Node group ${group.name} of ${name} is in status ${group.status}: ${group.statusReason}.`,
    ),
  ];
}

/**
 * Node groups whose flavor is not the one of the site file. Magnum cannot change it, and the program does not replace a group
 * with running jobs.
 * @param flavors flavor of each group by the site file
 */
export function otherFlavors(state: ClusterState, flavors: Readonly<Record<string, string>>): string[] {
  return state.groups
    .filter(({ name, flavor }) => flavors[name] !== undefined && flavor !== "" && flavor !== flavors[name])
    .map(
      ({ name, flavor }) =>
        `Node group ${name} has flavor ${flavor}, and the site file says ${flavors[name]}. Magnum cannot change it: add a ` +
        "pool with the new flavor, move the queue to it, then remove the old pool.",
    );
}

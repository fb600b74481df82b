/** The kubeconfig of a Magnum cluster, once it is of use. */
import { RunError } from "@pulumi/pulumi/errors";
import { waitForApi } from "../apiReady";
import { type MagnumApi, otherFlavors, unfinished, unusable } from "./clusterState";

/** Parts of the kubeconfig that the provider makes; it leaves the keys as OpenStack's SDK names them. */
export type ProvidedKubeconfig = Partial<
  Record<"raw_config" | "host" | "cluster_ca_certificate" | "client_certificate" | "client_key", string>
>;

/** A cluster that the provider calls created. */
export interface CreatedCluster {
  readonly siteName: string;
  /** Magnum's id. */
  readonly id: string;
  /** URN of its resource, for the commands in messages. */
  readonly urn: string;
  readonly kubeconfig: ProvidedKubeconfig;
  /** Flavor of each node group by the site file. */
  readonly flavors: Readonly<Record<string, string>>;
  /** How long to wait for the API. */
  readonly deadlineMs: number;
}

/** The path that any Kubernetes API answers with 200 once it can be used. */
const READY_PATH = "/readyz";

/**
 * Waits until a cluster can be used: Magnum calls it created, and its API answers the administrator.
 * @param warn gets what is unfinished in a cluster that can be used
 * @throws RunError with Magnum's reason and the commands that fix it
 */
export async function usableKubeconfig(
  cluster: CreatedCluster,
  api: MagnumApi,
  warn: (warning: string) => void,
): Promise<ProvidedKubeconfig> {
  const { siteName, id, urn, kubeconfig, flavors, deadlineMs } = cluster;
  const state = await api.cluster(id);
  const problem =
    state === undefined
      ? `Magnum has no cluster ${siteName} (${id}) any more. Run \`pulumi refresh\`, then \`pulumi up\`.`
      : unusable(state, urn);
  if (state === undefined || problem !== undefined) {
    throw withoutStack(problem ?? "");
  }
  [...unfinished(state), ...otherFlavors(state, flavors)].forEach(warn);
  await waitForApi({
    server: kubeconfig.host ?? state.apiAddress,
    caPem: kubeconfig.cluster_ca_certificate ?? "",
    credential: { certPem: kubeconfig.client_certificate ?? "", keyPem: kubeconfig.client_key ?? "" },
    deadlineMs,
    machines: [],
    path: READY_PATH,
  });
  return kubeconfig;
}

/** An error for the administrator, who has no use for a stack trace. */
export function withoutStack(message: string): RunError {
  const error = new RunError(message);
  error.stack = undefined;
  return error;
}

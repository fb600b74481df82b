/** Takes jobs away at once, as no site would: a test that waits for their end would else wait for their grace. */
import type { KubeView } from "./kubeView";

/**
 * Deletes Jobs and ends their pods within a second. Pilots have minutes to end, and a shell that is told to stop in its
 * first moment, before it listens, takes all of them.
 * @param names of the Jobs; none: there is nothing to do
 */
export async function endJobs(cluster: KubeView, namespace: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) {
    return;
  }
  const unawaited = ["-n", namespace, "--wait=false", "--ignore-not-found"];
  await cluster.kubectl("delete", "jobs", ...names, ...unawaited);
  const pods = ["-l", `job-name in (${names.join(",")})`];
  await cluster.kubectl("delete", "pods", ...pods, ...unawaited, "--grace-period=1");
}

/** Names of a namespace's Jobs; of those that have not ended when asked so. */
export async function jobNames(cluster: KubeView, namespace: string, onlyActive = false): Promise<string[]> {
  const items = onlyActive ? "{range .items[?(@.status.active)]}" : "{range .items[*]}";
  const path = `jsonpath=${items}{.metadata.name}{" "}{end}`;
  const text = await cluster.kubectl("get", "jobs", "-n", namespace, "-o", path);
  return text.split(" ").filter((name) => name !== "");
}

/** Gathers the facts of machines from Pulumi's state, Nova and Kubernetes. */
import { run, type Kubectl } from "./client";
import {
  jobOf,
  localClaims,
  nodeFact,
  podFacts,
  recordedInstances,
  type JobObject,
  type MachineFacts,
  type NodeObject,
  type PodObject,
  type RecordedInstance,
  type StateExport,
  type VolumeObject,
} from "./facts";

/** The instances that the state of a stack has, by machine. */
export async function lookIntoState(stack: string): Promise<Map<string, RecordedInstance>> {
  const text = await run("pulumi", ["stack", "export", "--stack", stack, "--non-interactive"]);
  return recordedInstances(JSON.parse(text) as StateExport);
}

/** Nova's status of every server of the project, by id. */
export async function lookIntoNova(): Promise<Map<string, string>> {
  // -1: all of them, however many pages Nova cuts the list into.
  const text = await run("openstack", ["server", "list", "--limit", "-1", "-f", "json", "-c", "ID", "-c", "Status"]);
  return new Map((JSON.parse(text) as { ID: string; Status: string }[]).map(({ ID, Status }) => [ID, Status]));
}

/** The facts of one machine. */
export async function lookAtMachine(stack: string, name: string, kubectl: Kubectl): Promise<MachineFacts> {
  const [instances, servers, node, pods, volumes] = await Promise.all([
    lookIntoState(stack),
    lookIntoNova(),
    kubectl.object<NodeObject>("node", name),
    kubectl.list<PodObject>("pods", "--all-namespaces", `--field-selector=spec.nodeName=${name}`),
    kubectl.list<VolumeObject>("persistentvolumes"),
  ]);
  return {
    ...machineAccounts(name, instances, servers, node),
    pods: podFacts(pods, await jobsOf(pods, kubectl)),
    localClaims: localClaims(name, volumes),
  };
}

/** What state, Nova and Kubernetes each have of a machine. */
function machineAccounts(
  name: string,
  instances: ReadonlyMap<string, RecordedInstance>,
  servers: ReadonlyMap<string, string>,
  node: NodeObject | undefined,
): Pick<MachineFacts, "name" | "recorded" | "server" | "node"> {
  const recorded = instances.get(name);
  return {
    name,
    recorded,
    server: recorded === undefined ? undefined : servers.get(recorded.serverId),
    node: node === undefined ? undefined : nodeFact(node),
  };
}

/** The Jobs that pods belong to, for their deadlines. */
async function jobsOf(pods: readonly PodObject[], kubectl: Kubectl): Promise<JobObject[]> {
  const byNamespace = new Map<string, string[]>();
  for (const pod of pods) {
    const job = jobOf(pod);
    const { namespace } = pod.metadata;
    if (job !== undefined) byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), job]);
  }
  const found = await Promise.all(
    [...byNamespace].map(([namespace, names]) => kubectl.object<unknown>("jobs", "-n", namespace, ...new Set(names))),
  );
  // One Job comes as itself, several as a list.
  return found.flatMap((one) => {
    const list = one as { items?: JobObject[] } | undefined;
    return list === undefined ? [] : (list.items ?? [one as JobObject]);
  });
}

/** The facts of every machine of a site, for a list of them: without local volumes and deadlines. */
export async function lookAtSite(stack: string, names: readonly string[], kubectl: Kubectl): Promise<MachineFacts[]> {
  const [instances, servers, nodes, pods] = await Promise.all([
    lookIntoState(stack),
    lookIntoNova(),
    kubectl.list<NodeObject>("nodes"),
    kubectl.list<PodObject>("pods", "--all-namespaces"),
  ]);
  const byName = new Map(nodes.map((node) => [node.metadata.name, node]));
  const podsOn = new Map<string, PodObject[]>(names.map((name) => [name, []]));
  pods.forEach((pod) => podsOn.get(pod.spec.nodeName ?? "")?.push(pod));
  return names.map((name) => ({
    ...machineAccounts(name, instances, servers, byName.get(name)),
    pods: podFacts(podsOn.get(name) ?? []),
    localClaims: [],
  }));
}

/** The threat model of security.md: written by hand, with the tests that hold each statement. */
import { table } from "./markdown";

/** Who attacks, by what they hold, and what that is worth. */
const ATTACKERS: readonly (readonly string[])[] = [
  [
    "a payload: code in a pilot's pod",
    "its own pod, the grid proxy in it, CVMFS, the ports of `allow-pilots`",
    "its own job and the pilot's proxy. A proxy is the pilot's identity on the grid: PanDA and the storage decide what it can do there",
    "`test/lab/site/insideTests.ts`, `test/engine/cvmfs.test.ts`",
  ],
  [
    "Harvester's kubeconfig, which is kept outside the site",
    "Jobs, ConfigMaps and Secrets of the queues' namespaces, as the rules below allow them",
    "the queues: their Jobs can be deleted and their proxy replaced. No node, no other namespace, no token",
    "`test/attack/`, `test/engine/admissionAccess.test.ts`, `test/engine/admissionData.test.ts`",
  ],
  [
    "an operator's kubeconfig",
    "reading everything but Secrets; port-forward in the monitoring namespace",
    "what ConfigMaps, logs and specs show. Nothing is changed",
    "`test/engine/admissionAccess.test.ts`",
  ],
  [
    "a batch node, as root",
    "every pod on it, their proxies, the kubelet's certificate",
    "the jobs on the node. Its certificate reads no Secret of another node and takes no label, address or traffic of one (table below); the bootstrap token on its disk still gets a certificate for any node's name",
    "`test/attack/batchNode.test.ts`, `test/lab/site/insideTests.ts`",
  ],
  [
    "a machine of the site's network",
    "the API server's port, node ports, SSH where the site opens it",
    "nothing without a certificate or a token",
    "[firewall.md](firewall.md), `test/lab/`",
  ],
  [
    "the stack's state or the project's checkout",
    "the state has every key of the cluster, encrypted by the stack's secrets provider",
    "everything, for who can decrypt it. The checkout alone is worth nothing",
    "`policies/` (outputs-secret)",
  ],
];

const OPEN: readonly (readonly string[])[] = [
  [
    "A Job may select a label that no node of its pool has, and waits until Harvester gives it up.",
    "Admission does not know the nodes' labels, and sites narrow by labels of their own.",
  ],
  [
    "A Job may request less than it uses.",
    "Nothing but the kernel's shares divides a node's processors; services run on other pools. A limit on memory would end jobs in short peaks.",
  ],
  [
    "A stolen kubeconfig can create and delete Jobs without end.",
    "The quota bounds how many there are, not how often they change; the API server's priority levels keep other clients served.",
  ],
  [
    "Images of an allowed registry path may be replaced.",
    "The path's owner is trusted like the queue's image; a digest in `queues.*.image` fixes the queue's own.",
  ],
  [
    "On a cluster with `provisioner: existing` the queue's pool, the machines' sizes and other taints are unknown.",
    "There the rules `queue-pool` and `fits-a-node` are missing, and `no-closed-node` knows Kubernetes' own taints only.",
  ],
  [
    "Queues with `seccomp: Unconfined` open every system call to their payloads.",
    "apptainer needs user namespaces; processes stay without privileges and without a way to gain any.",
  ],
];

/** The section. */
export function threatModel(): string {
  return [
    "# Threat model",
    [
      "**Assets**: the site's machines and their processors; the keys of the cluster and its Secrets; the grid proxies of",
      "pilots; records of who ran what (accounting, audit log). **Boundaries**: the pod (kernel, users, seccomp, no token);",
      "the queue's namespace (RBAC, admission, quota, network policies); the pool (services and jobs on different machines);",
      "the site's network (security groups). What each attacker has, and what is lost with it:",
    ].join("\n"),
    table(["Attacker", "Holds", "Worth", "Held by"], ATTACKERS),
    "Left open, and why:",
    table(["What", "Why"], OPEN),
  ].join("\n\n");
}

/** The page of the security layer: who may do what, what a pod must look like, what it may reach; from the tables themselves. */
import { batchNodeMatrix } from "./batchNodeMatrix";
import { capabilities } from "../components/cluster/capabilities";
import { jobBounds } from "../components/features/features";
import { admissionRules, type AdmittedSite, message, shapes } from "../components/security/admission/policy";
import { objectPolicies } from "../components/security/admission/objectRules";
import type { Rule } from "../components/security/admission/rule";
import { closedNetworks, queuePolicies, type QueueReach } from "../components/security/queuePolicies";
import type { EgressRule, PolicyPeer } from "../components/kubernetes/networkPolicy";
import { API_SERVER_PORT } from "../components/kubernetes/ports";
import { podSecurityOf } from "../components/security/podSecurity";
import { harvesterRights, operatorRights, type Right } from "../components/security/rights";
import type { Recording } from "../stacks/site/offline/recorder";
import { siteSchema } from "../stacks/site/site";
import { code, generatedFrom, table } from "./markdown";
import { countTable } from "./jobFieldsPage";
import { roleTable } from "./roles";
import { threatModel } from "./threatModel";

/** A site that uses every feature, with the keys its values come from. */
const KEYS: Readonly<Record<string, string>> = {
  "10.64.0.0/22": code("cloud.network.cidr"),
  "10.244.0.0/16": code("network.podCidr"),
  "10.96.0.0/16": code("network.serviceCidr"),
  "192.0.2.0/24": code("security.closedCidrs"),
  "192.168.7.0/24": code("security.pilotCidrs"),
};

function sampleSite(mode: "host" | "csi"): AdmittedSite & QueueReach {
  const squid = { pool: "services" };
  const site = siteSchema.parse({
    site: { name: "any" },
    cluster: { provisioner: "existing", identifier: "any" },
    security: { pilotCidrs: ["192.168.7.0/24"], closedCidrs: ["192.0.2.0/24"] },
    cvmfs: { mode, squid },
    queues: { "ANY-K8S": { namespace: "any", pool: "batch", largestJob: { cores: 8, memoryMb: 14_000 } } },
  });
  const flavor = { name: "any", vcpus: 8, ramMb: 16_000, diskGb: 100 };
  const nodePools = { batch: { role: "batch" as const, count: 1, flavor, taints: [] } };
  return {
    ...site,
    ...jobBounds(site),
    capabilities: { ...capabilities(site), nodePools, poolLabel: "atlas-site/pool" },
  };
}

function rightRows(rights: readonly Right[]): string[][] {
  return rights.map(({ apiGroups, resources, verbs, resourceNames }) => [
    resources.map(code).join(", "),
    apiGroups.map((group) => (group === "" ? "core" : group)).join(", "),
    verbs.join(", "),
    (resourceNames ?? []).map(code).join(", "),
  ]);
}

const RIGHTS_HEAD = ["Resources", "API group", "Verbs", "Only named"];

/** Advice that names values of the site, without them. */
const ADVICE: Readonly<Record<string, string>> = {
  "allowed-images":
    "use an image from the registry path of a queue's own image or from `security.imageRegistries`, with its registry " +
    "written out; of an image without a path of its own, e.g. `almalinux:9`, only that repository is open",
  "no-closed-node":
    "name a taint of the site's batch pools; on `provisioner: existing` any but those of Kubernetes and CVMFS",
};

/** Words of the rule without its name and without the list of this site's own values. */
function advice(rule: Rule): string {
  return ADVICE[rule.name] ?? rule.advice;
}

function ruleRows(rules: readonly Rule[]): string[][] {
  return rules.map((rule) => [
    code(rule.name),
    rule.standard === "site" ? "ours" : rule.standard,
    rule.fields.map(code).join(", "),
    advice(rule),
    rule.why,
  ]);
}

function objectRows(): string[][] {
  return objectPolicies.flatMap(({ resources, rules }) =>
    rules.map(({ name, fields, advice: what, why }) => [
      code(name),
      resources.flatMap(({ names }) => names.map(code)).join(", "),
      fields.map(code).join(", "),
      what,
      why,
    ]),
  );
}

function peer(of: PolicyPeer): string {
  if ("ipBlock" in of) {
    const { cidr, except = [] } = of.ipBlock;
    const name = (one: string) => KEYS[one] ?? one;
    const to = cidr === "0.0.0.0/0" ? "the world" : name(cidr);
    return except.length === 0 ? to : `${to}, but not ${except.map(name).join(", ")}`;
  }
  const labels = { ...of.namespaceSelector?.matchLabels, ...of.podSelector?.matchLabels };
  return `pods with ${Object.entries(labels)
    .map(([key, value]) => code(`${key}=${value}`))
    .join(", ")}`;
}

function ports({ ports: open = [] }: EgressRule): string {
  return open.length > 4
    ? code("security.pilotPorts")
    : open.map(({ protocol, port }) => `${protocol} ${port}`).join(", ");
}

function reachRows(site: QueueReach): string[][] {
  return queuePolicies(site).flatMap(({ name, why, spec }) => {
    const rules = spec.egress ?? [];
    return rules.length === 0
      ? [[code(name), "nothing", "", why]]
      : rules.map((rule) => [code(name), rule.to.map(peer).join("; "), ports(rule), why]);
  });
}

function levelRows(): string[][] {
  const modes = ["host", "csi", "none"] as const;
  return modes.flatMap((mode) =>
    (["RuntimeDefault", "Unconfined"] as const).map((seccomp) => {
      const { enforce, notice } = podSecurityOf({ mode }, { seccomp });
      return [mode, seccomp, enforce, notice === "privileged" ? "no" : `below ${notice}`];
    }),
  );
}

/** The page in Markdown. */
export function securityPage(shipped: readonly Recording[]): string {
  const host = sampleSite("host");
  const rules = admissionRules(host);
  const claims = admissionRules(sampleSite("csi")).filter(({ name }) => rules.every((rule) => rule.name !== name));
  const privileged = rules.find(({ name }) => name === "no-privileged-container")!;
  return [
    generatedFrom("components/security/"),
    threatModel(),
    "# Who may do what",
    [
      "Every client has a certificate or a ServiceAccount's token; without one the API server answers nothing. What is",
      "not in a table here is refused. For Harvester and the operators the tests ask a real API server about each verb on each",
      "resource in every place (`test/engine/admissionAccess.test.ts`), and find nothing beyond the tables.",
    ].join("\n"),
    "## Harvester, in each queue's namespace",
    table(RIGHTS_HEAD, rightRows(harvesterRights())),
    [
      "It has no right outside the queues' namespaces and none on the cluster. What the table still means: whoever may create",
      "Jobs may run any pod that the rules below let through. So a queue's namespace holds nothing but what Harvester puts",
      "there, its default ServiceAccount hands out no token, and jobs mount `proxy-secret` and no other Secret. `create` cannot",
      "be bound to a name, so Harvester may add Secrets and ConfigMaps of any name, of few kinds, small, and few.",
    ].join("\n"),
    "## Operators of the site, in every namespace",
    [
      "The holder of the operators' kubeconfig (`atlas-site:operator`, group `atlas-site:operators`) sees why a job does not",
      "run. No Secret, no token, no exec, no change. Logs of every pod are in reach, those of the site's own",
      "services too, and ConfigMaps as well: neither may hold a secret. In the namespace of the monitoring alone they also",
      "have port-forward, for Prometheus and Grafana (table of all Roles).",
    ].join("\n"),
    table(RIGHTS_HEAD, rightRows(operatorRights())),
    "## All Roles",
    [
      "Every Role and ClusterRole of the four shipped sites, read from what the program declares,",
      "with who holds it. Kubernetes' own roles and a cluster's own objects are not among them.",
    ].join("\n"),
    roleTable(shipped),
    batchNodeMatrix(shipped),
    "# What a pod in a queue's namespace must look like",
    [
      "Admission policies hold these rules for pods, for ephemeral containers, and for Jobs; no other object that makes pods is",
      "taken. A Job that breaks a rule is refused when it is submitted, so Harvester gets the message. It names rule, field,",
      "what to do, and the container that breaks it; as for a Job with a privileged container:",
    ].join("\n"),
    `> ${message(privileged, shapes[1])} (container pilot)`,
    "The API answers 422, and the audit log has the same words. Refusals for want of rights are 403.",
    table(["Rule", "Standard", "Fields", "What to do", "Why"], ruleRows(rules)),
    [
      "The last two are the table of all fields: [job-fields.md](job-fields.md) has each with its bound and its reason. So many",
      "are decided:",
    ].join("\n"),
    countTable(),
    "Other objects in a queue's namespace:",
    table(["Rule", "Objects", "Fields", "What to do", "Why"], objectRows()),
    "On a site whose CVMFS is not on the hosts this rule stands for all of `hostPath`:",
    table(["Rule", "Standard", "Fields", "What to do", "Why"], ruleRows(claims)),
    [
      "Some things the API refuses by itself in every cluster: `..` in a host path, Bidirectional mounts of containers that are",
      "not privileged, an unmasked /proc among the node's users.",
    ].join("\n"),
    "## Pod Security levels of a queue's namespace",
    [
      "The second line of defence, which acts on pods alone. Baseline refuses every host path and every unconfined seccomp",
      "profile; where a queue stands on one of them the level has to be `privileged`, and the rules above are all there is.",
    ].join("\n"),
    table(["`cvmfs.mode`", "`seccomp` of the queue", "Enforced", "Warned and audited"], levelRows()),
    "# What pods of a queue may reach",
    "Nothing reaches them. They reach this, by IPv4; IPv6 is closed altogether:",
    table(["Policy", "To", "Ports", "For"], reachRows(host)),
    [
      `Closed whatever else is opened: ${closedNetworks(host)
        .map((one) => KEYS[one] ?? one)
        .join(", ")}; on a site with machines of its`,
      "own also `cloud.network.cidr`. 169.254.0.0/16 has the cloud's metadata service. The API server is among the machines; if",
      `it also has a public address, port ${API_SERVER_PORT} may not be a pilot port (the site file's checks say so), and the address belongs`,
      "into `security.closedCidrs` when the API listens on another port. A network policy engine must run: with",
      "`network.policyEngine: none` the cluster has to bring its own, otherwise these policies have no effect.",
    ].join("\n"),
    "# How much a queue may hold",
    [
      "The quota counts Jobs (running, waiting, and as many ended ones as a cluster keeps pods), claims, services, Secrets and",
      "ConfigMaps (in push mode one for each Job). A Job is one pod, with at most 16 kB of command and environment. It has no",
      "figure for processors, memory or pods: a quota that refuses a *pod* leaves a Job without one, which Harvester takes for",
      "lost and cancels, while a refused *Job* is told at submission. A container without a memory request gets one core's",
      "share of the queue's largest job; no limit is put on any.",
    ].join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

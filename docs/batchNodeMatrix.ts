/** What each ServiceAccount on a batch node could do, read from the program's runs on the shipped sites: for security.md. */
import type { Recording } from "../stacks/site/offline/recorder";
import { code, table } from "./markdown";

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}

interface Volume {
  readonly projected?: { readonly sources: readonly { readonly serviceAccountToken?: object }[] };
}

interface Declared {
  readonly type: string;
  readonly inputs?: {
    readonly metadata?: { readonly name: string; readonly namespace?: string };
    readonly automountServiceAccountToken?: boolean;
    readonly rules?: readonly Rule[];
    readonly roleRef?: { readonly kind: string; readonly name: string };
    readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
    readonly spec?: {
      readonly matchConditions?: readonly { readonly expression: string }[];
      readonly template?: {
        readonly spec: {
          readonly serviceAccountName?: string;
          readonly automountServiceAccountToken?: boolean;
          readonly nodeSelector?: Readonly<Record<string, string>>;
          readonly volumes?: readonly Volume[];
        };
      };
    };
  };
}

/** An account whose pods run on batch nodes, and all that it may do. */
export interface BatchAccount {
  readonly namespace: string;
  readonly name: string;
  /** Whether its pods mount a token: without one the node gets none. */
  readonly hasToken: boolean;
  readonly rules: readonly Rule[];
  /** Admission policies that speak of this account alone. */
  readonly policies: readonly string[];
}

const READS = ["get", "list", "watch"];

function accountsOf(all: readonly Declared[]): BatchAccount[] {
  const daemons = all.filter(({ type }) => type === "kubernetes:apps/v1:DaemonSet");
  return daemons.flatMap(({ inputs }) => {
    const pod = inputs?.spec?.template?.spec;
    const selector = Object.entries(pod?.nodeSelector ?? {});
    const elsewhere = ([key, value]: [string, string]) =>
      key.startsWith("node-role.kubernetes.io/") || (key === "atlas-site/role" && value !== "batch");
    if (pod === undefined || selector.some(elsewhere)) {
      return [];
    }
    const namespace = inputs?.metadata?.namespace ?? "";
    const name = pod.serviceAccountName ?? "default";
    const account = all.find(
      (one) =>
        one.type === "kubernetes:core/v1:ServiceAccount" &&
        one.inputs?.metadata?.name === name &&
        one.inputs.metadata.namespace === namespace,
    );
    const automount = pod.automountServiceAccountToken ?? account?.inputs?.automountServiceAccountToken ?? true;
    const projected = (pod.volumes ?? []).some((volume) =>
      (volume.projected?.sources ?? []).some((source) => source.serviceAccountToken !== undefined),
    );
    const user = `system:serviceaccount:${namespace}:${name}`;
    const policies = all.filter(({ type, inputs: policy }) => {
      const conditions = policy?.spec?.matchConditions ?? [];
      return (
        type.endsWith(":ValidatingAdmissionPolicy") && conditions.some(({ expression }) => expression.includes(user))
      );
    });
    return [
      {
        namespace,
        name,
        hasToken: automount || projected,
        rules: rulesOf(all, namespace, name),
        policies: policies.map((policy) => policy.inputs?.metadata?.name ?? ""),
      },
    ];
  });
}

function rulesOf(all: readonly Declared[], namespace: string, name: string): Rule[] {
  const bindings = all.filter((one) =>
    (one.inputs?.subjects ?? []).some(
      (subject) => subject.kind === "ServiceAccount" && subject.name === name && subject.namespace === namespace,
    ),
  );
  return bindings.flatMap((binding) =>
    all
      .filter(
        ({ type, inputs }) =>
          type.endsWith(`:${binding.inputs?.roleRef?.kind}`) &&
          inputs?.metadata?.name === binding.inputs?.roleRef?.name &&
          (type.endsWith(":ClusterRole") || inputs?.metadata?.namespace === binding.inputs?.metadata?.namespace),
      )
      .flatMap(({ inputs }) => inputs?.rules ?? []),
  );
}

/** The accounts of all these sites, each once. */
export function batchAccounts(shipped: readonly Recording[]): BatchAccount[] {
  const all = shipped.flatMap(({ requests }) =>
    accountsOf(requests.map(({ type, visible }) => ({ type, inputs: visible as Declared["inputs"] }))),
  );
  const byName = new Map(all.map((account) => [`${account.namespace}/${account.name}`, account]));
  return [...byName.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, account]) => account);
}

/** Verbs of an account on resources that match, beside reading. */
export function changes({ rules }: BatchAccount, resource: RegExp): string[] {
  const found = rules.filter(({ resources = [] }) => resources.some((one) => one === "*" || resource.test(one)));
  return [...new Set(found.flatMap(({ verbs }) => verbs.filter((verb) => !READS.includes(verb))))];
}

function cell(account: BatchAccount, resource: RegExp): string {
  const verbs = changes(account, resource);
  if (verbs.length === 0) {
    return "no";
  }
  const narrowed =
    account.policies.length === 0 ? "" : `, of its own node only: ${account.policies.map(code).join(", ")}`;
  return `${verbs.join(", ")}${narrowed}`;
}

function row(account: BatchAccount): string[] {
  const reads = account.rules.filter(({ verbs }) => verbs.some((verb) => READS.includes(verb)));
  const readable = [...new Set(reads.flatMap(({ resources = [] }) => resources))].sort();
  const secrets = readable.some((one) => one === "*" || one === "secrets");
  return [
    code(`${account.namespace}/${account.name}`),
    account.hasToken ? "yes" : "none: its pods mount none",
    secrets ? "**yes**" : "no",
    cell(account, /^(pods(\/.*)?|jobs|deployments|daemonsets|serviceaccounts(\/token)?)$/),
    cell(account, /^nodes(\/status)?$/),
    cell(account, /^(networkpolicies|validatingadmission.*|roles|rolebindings|clusterroles|clusterrolebindings)$/),
    readable.length === 0 ? "nothing" : readable.map(code).join(", "),
  ];
}

/** The section. */
export function batchNodeMatrix(shipped: readonly Recording[]): string {
  return [
    "## A batch node in an attacker's hands",
    [
      "Root on a node has the kubelet's certificate, and by it the token of every pod there that mounts one. Read from what the",
      "program declares for the four shipped sites; `test/attack/batchNode.test.ts` takes each token as the kubelet does and",
      "tries a table of requests (`test/attack/shapes/nodeRequests.ts`) on a real API server.",
    ].join("\n"),
    table(
      [
        "Who",
        "Token on the node",
        "Reads Secrets",
        "Changes pods, makes tokens",
        "Changes nodes",
        "Changes rules",
        "Reads",
      ],
      [
        [
          "the kubelet, `system:node:<name>`",
          "its certificate, and the pool's bootstrap token, which still gets a certificate for any node's name (open)",
          "of pods on the node",
          "status and end of pods on the node; tokens that they mount",
          "status of its own; pool, role, labels, taints and address are the planned ones: `atlas-site-nodes`",
          "no",
          "its own node, pods on it, and what they mount; `services`",
        ],
        [
          "`kube-system/kube-proxy`, kubeadm's own",
          "yes",
          "no",
          "no",
          "no",
          "no",
          "`endpointslices`, `nodes`, `services`; writes `events`",
        ],
        ...batchAccounts(shipped).map(row),
      ],
    ),
  ].join("\n\n");
}

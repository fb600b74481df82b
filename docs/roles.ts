/** Every right that the program grants in a cluster, read from its runs on the shipped sites: Roles, ClusterRoles, bindings. */
import type { Recording } from "../stacks/site/offline/recorder";
import { code, table } from "./markdown";

interface RoleRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Declared {
  readonly type: string;
  readonly inputs?: {
    readonly metadata?: { readonly name: string; readonly namespace?: string };
    readonly rules?: readonly RoleRule[];
    readonly roleRef?: { readonly kind: string; readonly name: string };
    readonly subjects?: readonly Subject[];
  };
}

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1:";

function declared(shipped: readonly Recording[]): Declared[] {
  return shipped
    .flatMap(({ requests }) => requests)
    .filter(({ type }) => type.startsWith(RBAC))
    .map(({ type, visible }) => ({ type, inputs: visible as Declared["inputs"] }));
}

function ruleText({
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
  verbs,
}: RoleRule): string {
  const groups = apiGroups.filter((group) => group !== "").join(", ");
  const names = resourceNames.length === 0 ? "" : ` named ${resourceNames.map(code).join(", ")}`;
  const what = [...resources, ...nonResourceURLs].map(code).join(", ");
  return `${verbs.join(", ")}: ${what}${groups === "" ? "" : ` (${groups})`}${names}`;
}

function subjectText({ kind, name, namespace }: Subject): string {
  return `${kind} ${code(namespace === undefined ? name : `${namespace}/${name}`)}`;
}

/** Namespaces of queues differ from site to site. */
function placeOf({ type, inputs }: Declared, queues: ReadonlySet<string>): string {
  const namespace = inputs?.metadata?.namespace;
  if (type !== `${RBAC}Role`) {
    return "the whole cluster";
  }
  return namespace === undefined || queues.has(namespace) ? "each queue's namespace" : code(namespace);
}

/** Namespaces where Harvester has its Role. */
function harvesterNamespaces(all: readonly Declared[]): Set<string> {
  const own = all.filter(({ type, inputs }) => type === `${RBAC}Role` && inputs?.metadata?.name === "harvester");
  return new Set(own.map(({ inputs }) => inputs?.metadata?.namespace ?? ""));
}

/** The table of all Roles that a shipped site has. */
export function roleTable(shipped: readonly Recording[]): string {
  const all = declared(shipped);
  const queues = harvesterNamespaces(all);
  const holders = ({ type, inputs }: Declared) => {
    const kind = type.slice(RBAC.length);
    const bindings = all.filter(
      (one) =>
        one.inputs?.roleRef?.kind === kind &&
        one.inputs.roleRef.name === inputs?.metadata?.name &&
        (kind === "ClusterRole" || one.inputs.metadata?.namespace === inputs.metadata?.namespace),
    );
    return [...new Set(bindings.flatMap((one) => (one.inputs?.subjects ?? []).map(subjectText)))].join(", ");
  };
  const rows = all
    .filter(({ type }) => type === `${RBAC}Role` || type === `${RBAC}ClusterRole`)
    .map((role) => [
      code(role.inputs?.metadata?.name ?? ""),
      holders(role),
      placeOf(role, queues),
      (role.inputs?.rules ?? []).map(ruleText).join("; "),
    ]);
  const unique = new Map(rows.map((row) => [row.join("|"), row]));
  return table(
    ["Role", "Held by", "In", "Rights"],
    [...unique.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row),
  );
}

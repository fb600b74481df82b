/**
 * Everything a user may do, asked one by one from the API itself: each verb on each resource, in each place. What comes
 * back is compared with what the user should be able to do, to the last pair.
 */
import { discover, type ApiResource, type Asking } from "./kubeApiObjects";

/** A verb on a resource in a place. */
export interface Access {
  readonly verb: string;
  /** `group/resource`, or `resource` of the core group; a subresource after another '/'. */
  readonly resource: string;
  /** A namespace; "*" for all namespaces at once and for what is in none. */
  readonly place: string;
  /** One object by its name; undefined: any. */
  readonly name?: string;
}

/** Every verb that Kubernetes' own authorizers know. */
const VERBS = [
  ...["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"],
  ...["bind", "escalate", "impersonate", "approve", "sign", "attest", "use", "proxy"],
];

/** Resources that no discovery shows: users to pass for, and what a kubelet hands out. */
const HIDDEN = [
  ...["users", "groups", "nodes/metrics", "nodes/stats", "nodes/log", "nodes/configz", "nodes/pods", "nodes/healthz"],
  "authentication.k8s.io/uids",
  "authentication.k8s.io/userextras",
  "certificates.k8s.io/signers",
];

/** How many questions are open at once. */
const TOGETHER = 16;

/** What anybody with a valid certificate may do: ask who he is and what he may do. */
export const EVERYBODY: readonly Access[] = [
  { verb: "create", resource: "authentication.k8s.io/selfsubjectreviews", place: "*" },
  { verb: "create", resource: "authorization.k8s.io/selfsubjectaccessreviews", place: "*" },
  { verb: "create", resource: "authorization.k8s.io/selfsubjectrulesreviews", place: "*" },
];

/** Rights as Roles say them. */
interface RightsOf {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** The pairs that a table of rights means in a place. */
export function accessOf(rights: readonly RightsOf[], place: string): Access[] {
  return rights.flatMap(({ apiGroups, resources, verbs, resourceNames = [undefined] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          resourceNames.map((name) => {
            const full = group === "" ? resource : `${group}/${resource}`;
            return { verb, resource: full, place, ...(name === undefined ? {} : { name }) };
          }),
        ),
      ),
    ),
  );
}

/** A pair as one line, for comparison and for reading. */
export function accessText({ verb, resource, place, name }: Access): string {
  return `${place}: ${verb} ${resource}${name === undefined ? "" : ` "${name}"`}`;
}

/**
 * Asks as a user what he may do.
 * @param asking the user
 * @param resources of the API; by default what the user's own discovery shows
 * @param namespaces places beside "*", e.g. the user's own, another's, `default` and `kube-system`
 * @param names objects to ask about by name, beside any: a right on one name is none on any
 * @returns the number of questions, and all that was allowed; what is allowed in all namespaces is listed once
 */
export async function accessMatrix(
  asking: Asking,
  namespaces: readonly string[],
  names: readonly { readonly resource: string; readonly name: string }[] = [],
  resources?: readonly ApiResource[],
): Promise<{ asked: number; allowed: Access[] }> {
  const known = resources ?? (await discover(asking));
  const all = [
    ...known.map(({ group, name, namespaced }) => ({ resource: group === "" ? name : `${group}/${name}`, namespaced })),
    ...HIDDEN.map((resource) => ({ resource, namespaced: false })),
  ];
  const questions: Access[] = all.flatMap(({ resource, namespaced }) =>
    ["*", ...(namespaced ? namespaces : [])].flatMap((place) =>
      [undefined, ...names.filter((one) => one.resource === resource).map(({ name }) => name)].flatMap((name) =>
        VERBS.map((verb) => ({ verb, resource, place, ...(name === undefined ? {} : { name }) })),
      ),
    ),
  );
  const allowed: Access[] = [];
  const waiting = [...questions];
  const ask = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (await mayDo(asking, next)) {
        allowed.push(next);
      }
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, ask));
  return { asked: questions.length, allowed: withoutImplied(allowed) };
}

/** What is allowed everywhere is so in each namespace, and what is allowed for any name is so for each. */
function withoutImplied(allowed: readonly Access[]): Access[] {
  const texts = new Set(allowed.map(accessText));
  const has = (access: Access) => texts.has(accessText(access));
  return allowed.filter(({ name, ...any }) => {
    const everywhere = any.place !== "*" && (has({ ...any, place: "*" }) || has({ ...any, place: "*", name }));
    return !everywhere && (name === undefined || !has(any));
  });
}

async function mayDo(asking: Asking, { verb, resource, place, name }: Access): Promise<boolean> {
  const [first, ...rest] = resource.split("/");
  const grouped = first.includes(".") || GROUPS_WITHOUT_DOT.includes(first);
  const [main, subresource] = grouped ? rest : [first, ...rest];
  const answer = await asking.call("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: {
        verb,
        group: grouped ? first : "",
        resource: main,
        ...(subresource === undefined ? {} : { subresource }),
        ...(place === "*" ? {} : { namespace: place }),
        ...(name === undefined ? {} : { name }),
      },
    },
  });
  const { status } = JSON.parse(answer.text) as { status?: { allowed?: boolean } };
  if (answer.status !== 201 || status?.allowed === undefined) {
    throw new Error(`SelfSubjectAccessReview ${verb} ${resource} in ${place}: ${answer.status} ${answer.text}`);
  }
  return status.allowed;
}

/** API groups whose name has no dot, beside the core group. */
const GROUPS_WITHOUT_DOT = ["apps", "autoscaling", "batch", "policy", "extensions"];

/** The pairs as a table: a line for each resource and place, with its verbs. */
export function accessTable(allowed: readonly Access[]): string {
  const lines = new Map<string, string[]>();
  for (const { verb, resource, place, name } of allowed) {
    const key = `${place.padEnd(12)} ${resource}${name === undefined ? "" : ` "${name}"`}`;
    lines.set(key, [...(lines.get(key) ?? []), verb]);
  }
  const width = Math.max(...[...lines.keys()].map((key) => key.length));
  const rows = [...lines].map(([key, verbs]) => `${key.padEnd(width)}  ${verbs.sort().join(" ")}`);
  return rows.sort().join("\n");
}

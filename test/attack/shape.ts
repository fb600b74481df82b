/** What an attack on admission is: a Job that Harvester's kubeconfig submits, and what the site must answer. */

/** Fields laid over the Job that Harvester makes of the site's template, by path; `[+]` appends to a list. */
export type Changes = Readonly<Record<string, unknown>>;

/** Who must refuse: a rule of the site by its name, or the API server by itself. */
export type Refusal = { readonly rule: string } | "API";

/** A Job and its expected verdict. */
export interface JobShape {
  /** What is different in it. */
  readonly about: string;
  readonly changes: Changes;
  /** Undefined: it must be accepted, and so must its pod. */
  readonly refusal: Refusal | undefined;
}

/** Short names of places in a Job. */
const PLACES: Readonly<Record<string, string>> = {
  job: "spec",
  template: "spec.template",
  pod: "spec.template.spec",
  container: "spec.template.spec.containers[0]",
  security: "spec.template.spec.containers[0].securityContext",
};

/** A Job that a rule must refuse. */
export const refused = (rule: string, about: string, changes: Changes): JobShape => ({
  about,
  changes,
  refusal: { rule },
});

/** A Job that the API server refuses by itself. */
export const refusedByApi = (about: string, changes: Changes): JobShape => ({ about, changes, refusal: "API" });

/** A Job that must be accepted. */
export const accepted = (about: string, changes: Changes): JobShape => ({ about, changes, refusal: undefined });

type Holder = Record<string, unknown>;

function steps(path: string): string[] {
  const [first, ...others] = path.split(".");
  const from = PLACES[first] ?? first;
  // A key with a dot in it cannot be named here: its whole map is given instead.
  return [from, ...others]
    .join(".")
    .split(/\.|\[|\]/)
    .filter((step) => step !== "");
}

function change(job: Holder, path: string, value: unknown): void {
  const all = steps(path);
  const last = all.pop()!;
  let place: Holder = job;
  all.forEach((step, i) => {
    const next = [...all, last][i + 1];
    place = (place[step] ??= next === "+" ? [] : {}) as Holder;
  });
  if (last === "+") {
    (place as unknown as unknown[]).push(value);
  } else if (value === undefined) {
    delete place[last];
  } else {
    place[last] = value;
  }
}

/** The Job of a shape. The given one stays as it is. */
export function shapedJob(job: object, { changes }: JobShape): object {
  const copy = structuredClone(job) as Holder;
  Object.entries(changes).forEach(([path, value]) => change(copy, path, structuredClone(value)));
  return copy;
}

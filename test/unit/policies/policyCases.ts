/** Cases of policies: what each must say about which object. Written beside the policies' tests, run by cases.test.ts. */
import { parseAllDocuments, type ScalarTag } from "yaml";
import { Field, UNKNOWN } from "../../../policies/model/field";
import {
  isViolated,
  judgeObject,
  judgeObjects,
  judgeResource,
  judgeStack,
  type Judgement,
  type Run,
} from "../../../policies/model/judge";
import { objectsIn } from "../../../policies/model/objects";
import type { Policy, Resource } from "../../../policies/model/policy";
import { defaultSettings, type Settings } from "../../../policies/model/settings";

/** A resource as a case writes it: type and props, the rest as an engine has it when nothing is said. */
export type CaseResource = Pick<Resource, "type"> &
  Partial<Omit<Resource, "props" | "provider">> & {
    readonly props?: object;
    readonly provider?: {
      readonly type?: string;
      readonly name?: string;
      readonly urn?: string;
      readonly props?: object;
    };
  };

/** What is judged: YAML (one or more objects; `!unknown` is a value that a preview does not know), or resources. */
export type Given = string | readonly CaseResource[];

/** A case by its title: what is given, or that with settings of its own. */
export type Cases = Readonly<Record<string, Given | { readonly given: Given; readonly settings: Partial<Settings> }>>;

/** The cases of one policy; every kind has at least one. */
export interface PolicyCases {
  readonly policy: Policy;
  readonly pass: Cases;
  /** Each title maps to what is given and a path (or a part of the message) that must be told. */
  readonly fail: Readonly<
    Record<string, { readonly given: Given; readonly tells: string; readonly settings?: Partial<Settings> }>
  >;
  /** The policy has nothing to say: other kinds, other workload, or it says why. */
  readonly notApplicable: Cases;
  /** A value the policy needs is not known in this preview. */
  readonly unknown: Cases;
  /** Why no value that a preview does not know can matter to it; then `unknown` is empty. */
  readonly withoutUnknown?: string;
}

/** Further cases of a policy, of any kind: each was written for a change of its condition that no case had noticed. */
export type MoreCases = Pick<PolicyCases, "policy"> & Partial<PolicyCases>;

/** What a file of cases has. */
export interface CaseFile {
  /** All kinds, once for each policy. */
  readonly cases?: readonly PolicyCases[];
  readonly more?: readonly MoreCases[];
}

const unknownTag: ScalarTag = { tag: "!unknown", resolve: () => UNKNOWN };

/** YAML as Kubernetes reads it (`0400` is octal), with `!unknown`. @throws Error when it is no YAML: a case that is not read proves nothing */
export function parsed(text: string): unknown[] {
  const documents = parseAllDocuments(text, { version: "1.1", customTags: [unknownTag] });
  return documents.map((document) => {
    if (document.errors.length > 0) {
      throw new Error(`a case's YAML is wrong: ${document.errors[0].message}\n${text}`);
    }
    return document.toJS() as unknown;
  });
}

function resource({ props, provider, ...rest }: CaseResource, index: number): Resource {
  const name = rest.name ?? `resource-${index}`;
  return {
    urn: `urn:pulumi:test::atlas-site::${rest.type}::${name}`,
    protect: false,
    ignoreChanges: [],
    additionalSecretOutputs: [],
    aliases: [],
    dependencies: [],
    ...rest,
    name,
    props: new Field(props ?? {}),
    provider: provider && { type: "", name: "", urn: "", ...provider, props: new Field(provider.props ?? {}) },
  };
}

/** What a policy says about what is given, on 2026-01-01. */
export function judged(policy: Policy, given: Given, settings: Partial<Settings> = {}): Judgement[] {
  const run: Run = { settings: { ...defaultSettings, ...settings }, today: "2026-01-01" };
  if (typeof given === "string") {
    const objects = parsed(given).flatMap((document) => objectsIn(new Field(document)));
    if (policy.kind === "objects") {
      return judgeObjects(policy, objects, run);
    }
    if (policy.kind === "pod" || policy.kind === "object") {
      return objects.flatMap((object) => judgeObject(policy, object, run));
    }
    throw new Error(`${policy.name} judges resources: give it those, not YAML`);
  }
  const resources = given.map(resource);
  if (policy.kind === "stack") {
    return judgeStack(policy, resources, run);
  }
  if (policy.kind === "resource") {
    return resources.flatMap((one) => judgeResource(policy, one, run));
  }
  throw new Error(`${policy.name} judges Kubernetes objects: give it YAML, not resources`);
}

/** What judgements come to, in the words of the cases' four kinds. */
export function verdictOf(judgements: readonly Judgement[]): "pass" | "fail" | "notApplicable" | "unknown" {
  if (judgements.some(isViolated)) {
    return "fail";
  }
  if (judgements.some(({ unknown }) => unknown.length > 0)) {
    return "unknown";
  }
  return judgements.every(({ notApplicable }) => notApplicable !== undefined) ? "notApplicable" : "pass";
}

/** Everything the violations tell. */
export function told(judgements: readonly Judgement[]): string[] {
  return judgements.flatMap(({ violations }) => violations.map(({ path, message }) => `${path}: ${message}`));
}

/** An object without a pod. Its text does not look like one. */
export const NO_POD = "apiVersion: v1\nkind: Service\nmetadata: { name: s }\nspec: { selector: { kind: text } }\n";

/** A bare pod with this spec (YAML, written from the first column on). */
export function pod(spec: string, more = ""): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: { name: one, namespace: somewhere }\n${more}spec:\n${indented(spec, 2)}`;
}

/** A Harvester-like job with this pod spec. */
export function job(spec: string, jobSpec = ""): string {
  const template = `  template:\n    spec:\n${indented(spec, 6)}`;
  return `apiVersion: batch/v1\nkind: Job\nmetadata: { name: grid-job, namespace: queue }\nspec:\n${indented(jobSpec, 2)}${template}`;
}

function indented(text: string, by: number): string {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `${" ".repeat(by)}${line}\n`)
    .join("");
}

/** What the policies say of everything that a run of the program asked for: no engine, no cloud, no pack server. */
import { objectsOf } from "../../../policies/model/engineAdapter";
import { Field } from "../../../policies/model/field";
import {
  judgeObject,
  judgeObjects,
  judgeResource,
  judgeStack,
  type Judgement,
  type Run,
} from "../../../policies/model/judge";
import type { Policy, Resource } from "../../../policies/model/policy";
import type { ProgramRun } from "./programRun";
import { HIDDEN } from "./properties";
import type { Request } from "./recorder";

/** Everything the policies say about the resources of a run. */
export function judgedProgram(run: ProgramRun, policies: readonly Policy[], by: Run): Judgement[] {
  const resources = asResources(run);
  return policies.flatMap((policy) => judged(policy, resources, by));
}

function judged(policy: Policy, resources: readonly RecordedResource[], run: Run): Judgement[] {
  switch (policy.kind) {
    case "stack":
      return judgeStack(policy, resources, run);
    case "resource":
      return resources.flatMap((resource) => judgeResource(policy, resource, run));
    case "objects":
      return judgeObjects(policy, resources.flatMap(objectsOfRecorded), run);
    default:
      return resources.flatMap(objectsOfRecorded).flatMap((object) => judgeObject(policy, object, run));
  }
}

/** A resource with its inputs as they are. */
export type RecordedResource = Resource & { readonly inputs: object };

function objectsOfRecorded({ type, urn, inputs }: RecordedResource) {
  return objectsOf({ type, urn, props: inputs });
}

/** The resources of a run as the pack sees them, and what it is not told by the engine: which inputs are secret. */
export function asResources({ recording, outputs }: ProgramRun): RecordedResource[] {
  const made = recording.requests.map((request) => recorded(request, recording.requests));
  const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  const secrets = Object.keys(outputs).filter((name) => outputs[name]?.secret);
  const [first] = recording.requests;
  if (first === undefined) {
    return made;
  }
  const stack = first.urn.split("::")[0];
  return [
    ...made,
    {
      ...recorded({ ...first, inputs: values, protect: false }, []),
      urn: `${stack}::atlas-site::pulumi:pulumi:Stack::atlas-site`,
      type: "pulumi:pulumi:Stack",
      name: "atlas-site",
      parent: undefined,
      secrets,
    },
  ];
}

function recorded(request: Request, all: readonly Request[]): RecordedResource {
  const { urn, type, name, inputs, visible } = request;
  const providerUrn = request.provider.slice(0, request.provider.lastIndexOf("::"));
  const provider = all.find((other) => other.urn === providerUrn);
  return {
    urn,
    type,
    name,
    inputs,
    props: new Field(inputs),
    protect: request.protect,
    ignoreChanges: request.ignoreChanges,
    additionalSecretOutputs: request.secretOutputs,
    aliases: [],
    deleteBeforeReplace: request.deleteBeforeReplace,
    parent: request.parent === "" ? undefined : request.parent,
    provider: provider && { ...provider, props: new Field(provider.inputs) },
    dependencies: [...new Set([...request.dependsOn, ...Object.values(request.inputDependencies).flat()])],
    secrets: Object.keys(visible).filter((key) => visible[key] === HIDDEN),
  };
}

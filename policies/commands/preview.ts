/** What `pulumi preview --json` tells and the engine does not tell a pack: what will be done, and which values are secret. */
import { outputsSecret } from "../stack/outputsSecret";
import { replacementGuard } from "../stack/replacementGuard";
import { userDataSecret } from "../cloud/userDataSecret";
import { Field } from "../model/field";
import { judgeResource, judgeStack, type Judgement, type Run } from "../model/judge";
import type { Resource, ResourcePolicy, StackPolicy } from "../model/policy";
import { UsageError } from "./choice";

/** Policies a preview is judged by: those the engine gives a pack too little for. */
export const previewPolicies: readonly (StackPolicy | ResourcePolicy)[] = [
  replacementGuard,
  userDataSecret,
  outputsSecret,
];

/** What a preview shows in the place of a secret. */
const HIDDEN = "[secret]";
const STACK = "pulumi:pulumi:Stack";

/** Of several steps of one resource the one that ends its life counts, then the first. */
const ENDING = ["delete", "replace", "create-replacement", "delete-replaced"];

/**
 * The resources of a preview, each once, with what the update will do to it.
 * @param text what `pulumi preview --json` has written
 * @throws UsageError when it is no preview
 */
export function resourcesOf(text: string): Resource[] {
  const steps = stepsOf(text);
  const byUrn = new Map<string, Resource>();
  for (const step of steps) {
    const resource = resourceOf(step);
    const known = byUrn.get(resource.urn);
    if (known === undefined || (!ENDING.includes(known.operation ?? "") && ENDING.includes(resource.operation ?? ""))) {
      byUrn.set(resource.urn, resource);
    }
  }
  return [...byUrn.values()];
}

function stepsOf(text: string): Field[] {
  let preview: unknown;
  try {
    preview = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`this is not what \`pulumi preview --json\` writes: ${(error as Error).message}`);
  }
  const steps = new Field(preview).at("steps").items;
  if (steps.length === 0) {
    throw new UsageError(
      "there are no steps in it: is it the output of `pulumi preview --json`, of a stack that is one?",
    );
  }
  return steps;
}

function resourceOf(step: Field): Resource {
  const urn = step.at("urn").text ?? "";
  const state = step.at("newState").present ? step.at("newState") : step.at("oldState");
  const type = state.at("type").text ?? "";
  // A preview tells no new outputs of the stack: those of the last update are what can be judged.
  const props = type === STACK ? step.at("oldState", "outputs") : state.at("inputs");
  return {
    urn,
    type,
    name: urn.slice(urn.lastIndexOf("::") + 2),
    props,
    protect: state.at("protect").is(true),
    ignoreChanges: [],
    additionalSecretOutputs: state.at("additionalSecretOutputs").texts,
    aliases: [],
    parent: state.at("parent").text,
    dependencies: state.at("dependencies").texts,
    secrets: props.entries.filter(([, value]) => value.known && value.is(HIDDEN)).map(([key]) => key),
    operation: step.at("op").text ?? "",
  };
}

/** What the policies say about a preview. */
export function judgePreview(resources: readonly Resource[], run: Run): Judgement[] {
  return previewPolicies.flatMap((policy) =>
    policy.kind === "stack"
      ? judgeStack(policy, resources, run)
      : resources.flatMap((resource) => judgeResource(policy, resource, run)),
  );
}

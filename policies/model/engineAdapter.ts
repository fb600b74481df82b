/** The policies as Pulumi's policy packs have them: each under its own name, asked about every resource. */
import type {
  PolicyResourceOptions,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
  PolicyResource,
} from "@pulumi/policy";
import { MACHINE, objectsInUserData } from "./userData";
import { exemptionText, hasExpired } from "./exemptions";
import { Field } from "./field";
import { isViolated, judgeObject, judgeObjects, judgeResource, judgeStack, type Judgement, type Run } from "./judge";
import { objectsIn, type KubernetesObject } from "./objects";
import type { Level, ObjectSetPolicy, Policy, Resource, StackPolicy } from "./policy";

/** Day and settings by the URN of a resource: a pack learns which stack it judges from nothing else. */
export type RunOf = (urn: string) => Run;

/** What the pack notes while it judges, told at the end of a run. */
interface Notes {
  /** Exemptions that were needed, as lines. */
  readonly exempted: Set<string>;
  /** Names of policies that could not judge a resource yet, by URN. */
  readonly undecided: Map<string, Set<string>>;
}

/**
 * The policies for a policy pack, and two that tell: `exemptions` (those in use, in every run) and `not-judged-yet` (what
 * a preview could not tell).
 */
export function enginePolicies(
  policies: readonly Policy[],
  runOf: RunOf,
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const notes: Notes = { exempted: new Set(), undecided: new Map() };
  const judging = policies.flatMap((policy) =>
    typeof policy.level === "string" || policy.level.batch === policy.level.infrastructure
      ? [enginePolicy(policy, undefined, runOf, notes)]
      : // The engine knows one level a policy: the milder half gets a name of its own.
        [enginePolicy(policy, "mandatory", runOf, notes), enginePolicy(policy, "advisory", runOf, notes)],
  );
  return [...judging, exemptionsPolicy(runOf, notes), undecidedPolicy(notes)];
}

function described(policy: Policy, level: Level | undefined) {
  const [framework] = policy.frameworks;
  const half = level === "advisory" ? "-advised" : "";
  return {
    name: policy.name + half,
    displayName: policy.title,
    description: policy.title,
    enforcementLevel: level ?? (typeof policy.level === "string" ? policy.level : policy.level.batch),
    severity: policy.severity,
    remediationSteps: policy.remediation,
    url: `docs/policies/${policy.name}.md`,
    ...(framework && {
      framework: {
        name: framework.framework,
        version: framework.version,
        reference: framework.control,
        specification: framework.control,
      },
    }),
  };
}

function enginePolicy(
  policy: Policy,
  level: Level | undefined,
  runOf: RunOf,
  notes: Notes,
): ResourceValidationPolicy | StackValidationPolicy {
  const tell = (judgements: readonly Judgement[], report: ReportViolation) =>
    judgements
      .filter((judged) => level === undefined || judged.level === level)
      .forEach((judged) => told(judged, report, notes));
  if (policy.kind === "stack" || policy.kind === "objects") {
    return {
      ...described(policy, level),
      validateStack: ({ resources }, report) =>
        tell(judgedStack(policy, resources, runOfStack(resources, runOf)), report),
    };
  }
  return {
    ...described(policy, level),
    validateResource: (args, report) => {
      const judgements = judgedResource(policy, args, runOf(args.urn));
      tell(judgements, report);
      const reason = judgements.map(reasonOf).find((text) => text !== undefined);
      if (reason !== undefined) {
        args.notApplicable(reason);
      }
    },
  };
}

/** A stack without resources has no name either. */
function runOfStack(resources: readonly PolicyResource[], runOf: RunOf): Run {
  return runOf(resources.at(0)?.urn ?? "");
}

function reasonOf({ notApplicable, unknown }: Judgement): string | undefined {
  return notApplicable ?? (unknown.length > 0 ? `cannot tell in this preview: ${unknown.join(", ")}` : undefined);
}

function judgedResource(
  policy: Exclude<Policy, StackPolicy | ObjectSetPolicy>,
  args: ResourceValidationArgs,
  run: Run,
): Judgement[] {
  if (policy.kind === "resource") {
    return policy.types.includes(args.type) ? judgeResource(policy, asResource(args), run) : [];
  }
  return objectsOf(args).flatMap((object) => judgeObject(policy, object, run));
}

function judgedStack(
  policy: StackPolicy | ObjectSetPolicy,
  resources: readonly PolicyResource[],
  run: Run,
): Judgement[] {
  return policy.kind === "stack"
    ? judgeStack(policy, resources.map(asResource), run)
    : judgeObjects(policy, resources.flatMap(objectsOf), run);
}

/** Objects of a resource: the Kubernetes object it is, or what a machine's user data holds. */
export function objectsOf({
  type,
  urn,
  props,
}: {
  type: string;
  urn: string;
  props: object;
}): readonly KubernetesObject[] {
  if (type === MACHINE) {
    return objectsInUserData(urn, props);
  }
  const [, typedVersion, kind] = /^kubernetes:([^:]+):(\w+)$/.exec(type) ?? [];
  if (typedVersion === undefined || kind === undefined) {
    return [];
  }
  // The SDK writes kind and version into the inputs; a resource from elsewhere may leave that to its type.
  const apiVersion = typedVersion.replace(/^core\//, "");
  return objectsIn(new Field(props), { id: urn, kind: kind.replace(/Patch$/, ""), apiVersion });
}

function asResource(
  resource: Pick<ResourceValidationArgs, "type" | "props" | "urn" | "name" | "provider"> & {
    readonly opts: PolicyResourceOptions;
    readonly parent?: PolicyResource;
    readonly dependencies?: readonly PolicyResource[];
  },
): Resource {
  const { urn, type, name, props, opts, provider, parent, dependencies } = resource;
  return {
    urn,
    type,
    name,
    props: new Field(props),
    protect: opts.protect,
    ignoreChanges: opts.ignoreChanges,
    additionalSecretOutputs: opts.additionalSecretOutputs,
    aliases: opts.aliases,
    deleteBeforeReplace: opts.deleteBeforeReplace,
    parent: parent?.urn ?? opts.parent,
    provider: provider && { ...provider, props: new Field(provider.props) },
    dependencies: dependencies?.map((dependency) => dependency.urn) ?? [],
  };
}

function told(judged: Judgement, report: ReportViolation, notes: Notes): void {
  const { policy, subject, violations, unknown, exemption } = judged;
  if (unknown.length > 0 && subject !== undefined) {
    notes.undecided.set(subject.id, (notes.undecided.get(subject.id) ?? new Set()).add(policy.name));
  }
  if (exemption !== undefined && !exemption.expired) {
    notes.exempted.add(exemptionText(exemption.exemption));
  }
  if (isViolated(judged)) {
    const ended = exemption === undefined ? "" : ` (its exemption ended on ${exemption.exemption.expires})`;
    for (const { path, message } of violations) {
      report(`${path === "" ? "" : `${path}: `}${message}${ended}\nRemedy: ${policy.remediation}`, subject?.id);
    }
  }
}

function exemptionsPolicy(runOf: RunOf, notes: Notes): StackValidationPolicy {
  return {
    name: "exemptions",
    description: "Exemptions are told in every run",
    enforcementLevel: "advisory",
    severity: "low",
    validateStack: ({ resources }, report) => {
      const { settings, today } = runOfStack(resources, runOf);
      for (const exemption of settings.exemptions) {
        const text = exemptionText(exemption);
        const state = hasExpired(exemption, today)
          ? "expired"
          : notes.exempted.has(text)
            ? "in use"
            : "not needed in this run";
        report(`${state}: ${text}`);
      }
    },
  };
}

function undecidedPolicy(notes: Notes): StackValidationPolicy {
  return {
    name: "not-judged-yet",
    description: "What a preview cannot know is judged by the update, before it touches the resource",
    enforcementLevel: "advisory",
    severity: "low",
    validateStack: (_, report) => {
      for (const [urn, names] of notes.undecided) {
        report(`not known yet to ${[...names].join(", ")}`, urn);
      }
    },
  };
}

import { notApplicable, type Finding, type Resource, type StackPolicy } from "../model/policy";
import { ofType, TYPES } from "../cloud/openstack";
import { lossOf } from "./dataHolders";

/** Operations of an update that end a resource's life. */
const ENDING = /^(delete|replace|create-replacement|delete-replaced|discard-replaced)$/;

/** No update takes away more than was asked for. */
export const replacementGuard: StackPolicy = {
  kind: "stack",
  name: "replacement-guard",
  title: "An update replaces or deletes few machines, and nothing that holds data, unless named (setting replacements)",
  why: "Replacing a machine kills the jobs on it; replacing all at once is an outage of the site. A preview says so in a list of hundreds of lines that nobody reads to the end.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "atlas-site", version: "1", control: "replacement guard" }],
  remediation:
    "Find out why (`pulumi preview --diff`). If it is meant, name the resources in replacements.allowed, `*` for any letters, or raise replacements.machines for this change.",
  check: (resources, settings) => {
    if (resources.every(({ operation }) => operation === undefined)) {
      return notApplicable("the engine does not tell a pack what it will do; `npm run policy:preview` can tell");
    }
    const { machines: most, allowed } = settings.replacements;
    const ending = resources.filter(({ operation, name }) => ENDING.test(operation ?? "") && !matches(allowed, name));
    const machines = ofType(ending, TYPES.machine);
    return [
      ...ending.flatMap((resource) => lost(resource)),
      ...(machines.length <= most ? [] : machines.map((machine) => oneOfMany(machine, machines.length, most))),
    ];
  },
};

function lost(resource: Resource): Finding[] {
  const loss = lossOf(resource);
  return loss === undefined
    ? []
    : [{ path: "", message: `${loss} would be lost (${resource.operation})`, subject: resource.urn }];
}

function oneOfMany({ urn, operation }: Resource, count: number, most: number): Finding {
  return { path: "", message: `${operation}: one of ${count} machines that go, and ${most} may`, subject: urn };
}

/** Whether a name is among those allowed, in which `*` stands for any letters. */
function matches(allowed: readonly string[], name: string): boolean {
  return allowed.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(name);
  });
}

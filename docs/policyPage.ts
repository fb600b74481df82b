/** A page for each policy: what it refuses and why, an example of both, the fix, and which standard asks for it. */
import type { Policy } from "../policies/model/policy";
import { code, generatedFrom, table } from "./markdown";
import { exampleOf, type Example } from "./policyExamples";
import { levelOf, referenceOf, scopeOf } from "./policyText";

/** Name of a policy's page in `docs/`; messages link there. */
export function pageOf({ name }: Pick<Policy, "name">): string {
  return `policies/${name}.md`;
}

/** The page in Markdown. */
export function policyPage(policy: Policy): string {
  const { name, title, why, remediation, severity, frameworks } = policy;
  return [
    generatedFrom(`policies/ and policies/examples/${name}/`),
    `# ${name}`,
    `${title}.`,
    table(["Level", "Severity", "Judges"], [[levelOf(policy), severity, scopeOf(policy)]]),
    "## Why",
    why,
    ...exampleText("Refused", exampleOf(name, "bad")),
    ...exampleText("Accepted", exampleOf(name, "good")),
    "## Fix",
    remediation,
    `To exempt one object, name it with a reason and a last day in \`policies/policy-config.json\`, or in the settings file of
one stack; [policies.md](../policies.md) describes both.`,
    "## Standards",
    frameworks.map((one) => `- ${referenceOf(one)}`).join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

function exampleText(heading: string, example: Example | undefined): string[] {
  if (example === undefined) {
    return [];
  }
  const settings = Object.entries(example.settings).map(([key, value]) => code(`${key}: ${JSON.stringify(value)}`));
  return [
    `## ${heading}`,
    ...(settings.length === 0 ? [] : [`With the settings ${settings.join(", ")}:`]),
    `\`\`\`yaml\n${example.yaml.trimEnd()}\n\`\`\``,
  ];
}

/** The job templates that the program hands to Harvester keep every mandatory policy by their own site's settings. */
import { describe, expect, test } from "vitest";
import { allPolicies } from "../../../policies/all";
import { settingsOf } from "../../../policies/config/load";
import { Field } from "../../../policies/model/field";
import { isViolated, judgeObject } from "../../../policies/model/judge";
import { objectsIn } from "../../../policies/model/objects";
import { capabilities } from "../../../components/cluster/capabilities";
import { jobTemplate } from "../../../components/harvester/jobTemplate";
import { loadSite } from "../../../stacks/site/load";
import { ROOT, shippedStacks, stackFileText } from "../../support/sites";

const TODAY = "2026-11-25";

function refused(stack: string, template: object, namespace?: string): string[] {
  const run = { settings: settingsOf(stack, ROOT, TODAY), today: TODAY };
  const judgements = objectsIn(new Field(template), { namespace }).flatMap((object) =>
    allPolicies.flatMap((policy) =>
      policy.kind === "pod" || policy.kind === "object" ? judgeObject(policy, object, run) : [],
    ),
  );
  expect(judgements.length).toBeGreaterThan(40);
  return judgements
    .filter((judgement) => judgement.level === "mandatory" && isViolated(judgement))
    .flatMap(({ policy, violations }) => violations.map(({ message }) => `${policy.name}: ${message}`));
}

describe.each(shippedStacks())("%s", (stack) => {
  test("hands over templates that keep every mandatory policy, as files and in their queue's namespace", () => {
    const site = loadSite(stack, stackFileText(stack), "the stack file");
    for (const [name, { namespace }] of Object.entries(site.queues)) {
      const template = jobTemplate({ ...site, capabilities: capabilities(site) }, site.queues[name]);
      expect([name, refused(stack, template), refused(stack, template, namespace)]).toEqual([name, [], []]);
    }
  });
});

/** The reference of the policy pack: every policy with its reason and remedy, as the pack itself has them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { groups } from "../policies/all";
import { schemaRule } from "../policies/schemas/schemaCheck";
import type { Policy } from "../policies/model/policy";
import { generatedFrom, table } from "./markdown";
import { pageOf } from "./policyPage";
import { levelOf, referenceOf, scopeOf } from "./policyText";

const TITLES: Readonly<Record<string, string>> = {
  pods: "Pods",
  jobs: "Jobs",
  rbac: "Rights",
  namespaces: "Namespaces and network",
  cluster: "Cluster",
  monitoring: "Monitoring and accounting",
  cloud: "OpenStack",
  stack: "Stack",
};

function entry(policy: Policy): string {
  return [
    `### ${policy.name}`,
    `${policy.title}. ${policy.why}`,
    `Fix: ${policy.remediation} [Examples](./${pageOf(policy)}).`,
    [
      `- ${levelOf(policy)}, severity ${policy.severity}; judges ${scopeOf(policy)}`,
      `- also demanded by: ${policy.frameworks.map(referenceOf).join("; ")}`,
    ].join("\n"),
  ].join("\n\n");
}

/** The check that is no policy: only `policy:check --kubernetes-version` runs it. */
function schemaEntry(): string {
  const { name, title, why, remediation, severity } = schemaRule;
  return [
    `### ${name}`,
    `${title}. ${why}`,
    `Remedy: ${remediation}`,
    `- mandatory, severity ${severity}; judges objects of Kubernetes' own kinds, with \`policy:check --kubernetes-version\` only`,
  ].join("\n\n");
}

const INTRODUCTION = `The pack in \`policies/\` judges a site before anything is made. Mandatory policies stop the deployment, advisory ones
are told. It finds the pod template of every object: Pod, Deployment, DaemonSet, StatefulSet, ReplicaSet,
ReplicationController, Job, CronJob, PodTemplate, Lists of them, foreign kinds built alike, and objects written as text in a
ConfigMap, such as Harvester's job template. The configuration of kubelet, scheduler and API server it finds in the user data of
machines, packed and secret as it is: the engine gives a pack every value in clear.

**In a deployment**: \`pulumi preview --policy-pack policies\` (and \`pulumi up\` likewise). What a preview cannot know yet is reported as
\`not-judged-yet\`, and judged by the update before it touches the resource. The values of \`policy-config.json\` hold for every
site, \`config/<stack>.json\` for one; \`policy-config.schema.json\` describes both. An exemption names policies, one object, a reason and
the last day it holds; each run tells those in use, and one whose day is over no longer counts.

From the stack file the pack takes what a site has said there already: namespaces of queues, quota and flavors, roles of pools, registries,
the Kubernetes version. Whether that file is right is no policy: the program checks it before anything else.

**Without cloud or passphrase**: \`npm run policy:site -- <stack>\` judges what the program asks for on an empty cloud by all policies, in the
formats of [policy-check.md](policy-check.md). A finding names the resource and the stack file; which of its keys made the resource is not recorded.

**On what an update will do**: the engine tells a pack neither what it will replace or delete nor which values are secret.
\`pulumi preview --json --show-sames > preview.json\` and \`npm run policy:preview -- preview.json\` judge those (\`replacement-guard\`, \`user-data-secret\`,
\`outputs-secret\`); outputs are those of the last update. What is meant is named in \`replacements\` of the settings. Exit code 0: no
mandatory violation; 1: one; 2: the file is no preview.

**On what is already there**: \`pulumi policy analyze --file state.json --policy-pack policies\` judges an exported stack (\`pulumi stack
export > state.json\`) without program or cloud; it exits with another code than 0 when a mandatory policy is violated.

**On files**: \`npm run policy:check -- FILE|FOLDER|-...\` judges manifests of any origin, in this repository or another one, with text, JSON,
SARIF, JUnit or GitHub annotations as result: [policy-check.md](policy-check.md). Policies on resources and stacks need a deployment.

**On a corpus**: \`npm run policy:corpus\` compares the pack with other tools' test corpora; it belongs to the tests (\`test/corpus/\`). Results are in
[policies-corpora.md](policies-corpora.md).

The Pod Security Standards of Kubernetes 1.33 to 1.37 are complete (setting \`podSecurityVersion\`): level baseline is the policies
marked so below, level restricted is those of both. The standards know no exception for \`/cvmfs\`; with \`--profile\` the pack forgets it
too. Batch pods are those of Jobs (not of CronJobs) outside \`infrastructureNamespaces\`, and all of \`batchNamespaces\`.

**In CI**: [ci/](ci/README.md) has jobs to copy, for GitHub and GitLab.`;

/** What the last whole run of the mutation tests has left, as they record it. */
interface Mutation {
  readonly mutants: number;
  readonly uncaught: readonly { readonly file: string; readonly reason?: string }[];
}

function fixturesText(): string {
  const listed = join(__dirname, "..", "test", "mutation", "uncaught.json");
  const { mutants, uncaught } = JSON.parse(readFileSync(listed, "utf8")) as Mutation;
  const open = uncaught.filter(({ reason }) => reason === undefined);
  const ofCredentials = open.filter(({ file: where }) => /credential\w*\.ts$/.test(where)).length;
  const number = (value: number) => value.toLocaleString("en-US");
  return `**Fixtures**: every policy has cases that it must refuse, accept, or leave undecided. \`npm run test:mutation -- policies\` changes each condition
of the policies, one at a time: the fixtures catch ${number(mutants - uncaught.length)} of ${number(mutants)} changes. Of the others ${uncaught.length - open.length} change nothing that a fixture could see, each with
its reason in \`test/mutation/uncaught.json\`; ${open.length} are open, ${ofCredentials} of them in the regular expressions that credentials are recognised by
([decision 21](decisions/0021-mutation-tests.md)).`;
}

/** The page in Markdown. */
export function policiesPage(): string {
  const all = Object.entries(groups);
  const counts = all.map(([group, policies]) => {
    const mandatory = policies.filter((policy) => levelOf(policy) !== "advisory").length;
    return [TITLES[group] ?? group, String(policies.length), String(mandatory)];
  });
  const sum = (column: number) => String(counts.reduce((total, row) => total + Number(row[column]), 0));
  return [
    generatedFrom("policies/"),
    "# Policies",
    INTRODUCTION,
    fixturesText(),
    table(["Group", "Policies", "of these mandatory"], [...counts, ["together", sum(1), sum(2)]]),
    ...all.flatMap(([group, policies]) => [`## ${TITLES[group] ?? group}`, ...policies.map(entry)]),
    "## Schema",
    schemaEntry(),
  ]
    .join("\n\n")
    .concat("\n");
}

/** The reference of the policy pack: every policy with its reason and remedy, as the pack itself has them. */
import { groups } from "../policies/all";
import type { Policy, Reference } from "../policies/model/policy";
import { code, generatedFrom, table } from "./markdown";

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

const JUDGES: Readonly<Record<Policy["kind"], string>> = {
  pod: "pods",
  object: "objects",
  objects: "all objects together",
  resource: "resources",
  stack: "the whole stack",
};

function levelOf({ level }: Policy): string {
  if (typeof level === "string") {
    return level;
  }
  return level.batch === level.infrastructure ? level.batch : `${level.batch} for batch, ${level.infrastructure} else`;
}

function referenceOf({ framework, version, control }: Reference): string {
  return `${framework} ${version} (${control})`;
}

function scopeOf(policy: Policy): string {
  const kinds = "kinds" in policy ? policy.kinds : "types" in policy ? policy.types : [];
  const profile = "profile" in policy && policy.profile !== undefined ? `, level ${policy.profile}` : "";
  const workload = "workload" in policy && policy.workload !== undefined ? `${policy.workload} ` : "";
  const names = kinds.length === 0 || kinds.length > 4 ? "" : ` (${kinds.map(code).join(", ")})`;
  return `${workload}${JUDGES[policy.kind]}${names}${profile}`;
}

function entry(policy: Policy): string {
  return [
    `### ${policy.name}`,
    `${policy.title}. ${policy.why}`,
    `Remedy: ${policy.remediation}`,
    [
      `- ${levelOf(policy)}, severity ${policy.severity}; judges ${scopeOf(policy)}`,
      `- also demanded by: ${policy.frameworks.map(referenceOf).join("; ")}`,
    ].join("\n"),
  ].join("\n\n");
}

const INTRODUCTION = `The pack in \`policies/\` judges a site before anything is made. Mandatory policies stop the deployment, advisory ones
are told. It finds the pod template of every object: Pod, Deployment, DaemonSet, StatefulSet, ReplicaSet,
ReplicationController, Job, CronJob, PodTemplate, Lists of them, foreign kinds built alike, and objects written as text in a
ConfigMap, such as Harvester's job template. The configuration of kubelet, scheduler and API server it finds in the boot data of
machines, packed and secret as it is: the engine gives a pack every value in clear.

**In a deployment**: \`pulumi preview --policy-pack policies\` (and \`pulumi up\` likewise). What a preview can not know yet is told as
\`not-judged-yet\`, and judged by the update before it touches the resource. The values of \`policy-config.json\` hold for every
site, \`config/<stack>.json\` for one; \`policy-config.schema.json\` describes both. An exemption names policies, one object, a reason and
the last day it holds; each run tells those in use, and one whose day is over no longer counts.

From the stack file the pack takes what a site has said there already: namespaces of queues, quota and flavors, roles of pools, registries,
the Kubernetes version. Whether that file is right is no policy: the program checks it before anything else.

**On what an update will do**: the engine tells a pack neither what it will replace or delete nor which values are secret.
\`pulumi preview --json --show-sames > preview.json\` and \`npm run policy:preview -- preview.json\` judge those (\`replacement-guard\`, \`user-data-secret\`,
\`outputs-secret\`); outputs are those of the last update. What is meant is named in \`replacements\` of the settings. Exit code 0: no
mandatory violation; 1: one; 2: the file is no preview.

**On what is already there**: \`pulumi policy analyze --file state.json --policy-pack policies\` judges an exported stack (\`pulumi stack
export > state.json\`) without program or cloud; it exits with another code than 0 when a mandatory policy is violated.

**On files**: \`npm run policy:check -- FILE|FOLDER... [--stack NAME] [--namespace NAME] [--policy NAME]...\` judges manifests of any
origin, by the settings and exemptions of the stack if one is named (\`--help\` tells all options). Policies on resources and
stacks need a deployment. Of a folder it reads what ends in \`.yaml\`, \`.yml\` or \`.json\`, through links too; documents that are no
object of Kubernetes are told. Exit code 0: no mandatory violation; 1: one, or a file that is not readable or no YAML; 2: a wrong
command, or no object at all.

**On a corpus**: \`npm run policy:corpus -- FOLDER... [--expect good|bad] [--policy NAME]... [--profile baseline|restricted]\` compares with
what others say about their manifests: by \`--expect\`; else by test descriptions beside them (the rows of Kyverno's
\`kyverno-test.yaml\`, what Chainsaw and kuttl apply and expect to be refused, Gatekeeper's \`suite.yaml\`, Kubescape's
\`expected.json\`); else by the words good, pass, success, allowed, accepted, valid, correct, compliant and their opposites, or violation, in
the name of the file (its first word, else its last such) or of the nearest folder, \`not-allowed\` being bad; else by the
objects' names (\`goodpod01\`, \`dont-fire\`). What nobody says anything about is listed, and so is all that is not read: files of other
names, empty ones, links to nothing, what is no YAML. Each object that a policy judges has a verdict of
its own, but a file with objects of different sorts, such as a role and a binding, is one case (\`--together\` makes every file
one): a single violation makes it bad. Objects of other kinds are counted as left out, and a bad file in which nothing is
judged counts as overlooked. The matrix has one row a policy: TP bad and found, TN good and let be, FP good and called bad, FN bad and let
be. Without \`--policy\` and \`--profile\` a path may say what it is about: \`baseline/v1.36/fail\` a level of the Pod Security
Standards, a folder or file named like a policy (or like a check of another tool that it stands for) that policy. Where folders are named so, files
elsewhere are left out: they are about something else. Where none is, all policies must be content with a good file, and one
must mind a bad one. Which policy that should have been, only a name can say: elsewhere the column FN
of a single policy stays 0. Exit code 0: all agree; 1: some do not, or a file is not readable or no YAML; 2: a wrong command, or nothing was compared. What
other corpora say
is in [policies-corpora.md](policies-corpora.md).

The Pod Security Standards of Kubernetes 1.33 to 1.37 are complete (setting \`podSecurityVersion\`): level baseline is the policies
marked so below, level restricted is those of both. The standards know no exception for \`/cvmfs\`; with \`--profile\` the pack forgets it
too. Batch pods are those of Jobs (not of CronJobs) outside \`infrastructureNamespaces\`, and all of \`batchNamespaces\`.

**In CI**: [ci/](ci/README.md) has jobs to copy, for GitHub and GitLab.`;

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
    table(["Group", "Policies", "of these mandatory"], [...counts, ["together", sum(1), sum(2)]]),
    ...all.flatMap(([group, policies]) => [`## ${TITLES[group] ?? group}`, ...policies.map(entry)]),
  ]
    .join("\n\n")
    .concat("\n");
}

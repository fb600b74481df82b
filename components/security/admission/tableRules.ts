/** Rules that the table of fields gives, and the one on the size of a Job. They come last: the others have better advice. */
import type { Rule } from "./rule";

/**
 * Characters of a pilot's command, arguments and environment together. The site's own template with Harvester's variables
 * has some 2,500; every Job and its pod are stored with them.
 */
const MOST_CHARACTERS = 16_384;

const TEXTS = [
  "c.?command.orValue([]).map(word, size(word)).sum()",
  "c.?args.orValue([]).map(word, size(word)).sum()",
  "c.?env.orValue([]).map(variable, size(variable.?value.orValue(''))).sum()",
];

/** The rules, the same for every site; the bounds in the table are the site's. */
export const tableRules: readonly Rule[] = [
  {
    name: "small-job",
    standard: "site",
    container: `${TEXTS.join(" + ")} <= ${MOST_CHARACTERS}`,
    fields: ["containers[*].command", "containers[*].args", "containers[*].env[*].value"],
    advice: `keep them below ${MOST_CHARACTERS} characters together`,
    why: "Jobs are stored in etcd, which all of the cluster shares; the quota counts Jobs and not their size.",
  },
  {
    name: "known-fields-only",
    standard: "site",
    table: "unknownFields",
    fields: [],
    advice: "remove what is listed; no Job that Harvester makes of the site's template has such a field",
    why: "Whatever Kubernetes adds to Jobs and pods stays closed until somebody has decided on it.",
  },
  {
    name: "allowed-values",
    standard: "site",
    table: "wrongValues",
    fields: [],
    advice: "change what is listed",
    why: "A Job is one pod that runs once, ends, and can be placed: other values harm the queue or can never run.",
  },
];

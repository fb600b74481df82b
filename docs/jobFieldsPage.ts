/** The page of the fields of a Job: what is decided on each, from the table that admission is made from. */
import { boundText, type Decision, type Fields } from "../components/security/admission/fields/decision";
import { jobFields } from "../components/security/admission/fields/job";
import { jobLimits } from "../components/security/admission/fields/limits";
import { supportedApiFields } from "./jobFields/apiFields";
import { countFields, decidedFields } from "./jobFields/decided";
import { code, generatedFrom, table } from "./markdown";

const LIMITS = jobLimits({});

function holdsText(decision: Decision): string {
  if (decision.use === "refused") {
    return "";
  }
  const { rules = [], bound, required } = decision;
  const judged = rules.length === 0 ? [] : [`rule ${rules.map(code).join(" or ")}`];
  return [...judged, ...(bound === undefined ? [] : [boundText(bound)]), ...(required ? ["must be set"] : [])].join(
    "; ",
  );
}

function rows(fields: Fields, path: string): string[][] {
  return Object.entries(fields).flatMap(([name, decision]) => {
    const own = path === "" ? name : `${path}.${name}`;
    const row = [code(own), decision.use, holdsText(decision), decision.why];
    if (decision.use === "refused") {
      return [row];
    }
    return [row, ...rows(decision.of ?? {}, own), ...rows(decision.each ?? {}, `${own}[*]`)];
  });
}

/** How many fields are decided in each supported Kubernetes. */
export function countTable(): string {
  const decisions = jobFields(LIMITS);
  return table(
    ["Kubernetes", "Fields of a Job", "Allowed", "Only in pods", "Refused", "Refused with a field above", "Undecided"],
    supportedApiFields().map(({ fields }) => {
      const all = decidedFields(fields.types, decisions);
      const { allowed, added, refused, below, undecided } = countFields(all);
      return [fields.kubernetes, ...[all.length, allowed, added, refused, below, undecided].map(String)];
    }),
  );
}

/** Ephemeral containers have the fields of containers, and a few more: repeating them would double the page. */
function isRepeated([path = ""]: readonly string[]): boolean {
  return /ephemeralContainers\[\*\]\.(?!stdin|tty|targetContainerName)/.test(path);
}

/** The page in Markdown. */
export function jobFieldsPage(): string {
  return [
    generatedFrom("components/security/admission/fields/"),
    "# Fields of a Job",
    [
      "A queue's namespace takes what Harvester makes of the site's job template, and nothing else. Every field that a Job of",
      "Kubernetes can have is decided here: the admission policies are rendered from this table, so a field that a later",
      "Kubernetes adds is refused until somebody decides on it, and the tests name it.",
    ].join("\n"),
    countTable(),
    [
      "`npm run generate -- fields` reads the fields of each minor from Kubernetes' own API description; a test compares them with a real",
      "API server's. `allowed`: in Jobs and pods. `added`: only in pods, where the API server or a controller writes it.",
      "`refused`: with everything below it. Rules are explained in [security.md](security.md). Ephemeral containers, which",
      "only an administrator can add, have the fields of containers.",
    ].join("\n"),
    table(
      ["Field", "", "May hold", "Why"],
      rows(jobFields(LIMITS), "").filter((row) => !isRepeated(row)),
    ),
  ]
    .join("\n\n")
    .concat("\n");
}

/** Test descriptions that stand beside manifests and say what is expected of them: Kyverno's (three kinds), Gatekeeper's and Kubescape's. */
import { dirname, join } from "node:path";
import { Field } from "../../policies/model/field";
import { readYaml } from "../../policies/model/yaml";
import type { Expectation } from "./expectation";
import type { ManifestFile } from "../../policies/commands/files";

/** What test descriptions say, by the path of the file they speak of. */
export interface Verdicts {
  /** Of a whole file. */
  readonly ofFiles: ReadonlyMap<string, Expectation>;
  /** Of objects of a file, by `Kind name`. */
  readonly ofObjects: ReadonlyMap<string, ReadonlyMap<string, Expectation>>;
  /** Paths of the descriptions themselves, which are no manifests. */
  readonly descriptions: ReadonlySet<string>;
}

const KYVERNO: Readonly<Record<string, Expectation>> = { pass: "good", fail: "bad" };

/** Keys of a row that is about a change of the object, or about another object made from it. */
const MADE = ["patchedResource", "patchedResources", "generatedResource", "cloneSourceResource"];

/** A test description of Kyverno's or Gatekeeper's; Kyverno's oldest ones do not say that they are one. */
function isDescription(text: string): boolean {
  return /^kind:\s*["']?(Test|TestStep|Suite)\b/m.test(text) || (/^results:/m.test(text) && /^resources:/m.test(text));
}

/** How an object is called in a verdict: a description may name its namespace, which a file need not. */
export function verdictKey(kind: string, name: string): string {
  return `${kind} ${name.slice(name.lastIndexOf("/") + 1)}`;
}

/** One failing rule makes an object bad, whatever the others say. */
function worse(known: Expectation | undefined, said: Expectation): Expectation {
  return known === "bad" ? "bad" : said;
}

/** Two descriptions may speak of the same file. */
function both(
  known: ReadonlyMap<string, Expectation> = new Map(),
  more: ReadonlyMap<string, Expectation>,
): Map<string, Expectation> {
  return new Map([...known, ...[...more].map(([key, said]) => [key, worse(known.get(key), said)] as const)]);
}

function kyvernoVerdicts(description: Field): Map<string, Expectation> {
  const verdicts = new Map<string, Expectation>();
  for (const row of description.at("results").items) {
    // Such a row says what a rule has made of the object, not whether the object is good.
    if (MADE.some((key) => row.at(key).present)) {
      continue;
    }
    const said = KYVERNO[row.at("result").text ?? row.at("status").text ?? ""];
    const names = [...row.at("resources").texts, ...[row.at("resource").text].filter((name) => name !== undefined)];
    for (const key of said === undefined ? [] : names.map((name) => verdictKey(row.at("kind").text ?? "", name))) {
      verdicts.set(key, worse(verdicts.get(key), said));
    }
  }
  return verdicts;
}

/** Chainsaw's steps, and the older kuttl's: which files a cluster with the policy in force takes, and which it refuses. */
function applyVerdicts(description: Field): [string, Expectation][] {
  const operations = description.at("spec", "steps").items.flatMap((step) => step.at("try").items);
  const applied = operations.flatMap((operation) => ["apply", "create", "update"].map((verb) => operation.at(verb)));
  const verdicts = [...applied, ...description.at("apply").items].flatMap((one): [string, Expectation][] => {
    const file = one.at("file").text;
    const refused =
      one.at("shouldFail").is(true) ||
      one.at("expect").items.some((expect) => expect.at("check", "($error != null)").is(true));
    return file === undefined ? [] : [[file, refused ? "bad" : "good"]];
  });
  // Where nothing is refused the test is about something else: what a policy changes or makes.
  return verdicts.some(([, said]) => said === "bad") ? verdicts : [];
}

function gatekeeperVerdicts(description: Field): [string, Expectation][] {
  const cases = description.at("tests").items.flatMap((test) => test.at("cases").items);
  return cases.flatMap((one): [string, Expectation][] => {
    const object = one.at("object").text;
    const violations = one.at("assertions").items.map((assertion) => assertion.at("violations").value);
    const clean = violations.every((number) => number === "no" || number === false || number === 0);
    return object === undefined ? [] : [[object, clean ? "good" : "bad"]];
  });
}

/**
 * Reads the test descriptions among the files of a corpus: `kind: Test` and `kind: TestStep` (Kyverno), `kind: Suite`
 * (Gatekeeper) and `expected.json` beside a folder `input` (Kubescape: an empty list is good).
 */
export function verdictsIn(files: readonly ManifestFile[]): Verdicts {
  const ofFiles = new Map<string, Expectation>();
  const ofObjects = new Map<string, ReadonlyMap<string, Expectation>>();
  const descriptions = new Set<string>();
  for (const { path, text } of files) {
    const folder = dirname(path);
    if (/(^|\/)expected\.json$/.test(path)) {
      const expected = readYaml(text).documents[0];
      const input = files.filter((file) => file.path.startsWith(`${join(folder, "input")}/`));
      input.forEach((file) =>
        ofFiles.set(file.path, Array.isArray(expected) && expected.length === 0 ? "good" : "bad"),
      );
      descriptions.add(path);
    } else if (isDescription(text)) {
      const description = new Field(readYaml(text).documents[0]);
      const isSuite = description.at("kind").is("Suite");
      for (const [place, said] of isSuite ? gatekeeperVerdicts(description) : applyVerdicts(description)) {
        const file = join(folder, place);
        ofFiles.set(file, worse(ofFiles.get(file), said));
      }
      if (description.at("results").present) {
        const verdicts = kyvernoVerdicts(description);
        const named = description.at("resources").texts.map((place) => join(folder, place));
        named.forEach((place) => ofObjects.set(place, both(ofObjects.get(place), verdicts)));
      }
      descriptions.add(path);
    }
  }
  return { ofFiles, ofObjects, descriptions };
}

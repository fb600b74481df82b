/** Test descriptions that stand beside manifests and say what is expected of them: Kyverno's, Gatekeeper's and Kubescape's. */
import { dirname, join } from "node:path";
import { Field } from "../model/field";
import { readYaml } from "../model/yaml";
import type { Expectation } from "./expectation";
import type { ManifestFile } from "./files";

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

/** How an object is called in a verdict: a description may name its namespace, which a file need not. */
export function verdictKey(kind: string, name: string): string {
  return `${kind} ${name.slice(name.lastIndexOf("/") + 1)}`;
}

/** One failing rule makes an object bad, whatever the others say. */
function worse(known: Expectation | undefined, said: Expectation): Expectation {
  return known === "bad" ? "bad" : said;
}

function kyvernoVerdicts(description: Field): Map<string, Expectation> {
  const verdicts = new Map<string, Expectation>();
  for (const row of description.at("results").items) {
    const said = KYVERNO[row.at("result").text ?? row.at("status").text ?? ""];
    const names = [...row.at("resources").texts, ...[row.at("resource").text].filter((name) => name !== undefined)];
    for (const key of said === undefined ? [] : names.map((name) => verdictKey(row.at("kind").text ?? "", name))) {
      verdicts.set(key, worse(verdicts.get(key), said));
    }
  }
  return verdicts;
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
 * Reads the test descriptions among the files of a corpus: `kind: Test` (Kyverno), `kind: Suite` (Gatekeeper) and
 * `expected.json` beside a folder `input` (Kubescape: an empty list is good).
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
    } else if (/^kind:\s*["']?(Test|Suite)\b/m.test(text)) {
      const description = new Field(readYaml(text).documents[0]);
      if (description.at("kind").is("Suite")) {
        gatekeeperVerdicts(description).forEach(([object, said]) => ofFiles.set(join(folder, object), said));
      } else {
        const verdicts = kyvernoVerdicts(description);
        const named = description.at("resources").texts.map((place) => join(folder, place));
        named.forEach((place) => ofObjects.set(place, verdicts));
      }
      descriptions.add(path);
    }
  }
  return { ofFiles, ofObjects, descriptions };
}

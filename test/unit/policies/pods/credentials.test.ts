/** Credentials in clear: how many of a labelled set are found, and how many of those found are some. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { credentialIn } from "../../../../policies/pods/credentials";

interface Row {
  readonly bad: boolean;
  readonly name: string;
  readonly value: string;
}

function labelled(file: string): Row[] {
  return readFileSync(join(__dirname, file), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [label, name, ...value] = line.split(" | ");
      expect(["bad", "good"]).toContain(label);
      return { bad: label === "bad", name, value: value.join(" | ").replaceAll("·", "").replaceAll("\\n", "\n") };
    });
}

/** Precision and recall of the pack on rows, with the rows it is wrong about. */
function measured(rows: readonly Row[]) {
  const judged = rows.map((row) => ({ ...row, found: credentialIn(row.name, row.value) !== undefined }));
  const count = (bad: boolean, found: boolean) => judged.filter((one) => one.bad === bad && one.found === found).length;
  const [hits, misses, inventions] = [count(true, true), count(true, false), count(false, true)];
  return {
    precision: hits / (hits + inventions),
    recall: hits / (hits + misses),
    wrong: judged
      .filter(({ bad, found }) => bad !== found)
      .map(({ bad, name, value }) => `${bad ? "missed" : "invented"}: ${name}=${value}`),
  };
}

describe("the labelled set", () => {
  const rows = labelled("credentials.labelled.txt");

  test("has 200 values or more, about half of them harmless, each once", () => {
    const bad = rows.filter((row) => row.bad).length;
    expect(rows.length).toBeGreaterThanOrEqual(200);
    expect(bad / rows.length).toBeGreaterThan(0.45);
    expect(bad / rows.length).toBeLessThan(0.55);
    expect(new Set(rows.map(({ name, value }) => `${name}=${value}`)).size).toBe(rows.length);
  });

  test("is told apart with a precision and a recall of at least 0.95", () => {
    const { precision, recall, wrong } = measured(rows);
    console.log(`credentials: ${rows.length} values, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`);
    wrong.forEach((line) => console.log(`  ${line}`));
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeGreaterThanOrEqual(0.95);
  });

  test("has no value today that is taken for the other kind", () => {
    expect(measured(rows).wrong).toEqual([]);
  });
});

/** Every format by its own rules: SARIF by its schema, JUnit as well-formed XML whose counts are true, GitHub's commands. */
import { createRequire } from "node:module";
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { allPolicies } from "../../../policies/all";
import { FORMATS, formatted, type Format } from "../../../policies/output/formats";
import { fails, type Finding, type PassedOver, type Report } from "../../../policies/output/report";

const require = createRequire(__filename);
const schema = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json") as object;
// The validator that the package of the schema brings.
const Ajv = createRequire(require.resolve("@microsoft/jest-sarif"))("ajv") as new (options: object) => {
  compile(schema: object): ((data: unknown) => boolean) & { errors?: object[] | null };
};
const draft = createRequire(require.resolve("@microsoft/jest-sarif"))(
  "ajv/lib/refs/json-schema-draft-04.json",
) as object;
const ajv = new Ajv({ schemaId: "auto", meta: false, unknownFormats: "ignore" }) as unknown as {
  addMetaSchema(schema: object): void;
  compile(schema: object): ((data: unknown) => boolean) & { errors?: object[] | null };
};
ajv.addMetaSchema(draft);
const validSarif = ajv.compile(schema);

const options = {
  quiet: false,
  all: true,
  version: "0.1.0",
  help: ({ name }: { name: string }) => `file:///docs/${name}.md`,
};
const write = (format: Format, report: Report) => formatted(format, report, options);

const place = fc.record({
  file: fc.oneof(
    fc.constantFrom("", "a b/c.yaml", "stdin", "/etc/ü.yaml"),
    fc.string({ minLength: 1, unit: "grapheme" }),
  ),
  line: fc.integer({ min: 1, max: 5000 }),
  column: fc.integer({ min: 1, max: 200 }),
});
const anything = fc.string({ unit: "binary" });
const passedOver = fc.record({
  by: fc.constantFrom<PassedOver["by"]>("settings", "file", "annotation", "baseline"),
  reason: anything,
});
const finding: fc.Arbitrary<Finding> = fc
  .tuple(
    place,
    fc.record({
      rule: fc.constantFrom(...allPolicies),
      level: fc.constantFrom("advisory" as const, "mandatory" as const),
      object: anything,
      path: anything,
      message: anything,
      passedOver: fc.option(passedOver, { nil: undefined }),
    }),
  )
  .map(([at, rest]) => ({ ...at, ...rest }));
const named = place.filter(({ file }) => file !== "");
const reports: fc.Arbitrary<Report> = fc.record({
  findings: fc.array(finding, { maxLength: 5 }),
  rules: fc.constant(allPolicies),
  files: fc.nat(),
  objects: fc.nat(),
  unreadable: fc.array(
    fc.tuple(named, anything).map(([at, reason]) => ({ ...at, reason })),
    { maxLength: 2 },
  ),
  notJudged: fc.array(
    named.map((at) => ({ ...at, object: "A b", path: "spec" })),
    { maxLength: 2 },
  ),
  notices: fc.array(anything, { maxLength: 2 }),
});

describe("SARIF", () => {
  interface Log {
    runs: [
      {
        tool: { driver: { rules: { id: string; helpUri: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          level: string;
          suppressions?: object[];
          baselineState?: string;
        }[];
      },
    ];
  }

  test("of any report is valid by the schema of SARIF 2.1.0, and each result points at its rule", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const log = JSON.parse(write("sarif", report)) as Log;
        expect([validSarif(log), validSarif.errors]).toEqual([true, null]);
        const [{ tool, results }] = log.runs;
        expect(results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex].id)).toEqual(
          results.map(({ ruleId }) => ruleId),
        );
      }),
      { numRuns: 50 },
    );
  }, 120_000);

  test("by a log with a wrong level, or without a driver's name, the schema is not content", () => {
    expect(validSarif({ version: "2.1.0", runs: [{ tool: { driver: {} } }] })).toBe(false);
    const results = [{ message: { text: "a" }, level: "mandatory" }];
    expect(validSarif({ version: "2.1.0", runs: [{ tool: { driver: { name: "a" } }, results }] })).toBe(false);
  });

  test("tells what is exempt as suppressed, and with a baseline what is new", () => {
    const one = {
      rule: allPolicies[0],
      level: "mandatory",
      object: "Pod p",
      path: "",
      message: "m",
      file: "a b.yaml",
      line: 2,
      column: 3,
    } as const;
    const findings: Finding[] = [
      one,
      { ...one, passedOver: { by: "annotation", reason: "why" } },
      { ...one, passedOver: { by: "baseline", reason: "known" } },
    ];
    const report = { findings, rules: allPolicies, files: 1, objects: 1, unreadable: [], notJudged: [], notices: [] };
    const { results } = (JSON.parse(write("sarif", report)) as Log).runs[0];
    expect(results.map(({ baselineState }) => baselineState)).toEqual(["new", "new", "unchanged"]);
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      undefined,
      [{ kind: "inSource", justification: "why" }],
      undefined,
    ]);
    expect(results[0]).toMatchObject({
      level: "error",
      locations: [
        { physicalLocation: { artifactLocation: { uri: "a%20b.yaml" }, region: { startLine: 2, startColumn: 3 } } },
      ],
    });
  });
});

describe("JUnit", () => {
  interface Suite {
    tests: string;
    failures: string;
    errors: string;
    skipped: string;
    testcase: { failure?: unknown; skipped?: unknown; error?: unknown }[];
  }
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    isArray: (name) => ["testsuite", "testcase"].includes(name),
  });

  test("of any report is well-formed XML whose counts are those of its cases", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const xml = write("junit", report);
        expect(XMLValidator.validate(xml)).toBe(true);
        const { testsuites } = parser.parse(xml) as { testsuites: Suite & { testsuite: Suite[] } };
        const sum = (key: "tests" | "failures" | "errors") =>
          testsuites.testsuite.reduce((total, suite) => total + Number(suite[key]), 0);
        for (const suite of testsuites.testsuite) {
          const having = (key: "failure" | "skipped" | "error") => suite.testcase.filter((one) => key in one).length;
          expect([suite.tests, suite.failures, suite.skipped, suite.errors].map(Number)).toEqual([
            suite.testcase.length,
            having("failure"),
            having("skipped"),
            having("error"),
          ]);
        }
        expect([testsuites.tests, testsuites.failures, testsuites.errors].map(Number)).toEqual([
          sum("tests"),
          sum("failures"),
          sum("errors"),
        ]);
        expect(sum("failures")).toBe(report.findings.filter(fails).length);
      }),
      { numRuns: 50 },
    );
  }, 120_000);
});

describe("GitHub's commands", () => {
  test("of any report are one line for each thing that is told, whatever its text holds", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const counting = report.findings.filter(({ passedOver }) => passedOver === undefined).length;
        const lines = write("github", report).split("\n");
        const told = counting + report.unreadable.length + report.notJudged.length + report.notices.length;
        expect(lines).toHaveLength(told + 1);
        for (const line of lines.slice(0, -1)) {
          expect(line).toMatch(/^::(error|warning|notice) (file=[^,:]+,line=\d+,col=\d+,)?title=[^,]+::/);
        }
      }),
    );
  });
});

test.each(FORMATS)("%s of any report is written", (format) => {
  fc.assert(
    fc.property(reports, (report) => {
      expect(write(format, report).length).toBeGreaterThan(0);
    }),
    { numRuns: 20 },
  );
});

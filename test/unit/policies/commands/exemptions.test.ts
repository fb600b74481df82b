/** What is exempt or known: by annotation, by pattern in a file, by a baseline. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pod, TODAY, Workplace } from "./workplace";

const place = new Workplace();
const put = place.put.bind(place);
const run = place.run.bind(place);
const json = place.json.bind(place);
const ONLY = ["--only", "no-privileged"];

beforeAll(() => {
  put("bad.yaml", pod("p"));
  put("good.yaml", pod("p", { privileged: false }));
  put("sub/bad.yaml", `# a comment\n---\n${pod("other")}`);
});
afterAll(() => place.remove());

describe("exemptions", () => {
  const REASON = "the vendor's driver needs the device";
  const annotated = (value: string, policy = "no-privileged") =>
    pod("p", { annotations: { [`atlas-site/exempt.${policy}`]: value } });

  test.each([
    ["with a reason exempts", REASON, 0, undefined],
    ["with a last day to come exempts", `${REASON} (until 2026-12-01)`, 0, undefined],
    ["on its last day exempts", `${REASON} (until ${TODAY})`, 0, undefined],
    [
      "whose day is over does not, and is reported",
      `${REASON} (until 2026-11-29)`,
      1,
      /^exemption ended on 2026-11-29/,
    ],
    ["without a reason does not, and is reported", "because", 1, /not valid: .*at least 20 letters/],
    [
      "with a day that is none does not, and is reported",
      `${REASON} (until 2026-02-31x)`,
      1,
      /not valid: .*YYYY-MM-DD/,
    ],
  ])("an annotation %s", (_, value, code, notice) => {
    const found = json(["-", ...ONLY], annotated(value));
    expect(found.code).toBe(code);
    expect(found.notices).toEqual(notice === undefined ? [] : [expect.stringMatching(notice)]);
    expect(found.findings[0].passedOver?.by).toBe(code === 0 ? "annotation" : undefined);
  });

  test("an annotation that nothing needs, or that names no policy, is reported", () => {
    const unneeded = pod("p", { privileged: false, annotations: { "atlas-site/exempt.no-privileged": REASON } });
    expect(json(["-", ...ONLY], unneeded).notices).toEqual([
      expect.stringMatching(/^exemption not needed: stdin: Pod q\/p/),
    ]);
    expect(json(["-", ...ONLY], annotated(REASON, "nope")).notices).toEqual([
      expect.stringMatching(/no policy "nope"/),
    ]);
  });

  const list = (entry: object) =>
    put("exempt.yaml", JSON.stringify({ exemptions: [{ policies: ["no-privileged"], reason: REASON, ...entry }] }));
  test.each([
    ["of the file", { files: "sub/*" }, "bad.yaml"],
    ["of the name", { name: "oth*" }, "bad.yaml"],
    ["of kind and namespace", { kind: "Pod", namespace: "q" }, undefined],
  ])("by a pattern %s hold for what fits it alone", (_, entry, left) => {
    list(entry);
    const { findings, notices } = json([".", ...ONLY, "--exemptions", "exempt.yaml"]);
    const counting = findings.filter(({ passedOver }) => passedOver === undefined).map(({ file }) => file);
    expect([counting, notices.filter((text) => text.startsWith("exemption"))]).toEqual([
      left === undefined ? [] : [left],
      [],
    ]);
  });

  test("by a pattern are reported when they have ended, or nothing needs them", () => {
    list({ name: "p", expires: "2026-11-29" });
    expect(json(["bad.yaml", ...ONLY, "--exemptions", "exempt.yaml"])).toMatchObject({
      code: 1,
      notices: [expect.stringMatching(/^exemption ended on 2026-11-29: exempt.yaml: exemptions\[0\]/)],
    });
    list({ name: "nobody" });
    expect(json(["bad.yaml", ...ONLY, "--exemptions", "exempt.yaml"])).toMatchObject({
      code: 1,
      notices: [expect.stringMatching(/^exemption not needed/)],
    });
  });

  test.each([
    [{ name: "p", reason: "short" }, /reason: at least 20 letters/],
    [{ name: "p", policies: ["nope"] }, /no policy nope/],
    [{}, /give at least one of files, kind, namespace and name/],
    [{ name: "p", until: "2026-01-01" }, /until/],
    [{ name: "p", expires: "soon" }, /expires: a day written as YYYY-MM-DD/],
  ])("in a file that say %j are refused with what is allowed", (entry, message) => {
    list(entry);
    expect(() => run(["bad.yaml", "--exemptions", "exempt.yaml"])).toThrow(message);
  });
});

describe("a baseline", () => {
  test("lets known findings pass, though they move, and fails for new ones; what is gone is reported", () => {
    put("base/a.yaml", pod("p"));
    expect(run(["base", "--write-baseline", "known.json"]).code).toBe(0);
    put("base/a.yaml", `# moved\n\n${pod("p")}`);
    expect(json(["base", "--baseline", "known.json"])).toMatchObject({ code: 0, notices: [] });
    put("base/b.yaml", pod("new"));
    const { code, findings } = json(["base", "--baseline", "known.json"]);
    const counting = findings.filter(({ passedOver }) => passedOver === undefined);
    expect([code, new Set(counting.map(({ object }) => object))]).toEqual([1, new Set(["Pod q/new"])]);
    // The same object once more is a new finding, not a known one.
    put("base/b.yaml", pod("p"));
    expect(run(["base", "--baseline", "known.json"]).code).toBe(1);
    put("base/b.yaml", "");
    put("base/a.yaml", pod("p", { privileged: false }));
    expect(json(["base", "--baseline", "known.json"]).notices[0]).toMatch(/^1 findings of known.json are gone/);
    expect(
      (JSON.parse(readFileSync(join(place.folder, "known.json"), "utf8")) as { findings: object[] }).findings.length,
    ).toBeGreaterThan(5);
  });

  test("that is none is refused", () => {
    put("no.json", '{"findings": 5}');
    expect(() => run(["bad.yaml", "--baseline", "no.json"])).toThrow(
      /no.json is no baseline: findings: .*--write-baseline/,
    );
    expect(() => run(["bad.yaml", "--baseline", "bad.yaml"])).toThrow(/is no JSON/);
  });
});

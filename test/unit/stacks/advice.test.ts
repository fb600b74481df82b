/** Advice works: a file with the advice in place has no problem where it had one. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge } from "../../../stacks/site/load";
import { pathText, problemText, type Path, type Problem } from "../../../stacks/site/problem";
import { followed, isLiteral, valueAt } from "../../support/followedAdvice";
import { realisticSections } from "../../support/realistic/sections";
import { examples } from "./checkExamples";
import { changed, siteSections } from "./sites";

type Written = Record<string, unknown>;

/** Every key and item of a site, by its path. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const below = Array.isArray(value)
    ? value.map((item, i) => [i, item] as const)
    : typeof value === "object" && value !== null
      ? Object.entries(value)
      : [];
  return below.flatMap(([key, inner]) => [[...path, key], ...pathsOf(inner, [...path, key])]);
}

/** Problems that are still where they were after the advice was followed; empty when it works. */
function stillWrong(sections: Written): string[] {
  return judge(sections)
    .problems.filter(isLiteral)
    .flatMap((problem) => {
      const next = followed(sections, problem);
      const after = judge(next.sections).problems;
      // The items behind a removed one move up: then the list must have one problem less.
      const list = pathText(problem.path.slice(0, -1));
      const inList = (all: readonly Problem[]) => all.filter(({ path }) => pathText(path.slice(0, -1)) === list).length;
      const isItem = typeof problem.path.at(-1) === "number" && /^remove it/.test(problem.fix ?? "");
      const again = isItem
        ? inList(after) < inList(judge(sections).problems)
          ? []
          : [problem]
        : after.filter((one) => isAt(one.path, next.path) && !(isName(problem) && !isName(one)));
      return again.map((one) => `${problemText(problem)} THEN ${problemText(one)}`);
    });
}

/** Under its new name a value may be judged for the first time. */
const isName = ({ seen }: Problem) => /^(got the name|unknown key)/.test(seen);

const isAt = (path: Path, other: Path) => pathText(path) === pathText(other);

/** What people write where something else belongs. */
function slips(value: unknown): unknown[] {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return [
    ...[
      null,
      "",
      " ",
      "~",
      true,
      -1,
      0,
      1.5,
      99_999_999,
      [],
      {},
      ["a"],
      { a: 1 },
      "none",
      "MyT2_GRID",
      "1",
      "2001:db8::1/64",
    ],
    ...(typeof value === "string"
      ? [
          ` ${text}`,
          `${text} `,
          text.toUpperCase(),
          `${text}/`,
          `https://${text}`,
          `${text}/a/path`,
          `${text}_`,
          text.slice(1),
        ]
      : []),
    ...(typeof value === "number" ? [text, -value, value / 2, value + 0.5] : []),
    ...(Array.isArray(value) ? [text, [...(value as unknown[]), ...(value as unknown[])], [null]] : []),
  ];
}

function placed(sections: Written, path: Path, value: unknown): Written {
  const copy = structuredClone(sections);
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  parent[path.at(-1)!] = value;
  return copy;
}

function renamed(sections: Written, path: Path, name: string): Written {
  const copy = structuredClone(sections);
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  parent[name] = parent[path.at(-1)!];
  delete parent[path.at(-1)!];
  return copy;
}

const RUNS = { numRuns: 600, seed: 20_261_201 };
const sites = [siteSections(), ...fc.sample(realisticSections, { numRuns: 40, seed: 7 })] as Written[];
const anyPlace = fc
  .constantFrom(...sites)
  .chain((site) => fc.tuple(fc.constant(site), fc.constantFrom(...pathsOf(site))));

describe("advice, followed to the letter, removes its problem", () => {
  test("for a wrong value at any key of a site", () => {
    const anyWrong = anyPlace.chain(([site, path]) =>
      fc.tuple(fc.constant(site), fc.constant(path), fc.constantFrom(...slips(valueAt(site, path)))),
    );
    fc.assert(
      fc.property(anyWrong, ([site, path, value]) => {
        expect(stillWrong(placed(site, path, value))).toEqual([]);
      }),
      RUNS,
    );
  }, 300_000);

  test("for a wrong name of any key of a site", () => {
    const names = ["MyT2_GRID", "a b", "über", "-x", "x-", "A".repeat(70), "colour", "1", "x.y/z!"];
    const anyName = fc.oneof(
      fc.constantFrom(...names).map((name) => () => name),
      fc.constantFrom(
        (key: string) => key.toUpperCase(),
        (key: string) => `${key}s`,
        (key: string) => key.slice(1),
        (key: string) => `${key}_`,
      ),
    );
    fc.assert(
      fc.property(anyPlace, anyName, ([site, path], name) => {
        const key = path.at(-1)!;
        fc.pre(typeof key === "string" && name(key) !== "");
        expect(stillWrong(renamed(site, path, name(key as string)))).toEqual([]);
      }),
      RUNS,
    );
  }, 300_000);

  test.each(examples.map(({ check, fails }) => [check, fails] as const))("of the check that %s", (_, fails) => {
    expect(stillWrong(changed(fails))).toEqual([]);
  });
});

test("advice that names a value is the rule: every check that gives free words is known", () => {
  const free = examples.flatMap(({ fails }) => judge(changed(fails)).problems.filter((problem) => !isLiteral(problem)));
  const words = (problem: Problem) => (problem.fix ?? "none").split(" ").slice(0, 2).join(" ");
  expect([...new Set(free.map(words))].filter((one) => !KNOWN_WORDS.includes(one))).toEqual([]);
});

/** Where several things help, or something outside the file: a larger machine, another pool, a shorter name. */
const KNOWN_WORDS = [
  ...[
    "add a",
    "add cvmfs.squid",
    "add one",
    "add the",
    "add unpacked.cern.ch",
    "give the",
    "make a",
    "make the",
    "name the",
  ],
  ...[
    "none",
    "put all",
    "remove the",
    "shorten the",
    "use a",
    "use disks",
    "use fewer",
    "name fewer",
    "use the",
    "widen cloud.network.cidr,",
  ],
  // Of Magnum's labels: quotes in the file, a name that may be meant, a label that belongs elsewhere.
  ...["give a", "give it", "give true", "rename it:", "rename it;", "set it", "set the"],
];

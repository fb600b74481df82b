/** Stack files as editors, copies and merges leave them: each has one first cause, and that alone is reported. */
import { describe, expect, test } from "vitest";
import { loadSite } from "../../../stacks/site/load";
import { siteText } from "./sites";

function linesOf(content: string | Uint8Array): readonly string[] {
  try {
    loadSite("lab", content, "site.yaml");
    return [];
  } catch (error) {
    return (error as { lines?: readonly string[] }).lines ?? [String(error)];
  }
}

const lineOf = (text: string, piece: string) => text.slice(0, text.indexOf(piece)).split("\n").length;
const utf8 = (text: string) => Buffer.from(text, "utf8");
const replaced = (piece: string, by: string) => {
  expect(siteText).toContain(piece);
  return siteText.replace(piece, by);
};

describe("a file in another encoding", () => {
  test.each([
    ["UTF-16 with its mark, as Windows writes it", Buffer.from(`\uFEFF${siteText}`, "utf16le")],
    ["UTF-16 with its mark, big endian", Buffer.from(`\uFEFF${siteText}`, "utf16le").swap16()],
    ["UTF-16 without a mark", Buffer.from(siteText, "utf16le")],
  ])("%s is named, with the command that converts it", (_, bytes) => {
    expect(linesOf(bytes)).toEqual([
      "site.yaml:1 got UTF-16 text, expected UTF-8 text; save the file as UTF-8, e.g. by iconv -f UTF-16 -t UTF-8",
    ]);
  });

  test("Latin-1 is reported on the line of its first letter that UTF-8 has not", () => {
    const text = replaced("name: lab", "name: lab # r\u00e9seau du site");
    expect(linesOf(Buffer.from(text, "latin1"))).toEqual([
      `site.yaml:${lineOf(text, "r\u00e9seau")} got the byte 0xe9, which is not UTF-8, expected UTF-8 text; ` +
        "save the file as UTF-8, e.g. by iconv -f LATIN1 -t UTF-8",
    ]);
    expect(linesOf(utf8(text))).toEqual([]);
  });

  test("a replacement character that an editor wrote does not hide the line of a wrong byte behind it", () => {
    const text = `# \uFFFD\n${replaced("name: lab", "name: lab # \u00e9")}`;
    const bytes = Buffer.concat([utf8("# \uFFFD\n"), Buffer.from(text.slice(4), "latin1")]);
    expect(linesOf(bytes)[0]).toMatch(new RegExp(`^site\\.yaml:${lineOf(text, "\u00e9")} got the byte 0xe9`));
  });

  test("UTF-8 with a mark and the line ends of Windows loads", () => {
    expect(linesOf(utf8(`\uFEFF${siteText.replaceAll("\n", "\r\n")}`))).toEqual([]);
  });

  test.each(["\u0000", "\u0007", "\u001b", "\u007f"])("a control character %j is reported with its line", (control) => {
    const text = replaced("name: lab", `name: la${control}b`);
    const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    const expected = `site.yaml:${lineOf(text, control)} got the control character U+${code}, expected UTF-8 text; remove it`;
    expect([linesOf(text), linesOf(utf8(text))]).toEqual([[expected], [expected]]);
  });
});

describe("a file with one slip", () => {
  test.each<[string, string, string, RegExp[]]>([
    [
      "a tab as indentation",
      "    name: lab",
      "\tname: lab",
      [/ not valid YAML: a tab as indentation, expected spaces; replace the tab by spaces$/],
    ],
    [
      "a second document",
      "  atlas-site:queues:",
      "---\n  atlas-site:queues:",
      [/ not valid YAML for a stack: a second document begins here, expected one document; remove it/],
    ],
    [
      "a key written twice",
      "        count: 2\n",
      "        count: 2\n        count: 4000\n",
      [/cloud\.pools\.batch\.count: written twice, first on line \d+; keep one of them$/],
    ],
    [
      "a section written twice",
      "  atlas-site:queues:",
      "  atlas-site:site: { name: 7 }\n  atlas-site:queues:",
      [/atlas-site:site: written twice, first on line \d+; keep one of them$/],
    ],
    [
      "a pool whose name YAML reads as another number",
      "      batch:\n",
      "      01:\n",
      [/cloud\.pools\.1: got the key 01, which YAML reads as the number 1, expected text; write "01" in quotes$/],
    ],
    [
      "a number with a zero before it",
      "count: 2",
      "count: 02",
      [/batch\.count: got 02, which YAML reads as the number 2, expected a number without leading zeros.*; write 2$/],
    ],
    [
      "a reference that YAML reads as a number",
      "pool: batch",
      "pool: 01",
      [/pool: got 01, which YAML reads as the number 1, expected text; write "01" in quotes$/],
    ],
    [
      "a network of IPv6",
      "cidr: 10.64.0.0/22",
      "cidr: 2001:db8:71::/64",
      [/network\.cidr: got "2001:db8:71::\/64", and a site has no IPv6, expected an IPv4 network in CIDR notation/],
    ],
    [
      "capital letters in registryPrefix",
      "name: lab",
      "name: lab\n    registryPrefix: Mirror.example/K8s",
      [/registryPrefix: got "Mirror\.example\/K8s", expected .* in small letters.*; write mirror\.example\/k8s$/],
    ],
    [
      "an address with its scheme as registryPrefix",
      "name: lab",
      "name: lab\n    registryPrefix: https://mirror.example/k8s/",
      [/registryPrefix: got .*; write mirror\.example\/k8s$/],
    ],
    [
      "a pool's name with capitals and '_'",
      "      batch:\n",
      "      MyT2_GRID:\n",
      [/cloud\.pools\.MyT2_GRID: got the name "MyT2_GRID", expected 1 to 40 lower-case .*; write e\.g\. myt2-grid$/],
    ],
    [
      "an optional key without a value",
      "    image:",
      "    keyPair: ~\n    image:",
      [/cloud\.keyPair: got nothing.*; remove it$/],
    ],
    [
      "blanks around a name",
      "name: m1.batch",
      'name: " m1.batch"',
      [/flavor\.name: got " m1\.batch".*; write m1\.batch$/],
    ],
  ])("%s is reported, and nothing else", (_, piece, by, expected) => {
    const lines = linesOf(utf8(replaced(piece, by)));
    expect(lines).toEqual(expected.map((one) => expect.stringMatching(one) as string));
    lines.forEach((line) => expect(line).toMatch(/^site\.yaml:\d+ /));
  });
});

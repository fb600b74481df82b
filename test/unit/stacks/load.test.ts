import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSite, siteFromConfig } from "../../../stacks/site/load";
import { changed, siteSections, siteText, linesOf, stacksFolder } from "./sites";

const fixtures = join(__dirname, "fixtures");

/** Replaces a piece of the small site's file that must be there. */
function edited(piece: string, by: string): string {
  expect(siteText).toContain(piece);
  return siteText.replace(piece, by);
}

/** Line in a text that the first occurrence of a piece is on. */
function lineOf(text: string, piece: string): number {
  return text.slice(0, text.indexOf(piece)).split("\n").length;
}

describe("a stack file with mistakes", () => {
  test("ten different mistakes give ten messages, each with file, line, key, value, what is allowed and a way out", () => {
    const text = readFileSync(join(fixtures, "ten-mistakes.yaml"), "utf8");
    const expected = readFileSync(join(fixtures, "ten-mistakes.txt"), "utf8");
    let message = "";
    try {
      loadSite("lab", text, "stacks/Pulumi.lab.yaml");
    } catch (error) {
      message = (error as Error).message;
    }
    expect(`${message}\n`).toBe(expected);
    // The fixture numbers its mistakes in comments; each number's line has its message.
    const numbered = text.split("\n").flatMap((line, i) => (/# \d+: /.test(line) ? [i + 1] : []));
    expect(numbered).toHaveLength(10);
    const told = message.split("\n").slice(1);
    expect(told.map((line) => Number(/:(\d+) /.exec(line)?.[1]))).toEqual(numbered);
  });

  // An example stands in for the wrong item; what a cross-check would say of that is of no value that anybody wrote.
  test.each([
    ["pilotCidrs: [192.0.2.0/99]", /pilotCidrs\[0\]: got "192\.0\.2\.0\/99", expected an IPv4 network/],
    ["closedCidrs: [office]", /closedCidrs\[0\]: got "office", expected an IPv4 network/],
  ])("a wrong item of a list is told of once: %s", (section, expected) => {
    const lines = linesOf(
      edited("  atlas-site:queues:", `  atlas-site:security: { ${section} }\n  atlas-site:queues:`),
    );
    expect(lines).toEqual([expect.stringMatching(expected)]);
  });

  test.each([
    ["no YAML at all", "config: [", [/^site\.yaml:1 not valid YAML: /]],
    ["a tab for indentation", "config:\n\tatlas-site:site: {}\n", [/^site\.yaml:2 not valid YAML: /]],
    ["an empty file", "", [/^site\.yaml:1 no mapping under `config:`/]],
    ["no config", "encryptionsalt: v1:abc\n", [/^site\.yaml:1 no mapping under `config:`/]],
    [
      "an empty config",
      "# comment\nconfig: {}\n",
      [/^site\.yaml:2 site: missing.*give it the key name$/, /^site\.yaml:2 cluster: missing/],
    ],
  ])("%s is told as what it is", (_, text, expected) => {
    const lines = linesOf(text);
    expect(lines).toHaveLength(expected.length);
    lines.forEach((line, i) => expect(line).toMatch(expected[i]));
  });

  // What is changed in the small site's file, by what, and the one message that comes of it, on the line of the change.
  test.each<[string, string, string, RegExp]>([
    ["a number for text", "name: lab", "name: 7", /site\.name: got 7, expected 1 to 40 .*; write "7" in quotes$/],
    ["text for a number", "count: 2", 'count: "2"', /batch\.count: got "2", expected .*; write 2 without quotes$/],
    ["a number out of bounds", "count: 2", "count: 5001", /got 5001, expected a whole number from 1 to 5000/],
    ["a fraction", "count: 2", "count: 2.5", /count: got 2.5, expected a whole number from 1 to 5000/],
    ["an empty value", "count: 2", "count: ~", /count: got nothing, expected a whole number .*; write e\.g\. 2$/],
    [
      "an octet above 255",
      "cidr: 10.64.0.0/22",
      "cidr: 10.264.0.0/22",
      /cidr: got "10\.264\.0\.0\/22", expected an IPv4/,
    ],
    [
      "no network",
      "cidr: 10.64.0.0/22",
      "cidr: office",
      /cidr: got "office", expected an IPv4 network in CIDR notation/,
    ],
    [
      "a misspelt key of a control plane",
      "count: 1",
      "cuont: 1",
      /control\.cuont: unknown key.*did you mean "count"\?$/,
    ],
    [
      "another provisioner",
      "kubeadm",
      "kubadm",
      /got "kubadm", expected one of: kubeadm, magnum, existing; did you mean "kubeadm"\?$/,
    ],
    ["a bad pool name", "batch:", "Batch_1:", /cloud\.pools\.Batch_1: got the name "Batch_1", expected 1 to 40 lower/],
    [
      "a bad queue name",
      "LAB-K8S:",
      "lab k8s:",
      /queues\.lab k8s: got the name "lab k8s", expected a PanDA queue name/,
    ],
    ["an unknown key", "name: lab", "name: lab\n    colour: red", /site\.colour: unknown key, .*; remove it$/],
    [
      "a secret inside a section",
      "name: lab",
      "name: { secure: v1:abc }",
      /site\.name: got an encrypted value.*keys of/,
    ],
    [
      "a section without namespace",
      "atlas-site:queues",
      "queues",
      / queues: key without namespace, .*write atlas-site:queues$/,
    ],
    [
      "a misspelt namespace",
      "atlas-site:queues",
      "atlas-sites:queues",
      /key of another namespace, .*write atlas-site:queues$/,
    ],
    [
      "an encrypted section",
      "atlas-site:queues",
      "atlas-site:harvester:\n    secure: v1:abc\n  atlas-site:queues",
      /harvester: got an encrypted value, expected a plain one/,
    ],
    [
      "a plain secret",
      "atlas-site:queues",
      "atlas-site:kubeconfig: abc\n  atlas-site:queues",
      /--secret atlas-site:kubeconfig/,
    ],
    [
      "a misspelt section",
      "atlas-site:queues",
      "atlas-site:quotes",
      /unknown section.*did you mean "atlas-site:queues"\?$/,
    ],
    ["text for a mapping", "image:\n      name: debian-12-kubernetes", "image: debian", /cloud\.image: got "debian"/],
    ["no alternative", "image:\n      name: debian-12-kubernetes", "image: {}", /exactly one of the keys id, name/],
    [
      "a misspelt alternative",
      "name: debian-12",
      "nmae: debian-12",
      /cloud\.image\.nmae: unknown key.*did you mean "name"\?$/,
    ],
    [
      "an alternative's value",
      "name: debian-12-kubernetes",
      "name: 12",
      /cloud\.image\.name: got 12.*write "12" in quotes$/,
    ],
  ])("%s", (_, piece, by, expected) => {
    const text = edited(piece, by);
    const lines = linesOf(text);
    expect(lines).toEqual([expect.stringMatching(expected)]);
    const last =
      by
        .trim()
        .split("\n")
        .find((line) => /colour|harvester|kubeconfig/.test(line)) ?? by;
    expect(lines[0]).toMatch(new RegExp(`^site\\.yaml:${lineOf(text, last.trim())} `));
  });

  test("a missing key is told on the line of the mapping that lacks it", () => {
    const text = edited("        role: batch\n", "");
    expect(linesOf(text)).toEqual([
      `site.yaml:${lineOf(text, "      batch:")} cloud.pools.batch.role: missing, expected one of: control-plane, batch, ` +
        "services; write e.g. role: batch",
    ]);
  });

  test("cross-checks on sound values still speak when other values are broken, and never about the broken ones", () => {
    const text = edited("count: 1", "count: 2").replace("vcpus: 8", "vcpus: many");
    const lines = linesOf(text);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain("cloud.pools.control.count: got 2 control-plane machines");
    expect(lines[1]).toContain('cloud.pools.batch.flavor.vcpus: got "many"');
  });

  // Pulumi refuses such a file before the program runs, with a message of its own; this is for readers without Pulumi.
  test("a key written twice is told with both lines", () => {
    const text = edited("        count: 2\n", "        count: 2\n        role: batch\n");
    const again = lineOf(text, "        count: 2") + 1;
    expect(linesOf(text)).toEqual([
      `site.yaml:${again} cloud.pools.batch.role: written twice, first on line ${again - 2}; keep one of them`,
    ]);
  });

  test("an alias that holds itself ends in a message, not in a hang", () => {
    const lines = linesOf("config: &loop\n  atlas-site:site: { name: lab, more: *loop }\n");
    expect(lines.join("\n")).toContain("site.more: unknown key");
  });
});

describe("a stack file that is right", () => {
  const shipped = readdirSync(stacksFolder).filter((name) => /^Pulumi\..+\.yaml$/.test(name));

  test.each(shipped)("the shipped %s loads", (name) => {
    const file = join(stacksFolder, name);
    const stack = name.split(".")[1];
    expect(loadSite(stack, readFileSync(file, "utf8"), file).site.name).toBe(stack);
  });

  test("defaults are filled in and the site is frozen in all depth", () => {
    const site = loadSite("lab", siteText, "site.yaml");
    expect(site.cloud?.pools.batch.generation).toBe(1);
    expect(site.network.podCidr).toBe("10.244.0.0/16");
    expect(() => {
      (site.cloud!.pools.batch.flavor as { vcpus: number }).vcpus = 9;
    }).toThrow(TypeError);
    expect(() => (site.cloud!.apiEndpoint.allowedCidrs as string[]).push("0.0.0.0/0")).toThrow(TypeError);
  });

  test("keys of other namespaces, encrypted keys, anchors and merge keys are no mistakes", () => {
    const text = siteText
      .replace("config:\n", "config:\n  pulumi:tags: { of: lab }\n  atlas-site:token: { secure: v1:abc }\n")
      .replace(
        "      batch:\n",
        "      spare:\n        <<: &workers { role: batch, generation: 3 }\n        count: 1\n        flavor: { name: m1.batch, vcpus: 8, ramMb: 16384, diskGb: 80 }\n        addresses: 10.64.2.0/28\n      batch:\n        <<: *workers\n",
      );
    expect(linesOf(text)).toEqual([]);
    expect(loadSite("lab", text, "site.yaml").cloud?.pools.batch.generation).toBe(3);
  });
});

describe("configuration without a file", () => {
  test("gives the same site as the file", () => {
    const sections = siteSections();
    expect(siteFromConfig((name) => sections[name])).toEqual(loadSite("lab", siteText, "site.yaml"));
  });

  test("gives the same messages, without lines", () => {
    const sections = changed({ "cloud.pools.batch.count": "many", "cluster.kubernetes": "1.29.3" });
    expect(() => siteFromConfig((name) => sections[name])).toThrow(
      [
        "2 problems in the stack's configuration, nothing was created:",
        '  cloud.pools.batch.count: got "many", expected a whole number from 1 to 5000; write e.g. 2',
        "  cluster.kubernetes: got 1.29.3, expected a version of 1.35, 1.36, 1.37; write e.g. 1.36.3",
      ].join("\n"),
    );
  });
});

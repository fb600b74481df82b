/** Functions that several policies decide by, row by row: what each reads, and what it must not mistake for it. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { liesIn } from "../../../policies/cloud/addresses";
import { Field } from "../../../policies/model/field";
import { daysOf } from "../../../policies/monitoring/durations";
import { flagOf, programOf } from "../../../policies/monitoring/programs";
import { selects } from "../../../policies/namespaces/selectors";
import { isBelow } from "../../../policies/pods/hostPaths";
import { fullName, hasDigest, isFrom, partsOf } from "../../../policies/pods/images";
import { coresOf } from "../../../policies/pods/quantities";
import { sameSubject } from "../../../policies/rbac/subjects";
import { lossOf } from "../../../policies/stack/dataHolders";

describe("a network", () => {
  test.each([
    ["10.0.0.0/24 or so", false],
    ["x10.0.0.0/24", false],
    ["10.0.0.255/32", true],
    ["10.0.255.0/24", true],
    ["10.0.111.111/24", true],
    ["10.256.0.0/24", false],
    ["256.0.0.1/0", false],
    ["10.0.0.0/32", true],
    ["10.0.0.0/33", false],
  ])("%s counts as one: %s", (text, counts) => {
    expect(liesIn(text, "0.0.0.0/0")).toBe(counts);
  });

  test("lies in another only whole", () => {
    expect(liesIn("10.0.1.0/24", "10.0.2.0/23")).toBe(false);
    expect(liesIn("10.0.0.0/23", "10.0.0.0/24")).toBe(false);
    expect(liesIn("10.0.0.0/24", "10.0.1.0/24")).toBe(false);
    expect(liesIn("10.0.1.0/32", "10.0.0.0/24")).toBe(false);
    expect(liesIn("10.0.0.0/24", "nothing")).toBe(false);
  });
});

describe("a duration", () => {
  test.each([
    ["95d", 95],
    ["1y2w", 379],
    ["48h", 2],
    ["2880m", 2],
    ["172800s", 2],
    ["1000ms", 0],
    ["", undefined],
    ["d", undefined],
    ["95", undefined],
    ["95d ", undefined],
    ["x95d", undefined],
    ["9x5d", undefined],
  ])("%s is %s days", (text, days) => {
    expect(daysOf(text)).toBe(days);
  });
});

describe("a program", () => {
  const field = (value: object) => new Field(value);

  test.each([
    ["quay.io/prometheus/prometheus:v3", "prometheus"],
    ["prometheus", "prometheus"],
    ["registry:5000/prometheus@sha256:aa", "prometheus"],
    ["registry/prometheus:v3@sha256:aa", "prometheus"],
    ["", ""],
  ])("of image %s is %s", (image, program) => {
    expect(programOf(field({ image }))).toBe(program);
  });

  test.each([
    [["--retention=9d"], "9d"],
    [["-retention=9d"], "9d"],
    [["--retention=a\nb"], "a\nb"],
    [["--retention="], ""],
    [["--other=1", "--retention=2"], "2"],
    [["echo --retention=9d"], undefined],
    [["--retention"], undefined],
    [["retention=9d"], undefined],
  ])("has its flag among %s", (args, value) => {
    expect(flagOf(field({ args }), "retention")?.value).toBe(value);
    expect(flagOf(field({ command: args }), "retention")?.value).toBe(value);
  });
});

describe("a selector", () => {
  const picks = (selector: string, labels: Record<string, string>) => selects(new Field(parse(selector)), labels);
  const expression = (operator: string, values = "") =>
    `matchExpressions: [{ key: a, operator: ${operator}${values === "" ? "" : `, values: [${values}]`} }]`;

  test.each<[string, Record<string, string>, boolean]>([
    ["{}", {}, true],
    ["matchLabels: { a: x }", { a: "x" }, true],
    ["matchLabels: { a: x, b: y }", { a: "x", b: "z" }, false],
    [expression("In", "x, y"), { a: "y" }, true],
    [expression("In", "x"), { a: "z" }, false],
    [expression("In", "x"), {}, false],
    [expression("NotIn", "x"), { a: "x" }, false],
    [expression("NotIn", "x"), { a: "z" }, true],
    [expression("NotIn", "x"), {}, true],
    [expression("Exists"), { a: "" }, true],
    [expression("Exists"), { b: "" }, false],
    [expression("DoesNotExist"), { a: "" }, false],
    [expression("DoesNotExist"), { b: "" }, true],
    [expression("Like", "x"), { a: "x" }, false],
    [`matchLabels: { b: y }\n${expression("Exists")}`, { a: "x" }, false],
    ["matchExpressions: [{ key: a, operator: Exists }, { key: b, operator: Exists }]", { a: "x" }, false],
  ])("%s with labels %o: %s", (selector, labels, picked) => {
    expect(picks(selector, labels)).toBe(picked);
  });
});

describe("a folder of the node", () => {
  test.each<[string, string, boolean]>([
    ["/data/x", "/data", true],
    ["/data/./x/", "//data/.", true],
    ["/./data/x", "/data", true],
    ["/database", "/data", false],
    ["data/x", "/data", false],
    ["/data/../etc", "/data", false],
    ["/", "/data", false],
    ["/data", "/", true],
  ])("%s lies below %s: %s", (path, folder, below) => {
    expect(isBelow(path, folder)).toBe(below);
  });
});

describe("an image", () => {
  test.each([
    ["a", "docker.io/library/a"],
    ["a/b", "docker.io/a/b"],
    ["localhost/b:1", "localhost/b"],
    ["localhost", "docker.io/library/localhost"],
    ["registry:5000/b:1", "registry:5000/b"],
    ["example.org/b@sha256:00", "example.org/b"],
    ["b.c:1", "docker.io/library/b.c"],
    ["example/b.c", "docker.io/example/b.c"],
    ["", "docker.io/library/"],
  ])("%s is in full %s", (image, full) => {
    expect(fullName(image)).toBe(full);
  });

  test.each<[string, object]>([
    ["a", { repository: "a" }],
    ["a:1", { repository: "a", tag: "1" }],
    [":1", { repository: "", tag: "1" }],
    ["r:5/a", { repository: "r:5/a" }],
    ["r/:1", { repository: "r/", tag: "1" }],
    ["a:1@sha256:00", { repository: "a", tag: "1", digest: "sha256:00" }],
  ])("%s has its parts", (image, parts) => {
    expect(partsOf(image)).toStrictEqual(parts);
  });

  test("has a digest only where it is complete", () => {
    const hex = (digits: number) => "a1".repeat(digits / 2);
    const complete = [`sha256:${hex(64)}`, `sha384:${hex(96)}`, `sha512:${hex(128)}`];
    expect(complete.filter((digest) => !hasDigest(`a@${digest}`))).toEqual([]);
    const other = [
      `sha256:${hex(62)}`,
      `sha512:${hex(64)}`,
      `md5:${hex(32)}`,
      `sha256:${hex(64)}:1`,
      hex(64),
      "sha256",
    ];
    other.push(`sha256:g${hex(64).slice(1)}`, `sha256:${hex(64).slice(1)}g`, `sha256:${hex(62)}-1`);
    expect(other.filter((digest) => hasDigest(`a@${digest}`))).toEqual([]);
  });

  test("is from a registry written with slashes at its end, and from no other that begins alike", () => {
    expect([isFrom("r.example/a", ["r.example//"]), isFrom("r.example.org/a", ["r.example"])]).toEqual([true, false]);
    expect([isFrom("r.example/a", ["r.example/a"]), isFrom("r.example/ab", ["r.example/a"])]).toEqual([true, false]);
    expect(isFrom("r.example/a", [])).toBe(false);
  });
});

describe("a number of cores", () => {
  test.each<[unknown, number | undefined]>([
    [8, 8],
    ["12", 12],
    ["1500m", 1.5],
    ["0.25", 0.25],
    [0.5, 0.5],
    ["x8", undefined],
    ["8x", undefined],
    ["8M", undefined],
    ["-8", undefined],
    ["1.x", undefined],
    [undefined, undefined],
  ])("%s is read as %s", (value, cores) => {
    expect(coresOf(new Field(value))).toBe(cores);
  });
});

describe("a subject of a binding", () => {
  const account = { kind: "ServiceAccount", name: "h", namespace: "n" } as const;

  test.each<[string, string, string, boolean]>([
    ["ServiceAccount", "h", "n", true],
    ["ServiceAccount", "h", "m", false],
    ["ServiceAccount", "i", "n", false],
    ["User", "system:serviceaccount:n:h", "", true],
    ["User", "system:serviceaccount:m:h", "", false],
    ["Group", "h", "n", false],
  ])("%s %s in %s is the account h of n: %s", (kind, name, namespace, same) => {
    expect(sameSubject(account, { kind, name, namespace })).toBe(same);
  });
});

describe("a resource whose loss cannot be made good", () => {
  const STASH = "pulumi:index:Stash";

  test.each<[string, string, boolean]>([
    [STASH, "cas", true],
    [STASH, "cluster-cas", true],
    [STASH, "cascade", false],
    [STASH, "rebecas", false],
    ["pulumi:index:Other", "cas", false],
  ])("%s %s holds CAs: %s", (type, name, holds) => {
    expect(lossOf({ type, name }) === "the cluster's CAs").toBe(holds);
  });

  test.each(["blockstorage/volume:Volume", "sharedfilesystem/share:Share", "networking/subnet:Subnet"])(
    "%s says what is lost",
    (type) => {
      expect(lossOf({ type: `openstack:${type}`, name: "a" })).toMatch(/^(a|the) /);
    },
  );
});

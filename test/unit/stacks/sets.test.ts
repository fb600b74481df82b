/** Lists that are meant as sets, image references, keys of other namespaces: the forms a value promises are checked. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { allowedImages } from "../../../components/security/admission/images";
import { isPublicRegistry, parseImage } from "../../../components/kubernetes/imageReference";
import { bare, exampleOf, type Schema } from "../../../stacks/site/schema/walk";
import { siteSchema } from "../../../stacks/site/site";
import { linesOf, siteText, siteWith } from "./sites";

/** Every list of the schema, by its path. */
function lists(schema: Schema, path: string): [string, Schema][] {
  const plain = bare(schema);
  const below =
    plain instanceof z.ZodObject
      ? Object.entries(plain.shape as Record<string, Schema>).flatMap(([key, child]) => lists(child, `${path}.${key}`))
      : plain instanceof z.ZodRecord
        ? lists(plain.valueType as Schema, `${path}.*`)
        : plain instanceof z.ZodUnion
          ? (plain.options as Schema[]).flatMap((option) => lists(option, path))
          : plain instanceof z.ZodArray
            ? lists(plain.element as Schema, `${path}[]`)
            : [];
  return plain instanceof z.ZodArray ? [[path, plain], ...below] : below;
}

/** Lists whose items may be alike, with why; a check of its own looks at what of them must differ. */
const NO_SETS = ["site.monitoring.routes"];

const sets = lists(siteSchema, "site").filter(([path]) => !NO_SETS.includes(path));

test("the schema has lists", () => {
  expect(sets.length).toBeGreaterThan(12);
});

test.each(sets)("%s refuses the same item twice, at the second, and says to remove it", (_, schema) => {
  const item = exampleOf((schema as z.ZodArray<z.ZodType>).element);
  expect(z.safeParse(schema, [item]).success).toBe(true);
  const { error } = z.safeParse(schema, [item, structuredClone(item)]);
  expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
    [[1], "no item twice; item 0 is the same"],
  ]);
});

test.each([
  ["allowedCidrs: [10.64.0.0/22]", "allowedCidrs: [10.64.0.0/22, 198.51.100.0/24, 198.51.100.0/24]", "allowedCidrs[2]"],
  ["    quota:", "    sshCidrs: [198.51.100.0/24, 198.51.100.0/24]\n    quota:", "sshCidrs[1]"],
])("a network written twice is told with its line: %s", (piece, by, key) => {
  expect(siteText).toContain(piece);
  expect(linesOf(siteText.replace(piece, by))).toEqual([
    expect.stringMatching(
      new RegExp(`^site\\.yaml:\\d+ cloud\\..*${key.replace(/[[\]]/g, "\\$&")}: got .*; remove it$`),
    ),
  ]);
});

describe("an image reference", () => {
  const digest = `sha256:${"5f".repeat(32)}`;
  test.each([
    ["docker.io/atlasadc/atlas-grid-almalinux9:20261001", "docker.io", "atlasadc/atlas-grid-almalinux9"],
    [`ghcr.io/site/el9@${digest}`, "ghcr.io", "site/el9"],
    [`ghcr.io/site/el9:1@${digest}`, "ghcr.io", "site/el9"],
    ["registry.example:5000/el9:1", "registry.example:5000", "el9"],
    ["localhost/el9:1", "localhost", "el9"],
  ])("%s has registry and path", (text, registry, path) => {
    expect(parseImage(text)).toMatchObject({ registry, path });
  });

  test.each([
    ...["almalinux:9", "atlasadc/x:1", "docker.io/x/y", "docker.io/x/y:1 ", " docker.io/x/y:1", "docker.io/x/y:", ""],
    ...["docker.io/X/y:1", "https://docker.io/x/y:1", "docker.io//y:1", "docker.io/x/y@sha256:5f", "docker.io/:1"],
    ...[`docker.io/x/y:${"a".repeat(129)}`, `docker.io/${"a".repeat(300)}:1`, "docker.io/x/y:1@"],
  ])("%j is refused", (text) => {
    expect(parseImage(text)).toBeUndefined();
  });

  test("is judged at once however long it is", () => {
    const start = performance.now();
    expect(parseImage(`registry.example/${"a".repeat(200)}:1 `)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(200);
  });
});

test("no image and no registry that the schema accepts makes a list that allows every image or a whole public registry", () => {
  const host = fc.constantFrom("docker.io", "quay.io", "ghcr.io", "registry.example", "registry.example:5000");
  const path = fc.array(fc.constantFrom("library", "atlas", "el9", "a-b"), { minLength: 0, maxLength: 3 });
  const image = fc.tuple(host, path).map(([one, parts]) => `${[one, ...parts, "x"].join("/")}:1`);
  const folder = fc.tuple(host, path).map(([one, parts]) => [one, ...parts].join("/"));
  const prefix = fc.constantFrom(undefined, "mirror.example/k8s");
  fc.assert(
    fc.property(image, folder, prefix, (of, registry, registryPrefix) => {
      const site = () =>
        siteWith({
          "queues.LAB-K8S.image": of,
          "security.imageRegistries": [registry],
          ...(registryPrefix === undefined ? {} : { "site.registryPrefix": registryPrefix }),
        });
      if (isPublicRegistry(registry)) {
        expect(site).toThrow(/anybody may publish/);
        return;
      }
      const { paths, repositories } = allowedImages(site());
      paths.forEach((start) => expect([start, isPublicRegistry(start.replace(/\/$/, ""))]).toEqual([start, false]));
      expect(
        [...paths, ...repositories].filter((start) => !/^[^/]+\/[^/]+|^registry\.example(:5000)?\/$/.test(start)),
      ).toEqual([]);
      expect([...paths, ...repositories].some((start) => of.startsWith(start))).toBe(true);
    }),
  );
});

describe("keys of other namespaces", () => {
  test.each([
    [
      "openstack:password: example-not-real",
      /openstack:password: a secret in plain text, which has no effect here, .*change that/,
    ],
    ["openstack:applicationCredentialSecret: example", /a secret in plain text, which has no effect here/],
    [
      "openstack:authUrl: https://keystone.example:5000/v3",
      /openstack:authUrl: a setting, which has no effect here.*; remove it$/,
    ],
    ["openstack:password: { secure: v1:abc }", /openstack:password: a setting, which has no effect here/],
    ["kubernetes:kubeconfig: /home/admin/.kube/config", /a setting, which has no effect here/],
    [
      "aws:secretKey: AKIA",
      /aws:secretKey: a secret in plain text, expected an encrypted value; remove it, and change/,
    ],
  ])("%s is told with its line", (key, expected) => {
    const lines = linesOf(siteText.replace("config:\n", `config:\n  ${key}\n`));
    expect(lines).toEqual([expect.stringMatching(expected)]);
    const line = siteText.slice(0, siteText.indexOf("config:\n")).split("\n").length + 1;
    expect(lines[0]).toMatch(new RegExp(`^site\\.yaml:${line} `));
  });

  test.each(["pulumi:tags: { of: lab }", "aws:region: eu", "aws:secretKey: { secure: v1:abc }"])(
    "%s is no mistake",
    (key) => {
      expect(linesOf(siteText.replace("config:\n", `config:\n  ${key}\n`))).toEqual([]);
    },
  );
});

test.each(["atlas-site-monitoring", "atlas-site-squid", "kube-flannel", "default"])(
  "a queue may not have the namespace %s, which has an owner, and is told one that is free",
  (namespace) => {
    const [line, ...more] = linesOf(siteText.replace("namespace: harvester", `namespace: ${namespace}`));
    expect([line, more.length]).toEqual([
      expect.stringMatching(/LAB-K8S\.namespace: got .*; write e\.g\. lab-k8s$/),
      0,
    ]);
  },
);

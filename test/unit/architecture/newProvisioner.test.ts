/**
 * What a new provisioner takes. The compiler is given the program with one more provisioner in the schema: it must refuse
 * exactly the places that decide by provisioner, and nothing else may need a change.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT } from "../../support/sites";
import { nodes, place, sources } from "../../support/sources";

/** Files that may know which provisioner a site has. */
const DECIDING = /^(components\/cluster\/|stacks\/site\/schema\/|stacks\/site\/site\.ts$)/;

/** The one file that asks whether the site file has a section cloud: checks on that section need one. */
const SECTION_CHECKS = "stacks/site/checks/check.ts";

const SITE = join(ROOT, "stacks/site/site.ts");
const CAPABILITIES = join(ROOT, "components/cluster/capabilities.ts");
const PROVISION = join(ROOT, "components/cluster/provision.ts");

/** A text with a replacement that must take place. */
function changed(file: string, from: string, to: string): [string, string] {
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) {
    throw new Error(`${file} has no ${JSON.stringify(from)}, which this test changes`);
  }
  return [file, text.replace(from, to)];
}

/** A managed cluster in the schema. */
const withManaged = changed(
  SITE,
  'z.discriminatedUnion("provisioner", [kubeadm, magnumSchema, existing])',
  'z.discriminatedUnion("provisioner", [kubeadm, magnumSchema, existing, z.strictObject({ provisioner: z.literal("managed"), nodes: z.int() })])',
);

/** Sources that no test changes, parsed once: most of them are the providers' types. */
const parsed = new Map<string, ts.SourceFile>();

/** Errors of the compiler in the program, its texts changed as given, as `file: message`. */
function errors(texts: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (file) => readFileSync(file, "utf8")) as {
    config: object;
  };
  const include = ["index.ts", "versions.ts", "components", "stacks"];
  const { fileNames, options } = ts.parseJsonConfigFileContent({ ...config, include }, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, languageVersion) => {
    const known = parsed.get(file);
    if (known !== undefined && !texts.has(file)) {
      return known;
    }
    const text = host.readFile(file);
    const source = text === undefined ? undefined : ts.createSourceFile(file, text, languageVersion);
    if (source !== undefined && !texts.has(file)) {
      parsed.set(file, source);
    }
    return source;
  };
  const program = ts.createProgram(fileNames, options, host);
  return program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(ROOT) && !fileName.includes("node_modules"))
    .flatMap((source) => program.getSemanticDiagnostics(source))
    .map(({ file, messageText }) => {
      const message = ts.flattenDiagnosticMessageText(messageText, " ");
      return `${file?.fileName.slice(ROOT.length + 1)}: ${message}`;
    });
}

test("a provisioner that is only in the schema is refused by the compiler where it must be decided, and nowhere else", () => {
  const refused = errors(new Map([withManaged]));
  expect(refused.map((error) => error.slice(0, error.indexOf(":")))).toEqual([
    "components/cluster/capabilities.ts",
    "components/cluster/provision.ts",
  ]);
  for (const error of refused) {
    expect(error).toMatch(/provisioner: "managed".* is not assignable to parameter of type 'never'/);
  }
}, 120_000);

test("a provisioner in the schema with its capabilities and its cluster compiles: that is all it takes", () => {
  const facts = '    case "managed":\n      return { ...UNKNOWN_CLUSTER, title: `${cluster.nodes} managed nodes` };\n';
  const made =
    '    case "managed":\n      return provisionExisting(`managed-${cluster.nodes}`, existingKubeconfig());\n';
  const complete = new Map([
    withManaged,
    changed(CAPABILITIES, '    case "existing":\n', `${facts}    case "existing":\n`),
    changed(PROVISION, '    case "existing":\n', `${made}    case "existing":\n`),
  ]);
  expect(errors(complete)).toEqual([]);
}, 120_000);

test("no file outside the cluster layer and the schema compares a provisioner, or asks whether a site has a cloud", () => {
  const name = /\bprovisioner$|^["'](kubeadm|magnum|existing)["']$/;
  const cloud = /(^|\.)cloud$/;
  const equality = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken];
  const asks = (node: ts.Node): boolean => {
    if (ts.isBinaryExpression(node)) {
      const sides = [node.left.getText(), node.right.getText()];
      const isEqual = equality.includes(node.operatorToken.kind);
      const isDefault = node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
      return (
        (isEqual && sides.some((side) => name.test(side))) ||
        (isEqual && sides.includes("undefined") && sides.some((side) => cloud.test(side))) ||
        (isDefault && cloud.test(sides[0] ?? ""))
      );
    }
    return (
      (ts.isSwitchStatement(node) && name.test(node.expression.getText())) ||
      (ts.isPropertyAccessExpression(node) &&
        node.questionDotToken !== undefined &&
        cloud.test(node.expression.getText())) ||
      (ts.isNonNullExpression(node) && cloud.test(node.expression.getText()))
    );
  };
  const files = sources("components", "stacks/site", "docs", "index.ts").filter(
    ({ path }) => !DECIDING.test(path) && path !== SECTION_CHECKS,
  );
  expect(files.length).toBeGreaterThan(100);
  const asking = files.flatMap((source) =>
    nodes(source.tree)
      .filter(asks)
      .map((node) => `${place(source, node)} ${node.getText()}`),
  );
  expect(asking).toEqual([]);
});

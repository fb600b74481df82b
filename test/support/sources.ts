/** The program's sources as syntax trees, for rules that no linter knows. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, dirname } from "node:path";
import ts from "typescript";
import { ROOT } from "./sites";

/** A source file. */
export interface Source {
  /** Path below the root, e.g. `components/cloud/plan.ts`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

function parsed(path: string): Source {
  const text = readFileSync(join(ROOT, path), "utf8");
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) };
}

/** Every TypeScript file below the folders (or the files themselves), sorted. */
export function sources(...places: string[]): Source[] {
  const files = places.flatMap((place) => {
    if (place.endsWith(".ts")) {
      return [place];
    }
    const below = readdirSync(join(ROOT, place), { recursive: true, encoding: "utf8" });
    return below
      .filter((file) => /\.m?ts$/.test(file) && !file.includes("node_modules"))
      .map((file) => `${place}/${file}`);
  });
  return files.sort().map(parsed);
}

/** Every node of a tree, outermost first. */
export function nodes(root: ts.Node): ts.Node[] {
  const found: ts.Node[] = [root];
  root.forEachChild((child) => {
    found.push(...nodes(child));
  });
  return found;
}

/** Where a node stands: `components/cloud/plan.ts:12`. */
export function place(source: Source, node: ts.Node): string {
  return `${source.path}:${source.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** What a file imports: paths below the root for the tree's own files, package names for others. */
export function imports(source: Source): { readonly from: string; readonly node: ts.Node }[] {
  return source.tree.statements.filter(ts.isImportDeclaration).map((node) => {
    const name = (node.moduleSpecifier as ts.StringLiteral).text;
    const from = name.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(source.path), name)) : name;
    return { from, node };
  });
}

/** Components a file exports. */
export function components(source: Source): ts.ClassDeclaration[] {
  return source.tree.statements.filter(ts.isClassDeclaration).filter((declaration) => {
    const parents = declaration.heritageClauses?.flatMap((clause) => clause.types.map((type) => type.getText())) ?? [];
    return parents.includes("pulumi.ComponentResource");
  });
}

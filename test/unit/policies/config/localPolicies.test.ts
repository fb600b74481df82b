/** A fork's own policy: one file in policies/local/ is enough, as its README shows. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { localPolicies } from "../../../../policies/config/localPolicies";
import { ROOT } from "../../../support/sites";

test("a tree without own policies has the pack's alone", () => {
  expect(localPolicies()).toEqual([]);
});

test("the policy that the README shows judges manifests once its file is in the folder", () => {
  const tree = mkdtempSync(join(tmpdir(), "fork-"));
  try {
    for (const name of ["policies", "stacks", "versions.ts", "package.json", "tsconfig.json"]) {
      cpSync(join(ROOT, name), join(tree, name), { recursive: true, filter: (path) => !path.endsWith("node_modules") });
    }
    symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
    const readme = readFileSync(join(ROOT, "policies/local/README.md"), "utf8");
    writeFileSync(join(tree, "policies/local/teamLabel.ts"), /```ts\n([^]*?)```/.exec(readme)?.[1] ?? "");
    const program = [
      'import { allPolicies } from "./policies/all";',
      'import { Field } from "./policies/model/field";',
      'import { judgeObject } from "./policies/model/judge";',
      'import { objectsIn } from "./policies/model/objects";',
      'import { defaultSettings as settings } from "./policies/model/settings";',
      'const [pod] = objectsIn(new Field({ apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: {} }));',
      'const policy = allPolicies.find(({ name }) => name === "team-label") as never;',
      'console.log(judgeObject(policy, pod, { settings, today: "2026-01-01" })[0].violations[0].message);',
    ];
    writeFileSync(join(tree, "judge.ts"), program.join("\n"));
    const cli = join(ROOT, "node_modules/tsx/dist/cli.mjs");
    const said = execFileSync(process.execPath, [cli, "judge.ts"], { cwd: tree, encoding: "utf8" });
    expect(said).toBe("the pod has no label team\n");
  } finally {
    rmSync(tree, { recursive: true });
  }
}, 60_000);

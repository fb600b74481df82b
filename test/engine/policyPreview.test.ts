/** `policy:preview` on what the real engine writes: replacements, deletions and outputs that are no secret. */
import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../support/engine";
import { ROOT } from "../support/sites";

const MINUTE = 60_000;
const STACK = "previewed";

/** A kubeconfig as no program should hand it out. It opens nothing. */
const KUBECONFIG = JSON.stringify({ kind: "Config", users: [{ name: "a", user: { token: "opens-nothing" } }] });

/** The CAs as the site keeps them, and an output that is a secret or not. */
function program(generation: number, output: string): string {
  return `
import * as pulumi from "@pulumi/pulumi";
new pulumi.Stash("cluster-cas", { input: pulumi.secret("drawn") }, { replacementTrigger: ${generation} });
export const kubeconfig = ${output};
`;
}

let engine: Engine;
let project: string;

async function pulumi(...args: readonly string[]): Promise<string> {
  const { code, output } = await engine.pulumi([...args, "--stack", STACK], project);
  expect(code, output).toBe(0);
  return output;
}

/** What the command says about the next update of a program. */
async function judged(text: string): Promise<{ code: number; output: string }> {
  writeFileSync(join(project, "index.ts"), text);
  const preview = join(project, "preview.json");
  const written = await pulumi("preview", "--json", "--show-sames");
  writeFileSync(preview, written.slice(written.indexOf("{")));
  const command = ["--import", "tsx", join(ROOT, "policies", "commands", "previewCli.ts"), preview];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

async function update(text: string): Promise<void> {
  writeFileSync(join(project, "index.ts"), text);
  await pulumi("up", "--yes", "--skip-preview");
}

beforeAll(async () => {
  engine = await Engine.open();
  project = join(engine.folder, "previewed-project");
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, "Pulumi.yaml"), "name: previewed\nruntime: nodejs\n");
  writeFileSync(join(project, "package.json"), '{ "name": "previewed", "version": "0.0.0", "main": "index.ts" }\n');
  for (const name of ["node_modules", "tsconfig.json"]) {
    symlinkSync(join(ROOT, name), join(project, name));
  }
  const made = await engine.pulumi(["stack", "init", STACK, "--secrets-provider", "passphrase"], project);
  expect(made.code, made.output).toBe(0);
}, 30 * MINUTE);

afterAll(() => engine.close());

describe("policy:preview", () => {
  const secret = program(1, `pulumi.secret(${JSON.stringify(KUBECONFIG)})`);
  const open = program(1, JSON.stringify(KUBECONFIG));

  test(
    "is content with a first update, and with one that changes nothing",
    async () => {
      expect(await judged(secret)).toMatchObject({ code: 0 });
      await update(secret);
      expect(await judged(secret)).toMatchObject({ code: 0 });
    },
    5 * MINUTE,
  );

  test(
    "refuses to lose the cluster's CAs, and says how to mean it",
    async () => {
      const replacing = await judged(secret.replace("replacementTrigger: 1", "replacementTrigger: 2"));
      expect(replacing.output).toContain("the cluster's CAs would be lost (replace)");
      expect(replacing.output).toContain("fix: Find out why");
      expect(replacing.code).toBe(1);
      const deleting = await judged('export const kubeconfig = "";\n');
      expect(deleting.output).toContain("the cluster's CAs would be lost (delete)");
      expect(deleting.code).toBe(1);
    },
    5 * MINUTE,
  );

  test(
    "finds a kubeconfig among the outputs that is no secret",
    async () => {
      await update(open);
      const { code, output } = await judged(open);
      expect(output).toMatch(/^outputs-secret: .* \(mandatory, severity critical, 1 findings\)$/m);
      expect(output).toContain("kubeconfig: it holds a key or a token, and is no secret");
      expect(code).toBe(1);
    },
    5 * MINUTE,
  );
});

/** Runs `policy:check` as a function, in a folder of the test's own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkCommand } from "../../../../policies/commands/checkCommand";
import { ROOT } from "../../../support/sites";

/** The day of the tests. */
export const TODAY = "2026-11-30";

/** A pod with one container, whose key `privileged` stands in line 9, column 9. */
export function pod(
  name: string,
  { privileged = true, annotations = {} }: { privileged?: boolean; annotations?: object } = {},
): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: q, annotations: ${JSON.stringify(annotations)} }
spec:
  containers:
    - name: a
      image: x
      securityContext:
        privileged: ${privileged}
`;
}

/** What JSON says of a finding. */
export interface Finding {
  readonly policy: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly object: string;
  readonly level: string;
  readonly passedOver?: { readonly by: string; readonly reason: string };
}

/** A folder, and the command run in it. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), "check-"));

  put(path: string, text: string): void {
    mkdirSync(join(this.folder, path, ".."), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  run(argv: readonly string[], stdin = ""): { code: number; text: string } {
    const lines: string[] = [];
    const print = (text: string) => void lines.push(text);
    const around = { from: this.folder, project: ROOT, today: TODAY, stdin: () => stdin, print };
    return { code: checkCommand(argv, around), text: lines.join("\n") };
  }

  json(argv: readonly string[], stdin = "") {
    const { code, text } = this.run([...argv, "--output", "json"], stdin);
    return { code, ...(JSON.parse(text) as { findings: Finding[]; notices: string[]; podsNotJudged: object[] }) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

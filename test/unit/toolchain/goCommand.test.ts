import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { childrenSeconds, runGo } from "../../toolchain/goCommand";

describe("processor time of a build", () => {
  it("is user and system time of the last line that the shell's `times` prints", () => {
    expect(childrenSeconds("0m0.01s 0m0.00s\n1m2.500000s 0m4.250000s\n")).toBeCloseTo(66.75);
  });

  it("is 0 when the shell printed nothing", () => {
    expect(childrenSeconds("")).toBe(0);
  });
});

describe("running go", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "go-command-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function goThat(script: string): NodeJS.ProcessEnv {
    writeFileSync(join(folder, "go"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
  }

  it("passes arguments, gives every line of standard error and the exit code, and counts processor time", async () => {
    const seen: string[] = [];
    const script = `echo "$1 $2" >&2; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; printf last >&2; exit 3`;
    const done = await runGo({
      args: ["build", "two words"],
      cwd: folder,
      env: goThat(script),
      onLine: (line) => seen.push(line),
    });
    expect(done).toMatchObject({ status: 3, lines: ["build two words", "last"] });
    expect(seen).toEqual(["build two words"]);
    expect(done.cpuSeconds).toBeGreaterThan(0);
  });
});

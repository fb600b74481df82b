/** The lab's Python modules, called from tests. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const folder = resolve(__dirname, "../lab/python");

/** Runs a line of Python over one JSON value and gives back what it made of it. */
export function python<T>(program: string, given: unknown): T {
  const text = `import json, sys, base64\nspec = json.load(sys.stdin)\n${program}`;
  const done = spawnSync("python3", ["-c", text], {
    input: JSON.stringify(given),
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (done.status !== 0) throw new Error(done.stderr || String(done.error));
  return JSON.parse(done.stdout) as T;
}

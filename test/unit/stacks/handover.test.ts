/** The handover to Harvester's operators: what it holds, and that it takes nothing of anybody else's. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeHandover } from "../../../stacks/site/commands/handover";
import { handoverFiles, type HandoverOutputs } from "../../../stacks/site/commands/handoverFiles";
import { ROOT } from "../../support/sites";

const SECRET = "key-of-a-client-in-pem";
const queueOf = (namespace: string) => ({
  namespace,
  jobTemplate: "kind: Job\n",
  queueConfiguration: { name: namespace },
  cric: { corecount: 8 },
});
const outputs: HandoverOutputs = {
  apiUrl: "https://192.0.2.1:6443",
  harvesterHandover: { ONE: queueOf("one"), TWO: queueOf("two") },
  harvesterKubeconfigs: { ONE: SECRET, TWO: SECRET },
};

let folder: string;
beforeEach(() => (folder = join(mkdtempSync(join(tmpdir(), "handover-")), "given")));
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

function write(given: HandoverOutputs = outputs, stack = "uvic"): string[] {
  const said: string[] = [];
  writeHandover(stack, given, folder, (line) => said.push(line));
  return said;
}

const below = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
const text = (path: string) => readFileSync(join(folder, path), "utf8");

describe("a handover", () => {
  test("has a folder a queue, with template, configuration, CRIC values and kubeconfig", () => {
    write();
    const files = ["cric.json", "job.yaml", "kubeconfig.yaml", "queueconfig.json"];
    const all = ["ONE", "TWO"].flatMap((queue) => [queue, ...files.map((file) => `${queue}/${file}`)]);
    expect(below()).toEqual(["README.md", "handover.yaml", ...all].sort());
    expect(text("ONE/job.yaml")).toBe("kind: Job\n");
    expect(JSON.parse(text("TWO/queueconfig.json"))).toEqual({ name: "two" });
    expect(JSON.parse(text("TWO/cric.json"))).toEqual({ corecount: 8 });
    expect(text("README.md")).toContain("| ONE | one |");
  });

  test("shows a kubeconfig to its owner only, and never says what is in it", () => {
    const said = write();
    expect(statSync(join(folder, "ONE/kubeconfig.yaml")).mode & 0o777).toBe(0o600);
    expect(text("ONE/kubeconfig.yaml")).toBe(SECRET);
    expect(said.join("\n")).not.toContain(SECRET);
    const others = handoverFiles("uvic", outputs).filter(({ path }) => !path.endsWith("kubeconfig.yaml"));
    expect(JSON.stringify(others)).not.toContain(SECRET);
  });

  test("may be repeated, and keeps a kubeconfig closed that somebody had opened", () => {
    write();
    writeFileSync(join(folder, "ONE/kubeconfig.yaml"), "old", { mode: 0o644 });
    write();
    expect(statSync(join(folder, "ONE/kubeconfig.yaml")).mode & 0o777).toBe(0o600);
    expect(text("ONE/kubeconfig.yaml")).toBe(SECRET);
    expect(below().filter((file) => file.endsWith(".part"))).toEqual([]);
  });

  test("names what an earlier one has left, and leaves it there", () => {
    write();
    const said = write({ ...outputs, harvesterHandover: { ONE: queueOf("one") } });
    expect(said.filter((line) => line.includes("no longer part"))).toHaveLength(4);
    expect(text("TWO/job.yaml")).toBe("kind: Job\n");
  });

  test("of a queue without kubeconfig says why there is none", () => {
    write({ ...outputs, harvesterKubeconfigs: { ONE: SECRET } });
    expect(below()).not.toContain("TWO/kubeconfig.yaml");
    expect(text("README.md")).toContain("No kubeconfig is here for TWO");
    expect(text("README.md")).not.toContain("for ONE");
  });
});

describe("a handover refuses, before it writes anything,", () => {
  test("files it did not write", () => {
    mkdirSync(join(folder, "ONE"), { recursive: true });
    writeFileSync(join(folder, "ONE/job.yaml"), "mine");
    expect(() => write()).toThrow(`${folder} has files that this command did not write: ONE/job.yaml`);
    expect(below()).toEqual(["ONE", "ONE/job.yaml"]);
    expect(text("ONE/job.yaml")).toBe("mine");
  });

  test("a folder of another stack", () => {
    write();
    expect(() => write(outputs, "cern")).toThrow("holds the handover of stack uvic, not of cern");
  });

  test("a list of files that is none", () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "handover.yaml"), "something else\n");
    expect(() => write()).toThrow("is not the list that this command writes");
    expect(below()).toEqual(["handover.yaml"]);
  });

  test("a stack without queues, and says what to do", () => {
    expect(() => write({ apiUrl: "https://192.0.2.1:6443" })).toThrow(
      "write atlas-site:queues, run `pulumi up --stack uvic`",
    );
    expect(() => write({ harvesterHandover: {} })).toThrow("no output harvesterHandover");
  });
});

describe("npm run site -- handover", () => {
  /** Runs the command with a pulumi of straw, which answers with these outputs and writes down how it was called. */
  function command(...args: string[]) {
    const bin = join(folder, "..", "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "outputs.json"), JSON.stringify(outputs));
    writeFileSync(join(bin, "pulumi"), `#!/bin/sh\necho "$*" > ${bin}/called\ncat ${bin}/outputs.json\n`);
    chmodSync(join(bin, "pulumi"), 0o755);
    const program = join(ROOT, "stacks/site/commands/cli.ts");
    const done = spawnSync(process.execPath, ["--import", "tsx", program, ...args], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    });
    return { ...done, called: () => readFileSync(join(bin, "called"), "utf8").trim() };
  }

  test("asks the stack for its outputs, writes them to the folder and says where", () => {
    const done = command("handover", "uvic", folder);
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(done.called()).toBe("stack output --stack uvic --json --show-secrets");
    expect(done.stdout).toContain(`${join(folder, "ONE/kubeconfig.yaml")} (secret, readable to you alone)`);
    expect(done.stdout).not.toContain(SECRET);
    expect(text("ONE/kubeconfig.yaml")).toBe(SECRET);
  });

  test("says in one line what is in the way", () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "README.md"), "mine");
    const done = command("handover", "uvic", folder);
    expect(done.status).toBe(1);
    expect(done.stderr.trim().split("\n")).toHaveLength(1);
    expect(done.stderr).toContain("README.md; nothing was written");
  });
});

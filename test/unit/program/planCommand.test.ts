/** `npm run plan` as an administrator runs it: a process of its own, without test framework, cloud and engine. */
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { GIVEN_SECRETS } from "../../../stacks/site/offline/placeholderSecrets";
import { ROOT } from "../../support/sites";

const run = promisify(execFile);
/** A second or two, and many more where other tests run beside it. */
const DEADLINE_MS = 180_000;

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Runs the command with nothing of OpenStack, Kubernetes or Pulumi in the environment, from a folder that is not the tree's. */
async function plan(...args: string[]): Promise<Answer> {
  const command = [
    "--import",
    join(ROOT, "node_modules/tsx/dist/loader.mjs"),
    join(ROOT, "stacks/site/commands/plan.ts"),
  ];
  const env = { PATH: process.env.PATH ?? "", HOME: tmpdir() };
  try {
    const { stdout, stderr } = await run(process.execPath, [...command, ...args], {
      cwd: tmpdir(),
      env,
      maxBuffer: 64 << 20,
    });
    return { stdout, stderr, code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as Answer;
    return { stdout, stderr, code };
  }
}

describe("npm run plan", () => {
  test(
    "tells machines, capacity, objects and checks of a stack",
    async () => {
      const { stdout, stderr, code } = await plan("uvic-test");
      expect([stderr, code]).toEqual(["", 0]);
      expect(stdout).toMatch(/^Site uvic-test$/m);
      // The paper's 130 cores.
      expect(stdout).toMatch(/^ +all +18 +130 +/m);
      expect(stdout).toMatch(/^ +batch +batch +c8-30gb-186 +10\.71\.1\.1 – 10\.71\.1\.15 +15 +120 +450 GiB$/m);
      expect(stdout).toMatch(/^ +CA-VICTORIA-K8S-TEST +ca-victoria-k8s-test +batch +120 +15 of 8 cores$/m);
      expect(stdout).toMatch(/^ +harvester-service +\d+ +.*StatefulSet/m);
      expect(stdout).toMatch(/all \d+ checks of the site file passed\.$/m);
    },
    DEADLINE_MS,
  );

  test(
    "shows every resource with --resources, and none of the secrets",
    async () => {
      const { stdout, code } = await plan("uvic-test", "--resources");
      expect(code).toBe(0);
      expect(stdout).toContain("- type: kubernetes:apps/v1:StatefulSet");
      expect(stdout).not.toContain("PRIVATE KEY");
      Object.values(GIVEN_SECRETS).forEach((secret) => expect(stdout).not.toContain(secret));
    },
    DEADLINE_MS,
  );

  test.each([
    [[], /^usage: npm run plan -- STACK \[--resources\].*uvic-test/],
    [["uvic", "cern"], /^usage: /],
    [["uvic", "--resource"], /^usage: /],
    [["uvix"], /^there is no stack "uvix": no file stacks\/Pulumi\.uvix\.yaml\. There are: .*uvic/],
  ])(
    "refuses %j and says how to ask",
    async (args, message) => {
      const { stdout, stderr, code } = await plan(...args);
      expect([stdout, code]).toEqual(["", 1]);
      expect(stderr).toMatch(message);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    },
    DEADLINE_MS,
  );
});

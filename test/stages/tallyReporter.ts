/** A vitest reporter that counts for `npm test`: into the file named by `ATLAS_SITE_TALLY`, nothing on the screen. */
import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import type { Named, Tally } from "./tally";

export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env.ATLAS_SITE_TALLY;
    if (file === undefined) {
      throw new Error("ATLAS_SITE_TALLY is not set: this reporter is for test/all.ts, which sets it");
    }
    writeFileSync(file, JSON.stringify(count(modules, unhandledErrors)));
  }
}

function count(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()].map((test) => ({ module, test })));
  const inState = (wanted: string) => tests.filter(({ test }) => test.result().state === wanted);
  // A test without a result was cut off.
  const failed = tests.filter(({ test }) => !["passed", "skipped"].includes(test.result().state));
  return {
    passed: inState("passed").length,
    failed: [
      ...failed.map(({ module, test }) => named(module, test, firstLine(test.result().errors?.[0] ?? "cut off"))),
      ...modules.flatMap(broken),
      ...unhandledErrors.map((error) => ({ name: "an error that no test waited for", reason: firstLine(error) })),
    ],
    skipped: inState("skipped").map(({ module, test }) => named(module, test, noteOf(test))),
  };
}

/** A file or a hook that broke fails for all the tests it kept from running. */
function broken(module: TestModule): Named[] {
  const name = module.relativeModuleId;
  const suites = [...module.children.allSuites()].flatMap((suite) =>
    suite.errors().map((error) => ({ name: `${name} > ${suite.fullName}`, reason: firstLine(error) })),
  );
  return [...module.errors().map((error) => ({ name, reason: firstLine(error) })), ...suites];
}

function named(module: TestModule, test: TestCase, reason: string): Named {
  return { name: `${module.relativeModuleId} > ${test.fullName}`, reason };
}

function noteOf(test: TestCase): string {
  const result = test.result();
  const note = "note" in result ? result.note : undefined;
  return typeof note === "string" ? note : "";
}

function firstLine(error: unknown): string {
  const text = error instanceof Object && "message" in error ? String(error.message) : String(error);
  return text.split("\n")[0];
}

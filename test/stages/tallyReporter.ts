/** A vitest reporter that counts for `npm test`: into the file named by `ATLAS_SITE_TALLY`, nothing on the screen. */
import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import type { Skipped, Tally } from "./tally";

export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env.ATLAS_SITE_TALLY;
    if (file === undefined) {
      throw new Error("ATLAS_SITE_TALLY is not set: this reporter is for test/all.ts, which sets it");
    }
    writeFileSync(file, JSON.stringify(count(modules, unhandledErrors.length)));
  }
}

function count(modules: readonly TestModule[], unhandledErrors: number): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()].map((test) => ({ module, test })));
  const state = (test: TestCase) => test.result().state;
  const skipped = tests.filter(({ test }) => state(test) === "skipped");
  const passed = tests.filter(({ test }) => state(test) === "passed").length;
  // A test without a result was cut off; a file or a hook that broke fails for all the tests it kept from running.
  const broken = modules.map((module) => {
    const suites = [...module.children.allSuites()];
    return module.errors().length + suites.reduce((errors, suite) => errors + suite.errors().length, 0);
  });
  return {
    passed,
    failed:
      tests.length - passed - skipped.length + broken.reduce((errors, more) => errors + more, 0) + unhandledErrors,
    skipped: skipped.map(({ module, test }) => reasonOf(module, test)),
  };
}

function reasonOf(module: TestModule, test: TestCase): Skipped {
  const result = test.result();
  const note = "note" in result ? result.note : undefined;
  return { name: `${module.relativeModuleId} > ${test.fullName}`, reason: typeof note === "string" ? note : "" };
}

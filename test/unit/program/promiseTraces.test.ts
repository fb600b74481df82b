/** The SDK's promises carry no stack traces, errors do. */
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { withoutTraces, type Debuggable } from "../../../stacks/site/promiseTraces";

const DEBUGGABLE = "@pulumi/pulumi/runtime/debuggable.js";

/** The SDK's module, fresh: as it is before the program changes it. */
function freshSdk(): Debuggable {
  const load = createRequire(__filename);
  const path = load.resolve(DEBUGGABLE);
  const kept = load.cache[path];
  delete load.cache[path];
  try {
    return load(DEBUGGABLE) as Debuggable;
  } finally {
    load.cache[path] = kept;
  }
}

/** The trace that the SDK has kept of a promise. */
async function traceOf(sdk: Debuggable, promise: Promise<unknown>): Promise<string> {
  await sdk.debuggablePromise(promise, "test").catch(() => undefined);
  return (promise as unknown as { _debugStackTrace: string })._debugStackTrace;
}

describe("stack traces of the SDK's promises", () => {
  test("the SDK this program is written with records where each promise was made", async () => {
    expect(await traceOf(freshSdk(), Promise.resolve())).toContain("promiseTraces.test.ts");
  });

  test("a promise has no trace once they are left out, and still gives its value or its error", async () => {
    const sdk = freshSdk();
    withoutTraces(sdk);
    expect(await traceOf(sdk, Promise.resolve())).not.toContain("promiseTraces.test.ts");
    expect(await sdk.debuggablePromise(Promise.resolve(7), "test")).toBe(7);
    await expect(sdk.debuggablePromise(Promise.reject(new Error("why")), "test")).rejects.toThrow("why");
  });

  test("an error has its trace as before, also one that is made in a callback of such a promise", async () => {
    const sdk = freshSdk();
    const limit = Error.stackTraceLimit;
    withoutTraces(sdk);
    await sdk.debuggablePromise(Promise.resolve(), "test");
    expect(Error.stackTraceLimit).toBe(limit);
    const failing = sdk.debuggablePromise(
      Promise.resolve().then(() => {
        throw new Error("in a callback");
      }),
      "test",
    );
    await expect(failing).rejects.toMatchObject({ stack: expect.stringContaining("promiseTraces.test.ts") as string });
  });

  test("importing the program's module changes the SDK that the program uses", async () => {
    const used = createRequire(__filename)(DEBUGGABLE) as Debuggable;
    expect(await traceOf(used, Promise.resolve())).not.toContain("promiseTraces.test.ts");
  });
});

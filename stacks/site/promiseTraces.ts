/**
 * Spares the Pulumi SDK a stack trace for each of its promises. It keeps one for every promise, some hundred for a resource, and
 * shows them only with PULUMI_DEBUG_PROMISE_LEAKS set; making them took about half the time of a preview of 751 resources.
 * Errors keep their traces: only those of promises are left out.
 */
import { createRequire } from "node:module";

/** The SDK's module with the function that wraps each promise; not part of its public interface. */
const DEBUGGABLE = "@pulumi/pulumi/runtime/debuggable.js";

/** What is changed of it. */
export interface Debuggable {
  /** Whether PULUMI_DEBUG_PROMISE_LEAKS is set. */
  readonly debugPromiseLeaks?: boolean;
  debuggablePromise<T>(promise: Promise<T>, context: unknown): Promise<T>;
}

/** Makes the function do its work without recording where it was called. */
export function withoutTraces(sdk: Debuggable): void {
  const { debuggablePromise } = sdk;
  sdk.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/** The SDK's module, or undefined where a later SDK no longer has it: then its promises keep their traces. */
function debuggable(): Debuggable | undefined {
  try {
    const found = createRequire(__filename)(DEBUGGABLE) as Partial<Debuggable>;
    return typeof found.debuggablePromise === "function" ? (found as Debuggable) : undefined;
  } catch {
    return undefined;
  }
}

const sdk = debuggable();
if (sdk !== undefined && sdk.debugPromiseLeaks !== true) {
  withoutTraces(sdk);
}

/** Tests: `npx vitest run test/unit` and the like; `npm test` runs them all, in the right order and with what they need. */
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // vitest leaves a core to itself; of two that would be half, and it has next to nothing to do.
    maxWorkers: availableParallelism(),
    // Property tests and whole-program runs share two cores with other tests; a hanging one must still be told.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  },
});

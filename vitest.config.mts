/** Tests: `npx vitest run test/unit` and the like; `npm test` runs them all, in the right order and with what they need. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Property tests and whole-program runs share two cores with other tests; a hanging one must still be told.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  },
});

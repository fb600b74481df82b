/** vitest's own `expect`, for tests that run outside of vitest: the mutated build takes it from the global object. */
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
Object.assign(globalThis, { expect: chai.expect });

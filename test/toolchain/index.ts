/** What other parts use of the toolchain. */
export { cacheDir } from "./cache";
export { pulumiEnvironment, installPlugins } from "./environment";
export { ensureToolchain, type Toolchain, type ToolchainOptions } from "./toolchain";

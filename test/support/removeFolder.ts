import { rmSync } from "node:fs";

/**
 * Removes a test's folder. What a killed program's children still write there makes a single attempt fail with ENOTEMPTY,
 * so it is made again for some two seconds.
 */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 6, retryDelay: 100 });
}

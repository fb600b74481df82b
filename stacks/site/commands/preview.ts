/** `npm run site -- preview`: `pulumi preview` without the work that only an update needs. */
import { spawnSync } from "node:child_process";

/**
 * Settings for a preview, and for nothing else. The engine writes a checkpoint after each step, which grows with the square of
 * the number of resources, and in a preview it is thrown away. An update without checkpoints that is killed has lost its
 * state: that is why no other command gets them.
 */
export const PREVIEW_SETTINGS = {
  PULUMI_EXPERIMENTAL: "true",
  PULUMI_SKIP_CHECKPOINTS: "true",
  // The engine lives for seconds, so it need not collect garbage often.
  GOGC: "400",
} as const;

/** What may stand behind the stack. */
export const PREVIEW_OPTIONS: readonly string[] = ["[OPTION OF PULUMI PREVIEW...]"];

/** The command line of a preview; it is always one. */
export function previewArguments(stack: string, options: readonly string[]): string[] {
  return ["preview", "--stack", stack, ...options];
}

/**
 * Runs `pulumi preview`; its output and its exit code are those of the command.
 * @throws Error when there is no `pulumi` on the path
 */
export function preview(stack: string, _say: (line: string) => void, ...options: readonly string[]): void {
  const env = { ...process.env, ...PREVIEW_SETTINGS };
  const { status, error } = spawnSync("pulumi", previewArguments(stack, options), { stdio: "inherit", env });
  if (error !== undefined) {
    throw new Error(`pulumi did not start: ${error.message}; install it and put it on PATH`);
  }
  process.exitCode = status ?? 1;
}

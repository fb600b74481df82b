/** What a stage prints: every line with the stage's name and the seconds since it began. */

/** Prints lines of one stage. */
export type Say = (line: string) => void;

/** A printer whose clock starts now. */
export function sayer(stage: string, print: (line: string) => void = console.log): Say {
  const start = Date.now();
  return (line) => print(`[${stage.padEnd(6)} ${elapsed(start).padStart(6)}] ${line}`);
}

/** Time since a moment, e.g. `7 s` or `3 m 20 s`. */
export function elapsed(start: number): string {
  const seconds = Math.round((Date.now() - start) / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}

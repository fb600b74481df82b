/** What a benchmark says of itself; each takes minutes, so a question must not start one. */

/**
 * Answers `--help`, and refuses more words than a benchmark knows.
 * @param usage what it does, its words, its exit codes
 * @param most how many words it takes
 * @param flags words with dashes that it takes
 * @returns whether that was all; the exit code is set then
 */
export function answered(
  args: readonly string[],
  usage: string,
  { most, flags = [] }: { readonly most: number; readonly flags?: readonly string[] },
): boolean {
  if (args.includes("--help")) {
    console.log(usage);
    return true;
  }
  const strange = args.filter((arg) => arg.startsWith("-") && !flags.includes(arg));
  const words = args.filter((arg) => !arg.startsWith("-"));
  if (strange.length > 0 || words.length > most) {
    console.error(`not known here: ${[...strange, ...words.slice(most)].join(" ")}\n\n${usage}`);
    process.exitCode = 2;
    return true;
  }
  return false;
}

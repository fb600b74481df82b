/** The known word that a misspelt one was meant as. */
import damerauLevenshtein from "damerau-levenshtein";

/**
 * The known word that is nearest to a written one, capitals and separators aside (`ram_mb` is near to `ramMb`).
 * @returns undefined if none is near enough to be what was meant: more than a third of the longer word would change
 */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const plain = (word: string) => word.toLowerCase().replaceAll(/[-_. ]/g, "");
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const word of known) {
    const [a, b] = [plain(written), plain(word)];
    const distance = damerauLevenshtein(a, b).steps;
    if (distance < bestDistance && distance <= Math.max(1, Math.floor(Math.max(a.length, b.length) / 3))) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

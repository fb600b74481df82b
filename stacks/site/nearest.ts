/** Which of the known words somebody meant who wrote another. */

/**
 * Edit distance of two words: insertions, deletions, substitutions and swaps of neighbours that turn one into the other
 * (the optimal string alignment distance).
 */
export function editDistance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      let least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        least = Math.min(least, rows[i - 2][j - 2] + 1);
      }
      rows[i].push(least);
    }
  }
  return rows[one.length][other.length];
}

/**
 * The known word that is nearest to a written one, capitals and separators aside (`ram_mb` is near to `ramMb`).
 * @returns undefined when none is near enough to be what was meant: more than a third of the longer word would change
 */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const plain = (word: string) => word.toLowerCase().replaceAll(/[-_. ]/g, "");
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const word of known) {
    const [a, b] = [plain(written), plain(word)];
    const distance = editDistance(a, b);
    if (distance < bestDistance && distance <= Math.max(1, Math.floor(Math.max(a.length, b.length) / 3))) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

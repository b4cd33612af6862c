/** How a format spells the words of the configuration: `defaultTarget` or `default-target`. */
export type Spelling = 'camelCase' | 'kebab-case';

/** `default-target` -> `defaultTarget`. */
export function camelCase(word: string): string {
  return word.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** `defaultTarget` -> `default-target`. */
export function kebabCase(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A word of the configuration as a format spells it. */
export function spell(word: string, spelling: Spelling): string {
  return spelling === 'kebab-case' ? kebabCase(word) : word;
}

/** The word of `known` that is nearest to `word`, if one is near enough to be what was meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const plain = fold(word);
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(plain, fold(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  const allowed = Math.max(1, Math.floor(plain.length / 3));
  return best !== undefined && best.distance <= allowed ? best.candidate : undefined;
}

/** Case, hyphens and underscores do not count. */
function fold(word: string): string {
  return word.replace(/[-_:]/g, '').toLowerCase().slice(0, 64);
}

/** How many letters must be put in, taken out, replaced or swapped with their neighbour. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(rows, i - 1, j) + 1,
          (row[j - 1] ?? 0) + 1,
          at(rows, i - 1, j - 1) + cost,
          swapped ? at(rows, i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    rows.push(row);
  }
  return at(rows, a.length, b.length);
}

function at(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
}

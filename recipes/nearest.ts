/** Names longer than this get no suggestion: the cost is quadratic, and nobody mistypes that much. */
const MAX_LENGTH = 64;

/**
 * Finds the name somebody probably meant.
 *
 * Case, `-` and `_` weigh nothing at first, so `min_face_area` finds `minFaceArea`; then the smallest
 * Damerau–Levenshtein distance wins (optimal string alignment), as long as no more than a third of the letters differ.
 * Ties go to the name that comes first.
 *
 * @param name What was written.
 * @param candidates What would have been right.
 * @returns The nearest candidate, or `undefined` when none is near.
 *
 * @example A slip of the fingers
 * ```ts
 * import { nearest } from "./nearest.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearest("clearence", ["mesh", "clearance"]), "clearance");
 * assertEquals(nearest("banana", ["mesh", "clearance"]), undefined);
 * ```
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const folded = fold(name);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate.length > MAX_LENGTH || candidate === name) continue;
    const allowed = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    const distance = editDistance(folded, fold(candidate), Math.min(allowed, bestDistance - 1));
    if (distance <= allowed && distance < bestDistance && distance < candidate.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, "");
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`; `Infinity` when over `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let twoBack: number[] = [];
  let oneBack = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = oneBack[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replace, oneBack[j] + 1, row[j - 1] + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], twoBack[j - 2] + 1);
    }
    twoBack = oneBack;
    oneBack = row;
  }
  return oneBack[b.length] <= limit ? oneBack[b.length] : Infinity;
}

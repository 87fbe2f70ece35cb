import { selectKth } from "../_select_kth.ts";

/**
 * How far the half of a piece that is nearest to a surface runs along it: one for
 * a piece of the surface's own shape at any distance from it, a quarter if they
 * have nothing in common. What is farther off hangs or stands away and says little.
 *
 * It is the mean of two means over that half: of the cosines' amounts, and the
 * amount of that of the cosines, to which what lies across or twisted adds
 * nothing; which side of the piece faces out does not matter.
 *
 * @param distances Of places on the piece.
 * @param cosines Between the normal of the piece there and the direction away from the surface.
 * @param ordered As long, for sorting.
 * @param n How many of them count, above 0.
 */
export function agreementOf(distances: Float64Array, cosines: Float64Array, ordered: Float64Array, n: number): number {
  for (let i = 0; i < n; i++) ordered[i] = Math.abs(distances[i]);
  const farthest = selectKth(ordered, n, n >> 1);
  let count = 0, amounts = 0, sum = 0;
  for (let i = 0; i < n; i++) {
    if (!(Math.abs(distances[i]) <= farthest)) continue;
    count++;
    sum += cosines[i];
    amounts += Math.abs(cosines[i]);
  }
  return count > 0 ? (amounts + Math.abs(sum)) / (2 * count) : 0;
}

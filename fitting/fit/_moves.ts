/**
 * Adds to `moves[m]` what is asked of a place: its share of a vector, heard by that
 * share and by what is lacking.
 *
 * @param signed The share, or less than nothing where the place goes the other way.
 * @param give How far what asks comes when each of its places moves by its share.
 * @param say How much what asks is heard.
 */
export function askMove(
  moves: Float64Array,
  m: number,
  share: number,
  signed: number,
  give: number,
  say: number,
  x: number,
  y: number,
  z: number,
): void {
  const by = share * say * signed / give;
  moves[m] += by * x;
  moves[m + 1] += by * y;
  moves[m + 2] += by * z;
  moves[m + 3] += share * say;
}

/** Moves a place by the mean of what was asked of it, once: after that nothing is. */
export function takeMove(moves: Float64Array, v: number, p: Float64Array): void {
  const weight = moves[4 * v + 3];
  if (!(weight > 0)) return;
  for (let k = 0; k < 3; k++) {
    p[3 * v + k] += moves[4 * v + k] / weight;
    moves[4 * v + k] = 0;
  }
  moves[4 * v + 3] = 0;
}

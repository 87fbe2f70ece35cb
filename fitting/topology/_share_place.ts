/** Whether the faces whose corners begin at `c` and `d` have a common place. */
export function sharePlace(weldedIndices: Uint32Array, c: number, d: number): boolean {
  const t = weldedIndices;
  for (let k = c; k < c + 3; k++) if (t[k] === t[d] || t[k] === t[d + 1] || t[k] === t[d + 2]) return true;
  return false;
}

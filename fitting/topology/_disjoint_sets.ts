import { NO_INDEX } from "../mesh.ts";

/** Puts two places into one set, whose root is its lowest; a place in no set is `NO_INDEX`, the root of a set itself. */
export function join(parents: Uint32Array, a: number, b: number): void {
  if (parents[a] === NO_INDEX) parents[a] = a;
  if (parents[b] === NO_INDEX) parents[b] = b;
  const rootA = rootOf(parents, a), rootB = rootOf(parents, b);
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
}

/** The root of a set; halves the way there (Tarjan & van Leeuwen 1984). */
export function rootOf(parents: Uint32Array, start: number): number {
  let at = start;
  while (parents[at] !== at) at = parents[at] = parents[parents[at]];
  return at;
}

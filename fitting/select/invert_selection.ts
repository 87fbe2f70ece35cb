/**
 * Turns a selection into everything else.
 *
 * @param mask Flags, changed in place.
 * @returns How many places are selected now.
 *
 * @example
 * ```ts
 * import { invertSelection } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * const mask = Uint8Array.of(1, 0, 0);
 * assertEquals([invertSelection(mask), ...mask], [2, 0, 1, 1]);
 * ```
 */
export function invertSelection(mask: Uint8Array): number {
  let kept = 0;
  for (let w = 0; w < mask.length; w++) kept += mask[w] = mask[w] === 0 ? 1 : 0;
  return kept;
}

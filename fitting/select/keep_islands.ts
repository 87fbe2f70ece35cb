import type { Scratch } from "../../pool/scratch.ts";
import { NO_INDEX } from "../mesh.ts";
import { assertMask } from "../_narrow.ts";
import type { Topology } from "../topology/topology.ts";

/** Options for {@linkcode keepIslands}: all that are given must hold. An island's size is the diagonal of its bounds. */
export interface KeepIslandsOptions {
  /** Smallest size, metres. @default {0} */
  minSize?: number;
  /** Greatest size, metres. @default {Infinity} */
  maxSize?: number;
  /** Of those, so many of the largest. @default {Infinity} */
  largest?: number;
  /** Of those, so many of the smallest. @default {Infinity} */
  smallest?: number;
  /** Of those, these by number, counted from 0 in the order of their first vertices; empty for all. @default {[]} */
  numbers?: readonly number[];
}

/** Defaults of {@linkcode KeepIslandsOptions}. */
export const KEEP_ISLANDS_DEFAULTS: Readonly<Required<KeepIslandsOptions>> = {
  minSize: 0,
  maxSize: Infinity,
  largest: Infinity,
  smallest: Infinity,
  numbers: [],
};

/**
 * Keeps of a selection the connected parts of the mesh that are asked for: buttons by their size, the body of a coat as
 * the largest.
 *
 * @param positions Of the mesh, `3 * vertexCount`, metres.
 * @param topology Of the mesh.
 * @param mask `weldedCount` flags; those of other places become 0, also where no face is.
 * @param scratch Left as it was found; {@linkcode keepIslandsBytes} are leased.
 * @param options Missing keys take {@linkcode KEEP_ISLANDS_DEFAULTS}.
 * @returns How many places are left.
 * @throws {RangeError} If the mask has the wrong length.
 *
 * @example The smaller of two triangles
 * ```ts
 * import { buildTopology, keepIslands } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 5, 1, 0, 5, 0, 1, 5);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions, indices: Uint32Array.of(0, 1, 2, 3, 4, 5) }, scope, scope);
 * const mask = new Uint8Array(6).fill(1);
 * assertEquals(keepIslands(positions, topology, mask, scope, { smallest: 1 }), 3);
 * assertEquals([...mask], [0, 0, 0, 1, 1, 1]);
 * ```
 */
export function keepIslands(
  positions: Float32Array,
  topology: Topology,
  mask: Uint8Array,
  scratch: Scratch,
  options: KeepIslandsOptions = {},
): number {
  assertMask(mask, topology);
  const { minSize, maxSize, largest, smallest, numbers } = { ...KEEP_ISLANDS_DEFAULTS, ...options };
  const { islandOf, islandCount } = topology;
  using frame = scratch.frame("islands");
  const sizes = frame.f64(islandCount), isKept = frame.u8(islandCount), order = frame.u32(islandCount);
  measureIslands(positions, topology, sizes, frame.f64(6 * islandCount));
  let count = 0;
  for (let n = 0; n < islandCount; n++) if (sizes[n] >= minSize && sizes[n] <= maxSize) order[count++] = n;
  const found = order.subarray(0, count).sort((a, b) => sizes[b] - sizes[a] || a - b);
  const first = Math.max(0, Math.min(largest, count) - Math.min(smallest, count));
  for (let i = first; i < Math.min(largest, count); i++) {
    if (numbers.length === 0 || numbers.includes(found[i])) isKept[found[i]] = 1;
  }
  let kept = 0;
  for (let w = 0; w < mask.length; w++) {
    if (islandOf[w] === NO_INDEX || isKept[islandOf[w]] === 0) mask[w] = 0;
    else if (mask[w] !== 0) kept++;
  }
  return kept;
}

/** Exactly the bytes {@linkcode keepIslands} leases. */
export function keepIslandsBytes({ islandCount }: { islandCount: number }): number {
  return (8 + 1 + 4 + 6 * 8) * islandCount;
}

/** Writes the diagonal of every island's bounds. */
function measureIslands(
  positions: Float32Array,
  { islandOf, representative }: Topology,
  sizes: Float64Array,
  bounds: Float64Array,
): void {
  bounds.fill(Infinity);
  for (let w = 0; w < islandOf.length; w++) {
    if (islandOf[w] === NO_INDEX) continue;
    const b = 6 * islandOf[w], i = 3 * representative[w];
    for (let k = 0; k < 3; k++) {
      // the greatest is kept as the least of the negatives
      if (positions[i + k] < bounds[b + k]) bounds[b + k] = positions[i + k];
      if (-positions[i + k] < bounds[b + 3 + k]) bounds[b + 3 + k] = -positions[i + k];
    }
  }
  for (let n = 0; n < sizes.length; n++) {
    let sum = 0;
    for (let k = 6 * n; k < 6 * n + 3; k++) sum += (bounds[k] + bounds[k + 3]) ** 2;
    sizes[n] = Math.sqrt(sum);
  }
}

import type { Scratch } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import { join, rootOf } from "../topology/_disjoint_sets.ts";
import { growSelectionBytes, growSelectionWork } from "./grow_selection.ts";
import { NO_INDEX } from "../mesh.ts";
import { assertMask, narrow } from "../_narrow.ts";
import { countFacesAround } from "../topology/_open_edges.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Which openings come first: by length, or by where their middle lies (Y is up, Z to the front, X to the character's left). */
export const OPENING_ORDERS = [
  "longest",
  "shortest",
  "top",
  "bottom",
  "left",
  "right",
  "front",
  "back",
] as const;

/** The name of an order of openings. */
export type OpeningOrder = typeof OPENING_ORDERS[number];

/** Options for {@linkcode keepOpenings}. */
export interface KeepOpeningsOptions {
  /** Which come first where not all are taken. @default {"longest"} */
  order?: OpeningOrder;
  /** How many are taken. @default {Infinity} */
  count?: number;
  /** Shorter ones are no openings, metres around. @default {0} */
  minLength?: number;
  /** How many rings of neighbours belong to an opening; 0 takes its edge alone. @default {0} */
  rings?: number;
}

/** Defaults of {@linkcode KeepOpeningsOptions}. */
export const KEEP_OPENINGS_DEFAULTS: Readonly<Required<KeepOpeningsOptions>> = {
  order: "longest",
  count: Infinity,
  minLength: 0,
  rings: 0,
};

/** What a place takes, nanoseconds. */
const PLACE_COST = 100;

/** Axis and sign of the orders by place. */
const DIRECTIONS: Readonly<Partial<Record<OpeningOrder, readonly [axis: number, sign: number]>>> = {
  left: [0, 1],
  right: [0, -1],
  top: [1, 1],
  bottom: [1, -1],
  front: [2, 1],
  back: [2, -1],
};

/**
 * Keeps of a selection the places at openings of the mesh: hems, cuffs, the neck. An edge is open when one face has it;
 * openings that touch in a place are one.
 *
 * @param positions Of the mesh, `3 * vertexCount`, metres.
 * @param topology Of the mesh.
 * @param mask `weldedCount` flags; those of other places become 0.
 * @param scratch Left as it was found; {@linkcode keepOpeningsBytes} are leased.
 * @param options Missing keys take {@linkcode KEEP_OPENINGS_DEFAULTS}.
 * @returns How many places are left.
 * @throws {RangeError} If the mask has the wrong length.
 *
 * @example The higher of two triangles, each of which is an opening
 * ```ts
 * import { buildTopology, keepOpenings } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 5, 0, 0, 5, 1, 1, 5, 0);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions, indices: Uint32Array.of(0, 1, 2, 3, 4, 5) }, scope, scope);
 * const mask = new Uint8Array(6).fill(1);
 * assertEquals(keepOpenings(positions, topology, mask, scope, { order: "top", count: 1 }), 3);
 * assertEquals([...mask], [0, 0, 0, 1, 1, 1]);
 * ```
 */
export function keepOpenings(
  positions: Float32Array,
  topology: Topology,
  mask: Uint8Array,
  scratch: Scratch,
  options: KeepOpeningsOptions = {},
): number {
  return finish(keepOpeningsWork(positions, topology, mask, scratch, options));
}

/** {@linkcode keepOpenings} with pauses. */
export function* keepOpeningsWork(
  positions: Float32Array,
  topology: Topology,
  mask: Uint8Array,
  scratch: Scratch,
  options: KeepOpeningsOptions = {},
): Work<number> {
  assertMask(mask, topology);
  const { order, count, minLength, rings } = { ...KEEP_OPENINGS_DEFAULTS, ...options };
  const { weldedCount } = topology;
  using frame = scratch.frame("openings");
  const chain = frame.u32(weldedCount), list = frame.u32(weldedCount), keys = frame.f64(weldedCount);
  const sums = frame.f64(4 * weldedCount), marks = frame.u8(weldedCount);
  yield* measureOpenings(positions, topology, chain, list, sums);
  yield;
  let found = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (chain[w] !== w || !(sums[4 * w] >= minLength)) continue;
    keys[w] = keyOf(sums, w, order);
    list[found++] = w;
  }
  list.subarray(0, found).sort((a, b) => keys[b] - keys[a] || a - b);
  for (let i = 0; i < Math.min(found, count); i++) marks[list[i]] = 1;
  for (let w = weldedCount - 1; w >= 0; w--) {
    if (chain[w] !== NO_INDEX) marks[w] = marks[rootOf(chain, w)]; // roots are the lowest of their openings
  }
  yield;
  yield* growSelectionWork(topology, marks, rings, scratch);
  return narrow(mask, marks);
}

/** Exactly the bytes {@linkcode keepOpenings} leases. */
export function keepOpeningsBytes(sizes: { weldedCount: number }): number {
  return (4 + 4 + 8 + 32 + 1) * sizes.weldedCount + growSelectionBytes(sizes);
}

/**
 * Joins the ends of open edges into one set an opening, and adds up at its root the length of each and its middle times
 * that. `tally` is zero before and after.
 */
function* measureOpenings(
  positions: Float32Array,
  topology: Topology,
  chain: Uint32Array,
  tally: Uint32Array,
  sums: Float64Array,
): Work<void> {
  const effort = new Effort();
  const { representative, ringOffsets, ringVertices } = topology;
  chain.fill(NO_INDEX);
  for (let w = 0; w < chain.length; w++) {
    countFacesAround(topology, w, tally);
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      const other = ringVertices[r], faces = tally[other];
      tally[other] = 0;
      if (faces !== 1 || other < w) continue;
      join(chain, w, other);
      addEdge(positions, 3 * representative[w], 3 * representative[other], sums, 4 * w);
    }
    yield* effort.spend(1, PLACE_COST);
  }
  for (let w = 0; w < chain.length; w++) {
    if (chain[w] === NO_INDEX) continue;
    const root = rootOf(chain, w);
    for (let k = 0; root !== w && k < 4; k++) sums[4 * root + k] += sums[4 * w + k];
  }
}

/** Adds the length of an edge, and its middle times that. */
function addEdge(p: Float32Array, i: number, j: number, sums: Float64Array, at: number): void {
  const x = p[i] - p[j], y = p[i + 1] - p[j + 1], z = p[i + 2] - p[j + 2];
  const length = Math.sqrt(x * x + y * y + z * z);
  sums[at] += length;
  for (let k = 0; k < 3; k++) sums[at + 1 + k] += length * (p[i + k] + p[j + k]) / 2;
}

/** What openings are ordered by, the first highest. */
function keyOf(sums: Float64Array, root: number, order: OpeningOrder): number {
  const length = sums[4 * root], direction = DIRECTIONS[order];
  if (direction === undefined) return order === "longest" ? length : -length;
  return length === 0 ? 0 : direction[1] * sums[4 * root + 1 + direction[0]] / length;
}

import type { Frame } from "../../pool/scratch.ts";
import type { Effort } from "../_effort.ts";
import { sortRange } from "../solver/_sort_range.ts";
import type { SymmetricMatrix, SymmetricPattern } from "../solver/sparse_ldlt.ts";
import type { Topology } from "../topology/topology.ts";
import type { Work } from "../work.ts";

/** Which places are solved for: `unknowns[u]` is a place, `unknownOf` of it is `u`; -1 where weights are known. */
export interface Unknowns {
  /** `weldedCount`. */
  readonly unknownOf: Int32Array;
  /** Ascending; the first `count` of it. */
  readonly unknowns: Uint32Array;
  /** How many there are. */
  readonly count: number;
}

/** The Laplacian of a surface; its diagonal is the sum of a ring's weights. */
export interface Laplacian {
  /** One for each of `ringVertices`, above 0. */
  readonly edgeWeights: Float64Array;
  /** `weldedCount`: the sums. */
  readonly degrees: Float64Array;
  /** `weldedCount`: areas, above 0. */
  readonly mass: Float64Array;
}

/** Nanoseconds an entry of a row takes. */
const ENTRY_COST = 20;

/**
 * Lists which unknowns share an energy: those within `reach` edges of each other.
 *
 * @param out Owns the pattern.
 * @param stamps `weldedCount`, zeroed; used up.
 */
export function* inpaintPattern(
  { ringOffsets, ringVertices }: Topology,
  { unknownOf, unknowns, count }: Unknowns,
  reach: 1 | 2,
  out: Frame,
  stamps: Uint32Array,
  effort: Effort,
): Work<SymmetricPattern> {
  const offsets = out.u32(count + 1);
  let entries: Uint32Array | undefined;
  for (let pass = 1; pass <= 2; pass++) {
    let size = 0;
    for (let u = 0; u < count; u++) {
      const w = unknowns[u], stamp = (pass - 1) * count + u + 1, begin = size;
      stamps[w] = stamp;
      for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
        const k = ringVertices[r];
        if (stamps[k] !== stamp) {
          stamps[k] = stamp;
          if (unknownOf[k] >= 0) {
            if (entries !== undefined) entries[size] = unknownOf[k];
            size++;
          }
        }
        if (reach === 1) continue;
        for (let q = ringOffsets[k]; q < ringOffsets[k + 1]; q++) {
          const l = ringVertices[q];
          if (stamps[l] === stamp) continue;
          stamps[l] = stamp;
          if (unknownOf[l] < 0) continue;
          if (entries !== undefined) entries[size] = unknownOf[l];
          size++;
        }
      }
      offsets[u + 1] = size;
      if (entries !== undefined) sortRange(entries, begin, size);
      yield* effort.spend(size - begin + 1, ENTRY_COST);
    }
    entries ??= out.u32(size);
  }
  return { ringOffsets: offsets, ringVertices: entries! };
}

/**
 * Fills the matrix of the energy: `L M⁻¹ L` for a reach of two edges, which keeps slopes; `L` for one, which keeps within bounds.
 *
 * @param sums `weldedCount`, zeroed; left so.
 */
export function* inpaintMatrix(
  { ringOffsets, ringVertices }: Topology,
  { unknowns, count }: Unknowns,
  { edgeWeights, degrees, mass }: Laplacian,
  reach: 1 | 2,
  pattern: SymmetricPattern,
  matrix: SymmetricMatrix,
  sums: Float64Array,
  effort: Effort,
): Work<void> {
  const { diagonal, offDiagonal } = matrix;
  for (let u = 0; u < count; u++) {
    const w = unknowns[u], begin = pattern.ringOffsets[u], end = pattern.ringOffsets[u + 1];
    if (reach === 1) {
      sums[w] = degrees[w];
      for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) sums[ringVertices[r]] -= edgeWeights[r];
    } else {
      addRow(w, degrees[w] / mass[w]);
      for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
        addRow(ringVertices[r], -edgeWeights[r] / mass[ringVertices[r]]);
      }
    }
    diagonal[u] = sums[w];
    for (let e = begin; e < end; e++) offDiagonal[e] = sums[unknowns[pattern.ringVertices[e]]];
    clearAround(w);
    yield* effort.spend(end - begin + 1, 3 * ENTRY_COST);
  }

  function addRow(k: number, scale: number): void {
    sums[k] += scale * degrees[k];
    for (let q = ringOffsets[k]; q < ringOffsets[k + 1]; q++) sums[ringVertices[q]] -= scale * edgeWeights[q];
  }

  function clearAround(w: number): void {
    sums[w] = 0;
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      const k = ringVertices[r];
      sums[k] = 0;
      for (let q = ringOffsets[k]; q < ringOffsets[k + 1]; q++) sums[ringVertices[q]] = 0;
    }
  }
}

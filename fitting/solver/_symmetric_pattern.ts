import type { Scratch } from "../../pool/scratch.ts";

/**
 * Which entries off the diagonal of a symmetric matrix may be other than zero. A
 * `Topology` is the pattern of its Laplacian.
 */
export interface SymmetricPattern {
  /** `unknownCount + 1` offsets into {@linkcode SymmetricPattern.ringVertices}. */
  readonly ringOffsets: Uint32Array;
  /** The neighbours of each unknown, ascending, never itself; if `j` stands with `i`, `i` stands with `j`. */
  readonly ringVertices: Uint32Array;
}

/**
 * Refuses a pattern no symmetric matrix has. Walks rows and columns side by
 * side: in a symmetric pattern each row meets the others in ascending order.
 *
 * @param scratch 4 bytes an unknown.
 */
export function assertPattern({ ringOffsets, ringVertices }: SymmetricPattern, scratch: Scratch): void {
  const n = ringOffsets.length - 1;
  if (n < 0 || ringOffsets[0] !== 0 || ringOffsets[n] !== ringVertices.length) {
    throw new RangeError(
      `Cannot analyze the pattern as ringOffsets must run from 0 to ${ringVertices.length}: it has ${ringOffsets.length} entries from ${
        ringOffsets[0]
      } to ${ringOffsets[n]}`,
    );
  }
  for (let i = 0; i < n; i++) {
    if (ringOffsets[i] > ringOffsets[i + 1]) {
      throw new RangeError(`Cannot analyze the pattern as ringOffsets must not fall: it does after row ${i}`);
    }
  }
  using frame = scratch.frame("pattern");
  const next = frame.u32(n);
  for (let i = 0; i < n; i++) next[i] = ringOffsets[i];
  for (let i = 0; i < n; i++) {
    for (let r = ringOffsets[i], before = -1; r < ringOffsets[i + 1]; r++) {
      const j = ringVertices[r];
      if (j >= n || j === i || j <= before) {
        throw new RangeError(
          `Cannot analyze the pattern as a row must name other unknowns < ${n}, ascending: row ${i} names ${j}`,
        );
      }
      before = j;
      if (next[j] === ringOffsets[j + 1] || ringVertices[next[j]++] !== i) {
        throw new RangeError(
          `Cannot analyze the pattern as rows must name each other: one of the rows ${i} and ${j} names more than the other knows of`,
        );
      }
    }
  }
}

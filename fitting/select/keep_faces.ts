import type { Scratch } from "../../pool/scratch.ts";
import { assertMask, narrow } from "../_narrow.ts";
import type { Topology } from "../topology/topology.ts";

/** A run of faces, one after the other. */
export interface FaceRange {
  /** The first. */
  readonly firstFace: number;
  /** How many. */
  readonly faceCount: number;
}

/**
 * Keeps of a selection the places that some faces use, such as those of a material. Where two materials meet, the places
 * between them belong to both.
 *
 * @param ranges The faces.
 * @param topology Of the mesh.
 * @param mask `weldedCount` flags; those of other places become 0.
 * @param scratch Left as it was found; {@linkcode keepFacesBytes} are leased.
 * @returns How many places are left.
 * @throws {RangeError} If the mask has the wrong length or a range ends behind the last face.
 *
 * @example One of two triangles
 * ```ts
 * import { buildTopology, keepFaces } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0);
 * using scope = new BufferScope();
 * const topology = buildTopology({ positions, indices: Uint32Array.of(0, 1, 2, 2, 1, 3) }, scope, scope);
 * const mask = Uint8Array.of(1, 1, 1, 1);
 * assertEquals(keepFaces([{ firstFace: 1, faceCount: 1 }], topology, mask, scope), 3);
 * assertEquals([...mask], [0, 1, 1, 1]);
 * ```
 */
export function keepFaces(
  ranges: readonly FaceRange[],
  topology: Topology,
  mask: Uint8Array,
  scratch: Scratch,
): number {
  assertMask(mask, topology);
  const { weldedIndices } = topology;
  using frame = scratch.frame("faces");
  const marks = frame.u8(mask.length);
  for (const { firstFace, faceCount } of ranges) {
    const end = 3 * (firstFace + faceCount);
    if (!(end <= weldedIndices.length)) {
      throw new RangeError(
        `Cannot select faces as there are ${weldedIndices.length / 3}: a range ends at ${firstFace + faceCount}`,
      );
    }
    for (let c = 3 * firstFace; c < end; c++) marks[weldedIndices[c]] = 1;
  }
  return narrow(mask, marks);
}

/** Exactly the bytes {@linkcode keepFaces} leases. */
export function keepFacesBytes({ weldedCount }: { weldedCount: number }): number {
  return weldedCount;
}

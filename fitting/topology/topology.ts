import type { Frame, Scratch } from "../../pool/scratch.ts";
import type { TriangleMesh } from "../mesh.ts";
import { finish, type Work } from "../work.ts";
import { weld, weldTableLength } from "./_weld.ts";
import { sortPlaces, sortPlacesBytes } from "./_sort_places.ts";
import { boundsOf } from "../bounds.ts";
import { addUp, listRings } from "./_list_rings.ts";
import { CHUNK } from "./_chunk.ts";
import { floodIslands } from "./_flood_islands.ts";

/**
 * How the places of a surface hang together. A *welded vertex* is a place:
 * vertices of equal position, or all but equal, share one, so seams do not cut
 * anything here. Every CSR pair lists the range `[offsets[w], offsets[w + 1])` for `w`.
 *
 * A *degenerate face* names one place twice: it keeps its corners and the edge
 * it may have, but is no face at that edge. A face of zero area between three
 * places (within rounding, so that turning a mesh changes nothing) may stitch a
 * gap or lie on the surface: it never makes a boundary where there was none.
 */
export interface Topology {
  /** `vertexCount` welded ids; ids count up in order of first appearance, or of more than 50,000 that lie far apart along a Morton curve. */
  readonly positionRemap: Uint32Array;
  /** How many places there are, used by a face or not. */
  readonly weldedCount: number;
  /** `weldedCount`: the lowest vertex at each place. */
  readonly representative: Uint32Array;
  /** `3 * faceCount`: the mesh's indices as welded ids, in the same order. */
  readonly weldedIndices: Uint32Array;
  /** `weldedCount + 1` offsets into {@linkcode Topology.ringVertices}. */
  readonly ringOffsets: Uint32Array;
  /** `2 * edgeCount`: the welded neighbours of each place, ascending, each once, never itself. */
  readonly ringVertices: Uint32Array;
  /** `weldedCount + 1` offsets into {@linkcode Topology.corners}. */
  readonly cornerOffsets: Uint32Array;
  /** `3 * faceCount`: the corners (`3 * face + slot`) at each place, ascending. */
  readonly corners: Uint32Array;
  /**
   * `weldedCount` flags: 1 on an edge with other than two faces (an opening, a
   * fin), whether faces of zero area are counted or not; an edge of only such
   * faces is none. Two closed parts that touch in one place have no boundary there.
   */
  readonly isBoundary: Uint8Array;
  /**
   * `weldedCount` island ids, ascending with the lowest place of each island;
   * `NO_INDEX` where no face is.
   */
  readonly islandOf: Uint32Array;
  /** How many connected parts there are; parts that touch in one place are one. */
  readonly islandCount: number;
  /** How many edges there are; degenerate faces bring theirs too. */
  readonly edgeCount: number;
}

/** Options for {@linkcode buildTopology}. */
export interface TopologyOptions {
  /**
   * Vertices closer than this share of the bounds' diagonal are one place: 8 µm
   * on a garment of 0.8 m. 0 welds equal positions only.
   * @default {1e-5}
   */
  weldTolerance?: number;
}

/** Defaults of {@linkcode TopologyOptions}. */
export const TOPOLOGY_DEFAULTS: Readonly<Required<TopologyOptions>> = { weldTolerance: 1e-5 };

/** What the bytes of {@linkcode buildTopology} follow from. */
export interface TopologySizes {
  /** Vertices of the mesh. */
  vertexCount: number;
  /** Faces of the mesh. */
  faceCount: number;
  /** Places: {@linkcode Topology.weldedCount}. */
  weldedCount: number;
  /** Edges: {@linkcode Topology.edgeCount}. */
  edgeCount: number;
}

/**
 * Finds how the places of `mesh` hang together. Expected linear time.
 *
 * @param mesh Read only; finite, with indices in range (`assertMesh`).
 * @param out Owns the result, exactly {@linkcode topologyBytes}.
 * @param scratch Left as it was found, also on a throw; {@linkcode topologyScratchBytes} at the peak.
 *
 * @example A square of two triangles that share no vertex is one sheet of four places
 * ```ts
 * import { buildTopology } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0);
 * const mesh = { positions, indices: Uint32Array.of(0, 1, 2, 3, 4, 5) };
 * using scope = new BufferScope();
 * const topology = buildTopology(mesh, scope, scope);
 * assertEquals([...topology.positionRemap], [0, 1, 2, 1, 3, 2]);
 * assertEquals([topology.weldedCount, topology.edgeCount, topology.islandCount], [4, 5, 1]);
 * ```
 */
export function buildTopology(
  mesh: TriangleMesh,
  out: Frame,
  scratch: Scratch,
  options: TopologyOptions = {},
): Topology {
  return finish(buildTopologyWork(mesh, out, scratch, options));
}

/**
 * {@linkcode buildTopology} with a pause between its five passes, and more on large meshes.
 *
 * @example Its pauses, counted
 * ```ts
 * import { buildTopologyWork } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = {
 *   positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0),
 *   indices: Uint32Array.of(0, 1, 2),
 * };
 * using scope = new BufferScope();
 * const work = buildTopologyWork(mesh, scope, scope);
 * let pauses = 0;
 * while (!work.next().done) pauses++;
 * assertEquals(pauses, 4);
 * ```
 */
export function* buildTopologyWork(
  mesh: TriangleMesh,
  out: Frame,
  scratch: Scratch,
  options: TopologyOptions = {},
): Work<Topology> {
  const { weldTolerance } = { ...TOPOLOGY_DEFAULTS, ...options };
  if (!(weldTolerance >= 0 && weldTolerance < 1)) {
    throw new RangeError(
      `Cannot build the topology as weldTolerance must be >= 0 and < 1: current value is ${weldTolerance}`,
    );
  }
  const { positions, indices } = mesh;
  const positionRemap = out.u32(positions.length / 3);
  const weldedCount = yield* weldInto(positionRemap, mesh, weldTolerance, scratch);
  yield;
  const representative = out.u32(weldedCount);
  listFirstVertices(positionRemap, representative);
  yield* sortPlaces(mesh, positionRemap, representative, scratch);
  if (indices.length > CHUNK) yield;
  const weldedIndices = out.u32(indices.length);
  for (let c = 0; c < indices.length; c++) {
    weldedIndices[c] = positionRemap[indices[c]];
  }
  if (indices.length > CHUNK) yield;
  const cornerOffsets = out.u32(weldedCount + 1);
  const corners = out.u32(indices.length);
  listCorners(weldedIndices, cornerOffsets, corners);
  yield;
  const isBoundary = out.u8(weldedCount);
  const ringOffsets = out.u32(weldedCount + 1);
  const ringVertices = yield* listRings(
    mesh,
    { weldedIndices, cornerOffsets, corners, isBoundary, ringOffsets },
    out,
    scratch,
  );
  yield;
  const islandOf = out.u32(weldedCount);
  const islandCount = yield* floodIslands(
    { cornerOffsets, ringOffsets, ringVertices, islandOf },
    scratch,
  );
  return {
    positionRemap,
    weldedCount,
    representative,
    weldedIndices,
    ringOffsets,
    ringVertices,
    cornerOffsets,
    corners,
    isBoundary,
    islandOf,
    islandCount,
    edgeCount: ringVertices.length / 2,
  };
}

/**
 * Exactly the bytes {@linkcode buildTopology} leases from `out`.
 *
 * @example A cube
 * ```ts
 * import { topologyBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * const cube = { vertexCount: 8, faceCount: 12, weldedCount: 8, edgeCount: 18 };
 * assertEquals(topologyBytes(cube), 608);
 * ```
 */
export function topologyBytes(sizes: TopologySizes): number {
  const { vertexCount, faceCount, weldedCount, edgeCount } = sizes;
  return 4 * (vertexCount + 6 * faceCount + 2 * edgeCount + 2) +
    17 * weldedCount;
}

/**
 * The most bytes {@linkcode buildTopology} can lease from `out`, from counts a
 * file header holds: no vertex welds, and no two faces share an edge.
 *
 * @example A cube, from its counts alone
 * ```ts
 * import { topologyBytesBound } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * const bound = topologyBytesBound({ vertexCount: 8, faceCount: 12 });
 * assertEquals(bound, 752);
 * ```
 */
export function topologyBytesBound(
  { vertexCount, faceCount }: Pick<TopologySizes, "vertexCount" | "faceCount">,
): number {
  const weldedCount = vertexCount, edgeCount = 3 * faceCount;
  return topologyBytes({ vertexCount, faceCount, weldedCount, edgeCount });
}

/**
 * Exactly the peak bytes {@linkcode buildTopology} leases from `scratch`: the
 * table of the weld, or later what a sort of many places takes, or two numbers a
 * place and a flag a face. With `weldedCount: vertexCount` an upper bound.
 *
 * @example A table of 16 slots for 8 vertices, then 8 places and 12 faces
 * ```ts
 * import { topologyScratchBytes } from "@meshtailor/meshtailor/fitting";
 * import { assertEquals } from "@std/assert";
 *
 * const cube = { vertexCount: 8, faceCount: 12, weldedCount: 8 };
 * assertEquals(topologyScratchBytes(cube), 96);
 * ```
 */
export function topologyScratchBytes(
  { vertexCount, faceCount, weldedCount }: Omit<TopologySizes, "edgeCount">,
): number {
  const weldBytes = 4 * (weldTableLength(vertexCount) + vertexCount);
  return Math.max(weldBytes, sortPlacesBytes({ weldedCount }), 8 * weldedCount + faceCount);
}

/**
 * Exactly the most bytes {@linkcode buildTopology} has on lease at one time,
 * result and temporaries together: not all of both are there at once.
 */
export function topologyPeakBytes(sizes: TopologySizes): number {
  const { vertexCount, faceCount, weldedCount } = sizes;
  const result = topologyBytes(sizes);
  const whileWelding = 4 * (2 * vertexCount + weldTableLength(vertexCount));
  const whileSorting = 4 * (vertexCount + weldedCount) + sortPlacesBytes(sizes);
  const whileListingRings = result - 4 * weldedCount + 8 * weldedCount + faceCount;
  const whileFlooding = result + 4 * weldedCount;
  return Math.max(whileWelding, whileSorting, whileListingRings, whileFlooding);
}

function* weldInto(
  positionRemap: Uint32Array,
  mesh: TriangleMesh,
  weldTolerance: number,
  scratch: Scratch,
): Work<number> {
  using frame = scratch.frame("weld");
  const { length } = positionRemap, tolerance = weldTolerance * boundsOf(mesh).boundsDiagonal;
  if (length > CHUNK) yield;
  const heads = frame.u32(weldTableLength(length)), next = frame.u32(length);
  let weldedCount = 0;
  for (let v = 0; v < length; v += CHUNK) {
    if (v > 0) yield;
    const end = Math.min(v + CHUNK, length);
    weldedCount = weld(mesh.positions, tolerance, positionRemap, heads, next, v, end, weldedCount);
  }
  return weldedCount;
}

/** Ids count up with the first vertex of each place, so the next new id marks one. */
function listFirstVertices(
  positionRemap: Uint32Array,
  representative: Uint32Array,
): void {
  let next = 0;
  for (let v = 0; v < positionRemap.length; v++) {
    if (positionRemap[v] === next) representative[next++] = v;
  }
}

/** A counting sort; filled from the back, so the ends it starts from become the offsets. */
function listCorners(
  weldedIndices: Uint32Array,
  cornerOffsets: Uint32Array,
  corners: Uint32Array,
): void {
  for (let c = 0; c < weldedIndices.length; c++) {
    cornerOffsets[weldedIndices[c]]++;
  }
  addUp(cornerOffsets);
  for (let c = weldedIndices.length - 1; c >= 0; c--) {
    corners[--cornerOffsets[weldedIndices[c]]] = c;
  }
}

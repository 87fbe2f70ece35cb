import { NONE, type PlainPart } from "./plain_mesh.ts";

/** Vertices of a part: each a different set of position, UV and normal. */
export interface PartVertices {
  /** Which position, by vertex. */
  readonly position: Uint32Array;
  /** Which UV, by vertex; empty when the part has none. */
  readonly uv: Uint32Array;
  /** Which normal, by vertex; empty when the part has none. */
  readonly normal: Uint32Array;
  /** Vertex of each corner. */
  readonly indices: Uint32Array;
}

/**
 * Makes vertices of the corners of a part: corners that name the same position,
 * UV and normal share one. Vertices count up in order of first appearance; those
 * of one position are found through a chain, so no hash can be made to collide.
 */
export function splitCorners({ positionOf, uvOf, normalOf }: PlainPart, positionCount: number): PartVertices {
  const corners = positionOf.length, indices = new Uint32Array(corners);
  const first = new Uint32Array(positionCount).fill(NONE), following = new Uint32Array(corners);
  const cornerOf = new Uint32Array(corners);
  let count = 0;
  for (let c = 0; c < corners; c++) {
    const p = positionOf[c];
    let v = first[p];
    while (v !== NONE && (uvOf[cornerOf[v]] !== uvOf[c] || normalOf[cornerOf[v]] !== normalOf[c])) v = following[v];
    if (v === NONE) {
      v = count++;
      cornerOf[v] = c;
      following[v] = first[p];
      first[p] = v;
    }
    indices[c] = v;
  }
  const pick = (of: Uint32Array) => cornerOf.subarray(0, of.length === 0 ? 0 : count).map((c) => of[c]);
  return { position: pick(positionOf), uv: pick(uvOf), normal: pick(normalOf), indices };
}

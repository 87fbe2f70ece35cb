import { SurfaceHit, SurfaceIndex } from "../../fitting/surface/surface_index.ts";
import { BufferScope } from "../../pool/mod.ts";

/** What the tests need of a .glb, read without the code that wrote it. */
export interface Glb {
  // deno-lint-ignore no-explicit-any
  json: any;
  positions: Float32Array;
  normals: Float32Array;
  uvs: Float32Array;
  indices: Uint16Array;
  joints: Uint8Array | undefined;
  weights: Float32Array | undefined;
  inverseBindMatrices: Float32Array | undefined;
  /** For each vertex, the lowest one at the same position. */
  welded: number[];
}

/** Reads a .glb of one primitive whose arrays are not interleaved. */
export function readGlb(bytes: Uint8Array): Glb {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const jsonLength = view.getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + jsonLength)));
  const data = bytes.slice(28 + jsonLength).buffer;
  const array = (accessor: number | undefined) => {
    if (accessor === undefined) return undefined;
    const { bufferView, componentType, count, type } = json.accessors[accessor];
    const length = count * ({ SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 } as Record<string, number>)[type];
    const { byteOffset } = json.bufferViews[bufferView];
    if (componentType === 5126) return new Float32Array(data, byteOffset, length);
    return componentType === 5123
      ? new Uint16Array(data, byteOffset, length)
      : new Uint8Array(data, byteOffset, length);
  };
  const { attributes, indices } = json.meshes[0].primitives[0];
  const positions = array(attributes.POSITION) as Float32Array;
  return {
    json,
    positions,
    normals: array(attributes.NORMAL) as Float32Array,
    uvs: array(attributes.TEXCOORD_0) as Float32Array,
    indices: array(indices) as Uint16Array,
    joints: array(attributes.JOINTS_0) as Uint8Array | undefined,
    weights: array(attributes.WEIGHTS_0) as Float32Array | undefined,
    inverseBindMatrices: array(json.skins?.[0].inverseBindMatrices) as Float32Array | undefined,
    welded: weld(positions),
  };
}

function weld(positions: Float32Array): number[] {
  const first = new Map<string, number>();
  return Array.from({ length: positions.length / 3 }, (_, v) => {
    const key = positions.subarray(3 * v, 3 * v + 3).join();
    if (!first.has(key)) first.set(key, v);
    return first.get(key)!;
  });
}

/** How many faces use each directed edge between welded vertices, as `"a b"`. */
export function directedEdges({ indices, welded }: Glb): Map<string, number> {
  const uses = new Map<string, number>();
  for (let f = 0; f < indices.length; f += 3) {
    for (let k = 0; k < 3; k++) {
      const key = `${welded[indices[f + k]]} ${welded[indices[f + (k + 1) % 3]]}`;
      uses.set(key, (uses.get(key) ?? 0) + 1);
    }
  }
  return uses;
}

/** Six times the enclosed volume is the sum of the faces' triple products; positive when they face outwards. */
export function volume({ positions: p, indices }: Glb): number {
  let sum = 0;
  for (let f = 0; f < indices.length; f += 3) {
    const [a, b, c] = [3 * indices[f], 3 * indices[f + 1], 3 * indices[f + 2]];
    sum += p[a] * (p[b + 1] * p[c + 2] - p[b + 2] * p[c + 1]) + p[a + 1] * (p[b + 2] * p[c] - p[b] * p[c + 2]) +
      p[a + 2] * (p[b] * p[c + 1] - p[b + 1] * p[c]);
  }
  return sum / 6;
}

/** Connected parts, as lists of welded vertices; the largest first. */
export function islands({ indices, welded }: Glb): number[][] {
  const parent = new Map<number, number>(welded.map((v) => [v, v]));
  const root = (v: number): number => {
    while (parent.get(v) !== v) {
      parent.set(v, parent.get(parent.get(v)!)!);
      v = parent.get(v)!;
    }
    return v;
  };
  for (let f = 0; f < indices.length; f += 3) {
    for (const k of [1, 2]) parent.set(root(welded[indices[f + k]]), root(welded[indices[f]]));
  }
  const parts = new Map<number, number[]>();
  for (const v of new Set(welded)) parts.set(root(v), [...(parts.get(root(v)) ?? []), v]);
  return [...parts.values()].sort((a, b) => b.length - a.length);
}

/** Signed distances from points to a closed body, metres, negative inside. */
export function signedDistances({ positions, indices }: Glb, points: readonly (readonly number[])[]): number[] {
  const mesh = { positions, indices: Uint32Array.from(indices) };
  const index = SurfaceIndex.build(mesh, new BufferScope()), hit = new SurfaceHit();
  return points.map(([x, y, z]) => index.signedDistance(x, y, z, hit));
}

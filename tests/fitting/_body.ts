/**
 * The body the benchmarks and peer tests use where it is present: one mesh, f32
 * positions, u16 indices, nothing interleaved. No reader for other files.
 *
 * @module
 */
import type { TriangleMesh } from "../../fitting/mesh.ts";

const BODY = new URL("../../../shared/data/bodies/A.glb", import.meta.url);

/** The body, or `undefined` where the file is not there or may not be read. */
export function readBody(): TriangleMesh | undefined {
  let bytes;
  try {
    bytes = Deno.readFileSync(BODY);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
  const jsonLength = new DataView(bytes.buffer).getUint32(12, true), binary = 20 + jsonLength + 8;
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + jsonLength)));
  const { attributes, indices } = json.meshes[0].primitives[0];
  const bytesOf = (accessor: number) => {
    const { byteOffset = 0, byteLength } = json.bufferViews[json.accessors[accessor].bufferView];
    return bytes.slice(binary + byteOffset, binary + byteOffset + byteLength).buffer;
  };
  return {
    positions: new Float32Array(bytesOf(attributes.POSITION)),
    indices: Uint32Array.from(new Uint16Array(bytesOf(indices))),
  };
}

/** Every face parted in four, by its sides' middles, which stay unwelded: `4 * faceCount` faces of the same surface. */
export function quartered({ positions, indices }: TriangleMesh): TriangleMesh {
  const points: number[] = Array.from(positions), faces: number[] = [];
  const middleOf = (a: number, b: number) => {
    for (let axis = 0; axis < 3; axis++) points.push((points[3 * a + axis] + points[3 * b + axis]) / 2);
    return points.length / 3 - 1;
  };
  for (let c = 0; c < indices.length; c += 3) {
    const a = indices[c], b = indices[c + 1], d = indices[c + 2];
    const ab = middleOf(a, b), bd = middleOf(b, d), da = middleOf(d, a);
    faces.push(a, ab, da, ab, b, bd, da, bd, d, ab, bd, da);
  }
  return { positions: Float32Array.from(points), indices: Uint32Array.from(faces) };
}

/** Points within `offset` of the surface along each axis, spread over all faces. */
export function pointsNear(
  { positions, indices }: TriangleMesh,
  count: number,
  offset: number,
  random: () => number,
): Float32Array {
  const points = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const c = 3 * Math.floor(random() * indices.length / 3), u = random(), v = random() * (1 - u);
    for (let axis = 0; axis < 3; axis++) {
      const at = (k: number) => positions[3 * indices[c + k] + axis];
      points[3 * i + axis] = (1 - u - v) * at(0) + u * at(1) + v * at(2) + offset * (2 * random() - 1);
    }
  }
  return points;
}

import { writeGlb } from "../../io/gltf/_container.ts";

/** A wavy sheet of `n * n` vertices with normals and UVs. */
export function sheet(n: number): Uint8Array {
  const count = n * n, positions = new Float32Array(3 * count), uvs = new Float32Array(2 * count);
  const normals = new Float32Array(3 * count), indices = new Uint32Array(6 * (n - 1) * (n - 1));
  for (let v = 0, at = 0; v < count; v++) {
    const x = v % n, y = Math.floor(v / n);
    positions.set([x / n, y / n, 0.05 * Math.sin(9 * x / n)], 3 * v);
    normals[3 * v + 2] = 1;
    uvs.set([x / n, y / n], 2 * v);
    if (x === n - 1 || y === n - 1) continue;
    indices.set([v, v + 1, v + n + 1, v, v + n + 1, v + n], at);
    at += 6;
  }
  const arrays = [positions, normals, uvs, indices];
  let length = 0;
  const bufferViews = arrays.map((array) => {
    const view = { buffer: 0, byteOffset: length, byteLength: array.byteLength };
    length += array.byteLength;
    return view;
  });
  const z = Float32Array.from({ length: n }, (_, x) => positions[3 * x + 2]), last = Math.fround((n - 1) / n);
  const accessor = (bufferView: number, type: string, count: number, componentType = 5126) => ({
    bufferView,
    componentType,
    count,
    type,
  });
  const json = {
    asset: { version: "2.0" },
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1, TEXCOORD_0: 2 }, indices: 3 }] }],
    accessors: [
      { ...accessor(0, "VEC3", count), min: [0, 0, Math.min(...z)], max: [last, last, Math.max(...z)] },
      accessor(1, "VEC3", count),
      accessor(2, "VEC2", count),
      accessor(3, "SCALAR", indices.length, 5125),
    ],
    bufferViews,
    buffers: [{ byteLength: length }],
  };
  const fill = (bytes: Uint8Array) =>
    arrays.forEach((array, i) => bytes.set(new Uint8Array(array.buffer), bufferViews[i].byteOffset));
  return writeGlb(new TextEncoder().encode(JSON.stringify(json)), { length, fill }, []);
}

/** A recipe that does little with `sheet.glb`, so that files are what it costs. */
export const NORMALS_RECIPE =
  "version: 1\ninputs: { sheet: sheet.glb }\nsteps:\n  - recompute-normals: { mesh: sheet }\noutputs: { o: { mesh: sheet, file: out.glb } }\n";

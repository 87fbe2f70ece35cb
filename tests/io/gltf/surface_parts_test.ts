import { assertEquals, assertThrows } from "@std/assert";
import { findMesh, hasTangents, hasUVs, openGltf, readUVs, surfaceParts } from "../../../io/mod.ts";
import { Builder } from "./_builder.ts";

/** Two primitives of a mesh below two nodes, the second without a name for its material; and one of another node without UVs. */
async function opened(hasThird: boolean) {
  const file = new Builder();
  const part = (extra: object, more: object = {}) => ({
    attributes: { POSITION: file.positions(Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0)), ...extra },
    ...more,
  });
  const uv = (values: Uint8Array | Float32Array, extra = {}) => ({ TEXCOORD_0: file.accessor(values, "VEC2", extra) });
  file.json.materials = [{ name: "Steel" }, {}];
  const mesh = file.mesh([
    part({ ...uv(Float32Array.of(0, 0, 1, 0, 0, 1)), TANGENT: file.accessor(new Float32Array(12).fill(0.5), "VEC4") }, {
      material: 0,
      extras: { name: "plate" },
    }),
    part(uv(Uint8Array.of(0, 255, 51, 0, 255, 255), { normalized: true }), { material: 1 }),
  ]);
  file.json.meshes[mesh].name = "cuirass";
  const inner = file.node({ mesh, name: "inner" }, false);
  file.node({ name: "outer", children: [inner] });
  if (hasThird) file.node({ mesh: file.mesh([part({})]) });
  const document = await openGltf(file.glb(), { path: "a.glb" });
  return { document, header: findMesh(document) };
}

Deno.test("surfaceParts() names primitives by themselves, their mesh and all nodes above, materials by name or number", async () => {
  const { document, header } = await opened(true);
  assertEquals(surfaceParts(document, header), [
    { firstFace: 0, faceCount: 1, material: "Steel", names: ["plate", "cuirass", "inner", "outer"] },
    { firstFace: 1, faceCount: 1, material: "1", names: ["cuirass", "inner", "outer"] },
    { firstFace: 2, faceCount: 1, material: undefined, names: [] },
  ]);
});

Deno.test("readUVs() reads floats and fractions, and zeros where a part has none", async () => {
  const whole = await opened(false), broken = await opened(true);
  assertEquals([hasUVs(whole.document, whole.header), hasTangents(whole.document, whole.header)], [true, true]);
  assertEquals([hasUVs(broken.document, broken.header), hasTangents(broken.document, broken.header)], [false, false]);
  const uvs = new Float32Array(18).fill(7);
  readUVs(broken.document, broken.header, uvs);
  assertEquals([...uvs], [0, 0, 1, 0, 0, 1, 0, 1, Math.fround(0.2), 0, 1, 1, 0, 0, 0, 0, 0, 0]);
  assertThrows(
    () => readUVs(whole.document, whole.header, new Float32Array(3)),
    RangeError,
    "Cannot read texture coordinates as out must hold 12 numbers: it holds 3",
  );
});

import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { type Bone, Mesh, type Object3D, SkinnedMesh } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { buildTopology, fitGarment, penetration, SurfaceIndex } from "../../fitting/mod.ts";
import { findMesh, openGltf, readMesh } from "../../io/mod.ts";
import { BufferScope } from "../../pool/mod.ts";
import { fitArmorToBody } from "../../three/mod.ts";
import { hasData, readSample } from "../io/gltf/_data.ts";
import { largestDifference, shown } from "./_scene.ts";

/** A sample as three.js' own loader gives it. */
async function load(path: string): Promise<Mesh> {
  const { scene } = await new GLTFLoader().parseAsync(readSample(path).slice().buffer, "");
  scene.updateMatrixWorld(true);
  const meshes: Mesh[] = [];
  scene.traverse((object: Object3D) => {
    if (object instanceof Mesh) meshes.push(object);
  });
  assertEquals(meshes.length, 1);
  return meshes[0];
}

/** The same sample as our own reader gives it. */
async function read(path: string): Promise<{ positions: Float32Array; indices: Uint32Array }> {
  const document = await openGltf(readSample(path), { path }), header = findMesh(document);
  const positions = new Float32Array(3 * header.vertexCount), indices = new Uint32Array(3 * header.faceCount);
  readMesh(document, header, { positions, indices });
  return { positions, indices };
}

const GARMENT = "garments/cuirass_mid__A.glb";
for (const bodyPath of ["bodies/A.glb", "bodies/B2.glb"]) {
  Deno.test({
    name: `fitArmorToBody() of ${GARMENT} on ${bodyPath}, through GLTFLoader, equals the flat functions on our reader`,
    ignore: !hasData,
    fn: async () => {
      const armor = await load(GARMENT), body = await load(bodyPath) as SkinnedMesh;
      assert(body instanceof SkinnedMesh);
      using scope = new BufferScope();
      const garment = await read(GARMENT), topology = buildTopology(garment, scope, scope);
      const index = SurfaceIndex.build(await read(bodyPath), scope);
      const out = new Float32Array(garment.positions.length), options = { clearance: 0.003 };
      const expected = fitGarment(garment, topology, index, undefined, out, scope, options);

      const { mesh, fit, weights, normals } = fitArmorToBody(armor, body, options);
      // our reader blends the joints' maps, which are f32: the body differs in its last bits
      for (const key of ["meanMove", "maxMove", "minDistance"] as const) {
        assertAlmostEquals(fit[key], expected[key], 2e-6, key);
      }
      for (const key of ["iterations", "converged", "insideBefore", "insideAfter"] as const) {
        assertEquals(fit[key], expected[key], key);
      }
      armor.parent!.add(mesh);
      assertLess(largestDifference(shown(armor), out), 2e-5);
      assertLess(largestDifference(shown(mesh), out), 2e-5); // the inverse bind matrices are f32
      const { insideVertices, insideArea } = penetration({ ...garment, positions: out }, index, scope);
      assertEquals([insideVertices < 1e-3, insideArea < 1e-3], [true, true]);
      assertEquals([weights.unweighted, normals.verticesWithoutNormal], [0, 0]);

      const before = shown(mesh), bodyBefore = shown(body);
      const root = mesh.skeleton.bones.find(({ parent }: Bone) => !mesh.skeleton.bones.includes(parent));
      root.position.x += 1;
      const moved = largestDifference(shown(body), bodyBefore); // also brings the joints' scene up to date
      assertAlmostEquals(largestDifference(shown(mesh), before), moved, 1e-5);
    },
  });
}

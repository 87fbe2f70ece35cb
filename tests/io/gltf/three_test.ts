import { assertEquals } from "@std/assert";
import { type Bone, type SkinnedMesh, Vector3 } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { findMesh, readSkeleton, writeMesh } from "../../../io/mod.ts";
import { skinnedSquare, square } from "./_builder.ts";
import { assertClose, readAll } from "./_reading.ts";

Deno.test("three.js loads a transplanted skeleton, shows the mesh in place and bends it", async () => {
  const body = await skinnedSquare().open(),
    garment = await square({ scale: [-0.5, 2, 1], translation: [0, 1, 0] })
      .open();
  const before = readAll(garment),
    skinJoints = new Uint16Array(16),
    skinWeights = new Float32Array(16);
  for (let v = 0; v < 4; v++) {
    skinJoints.set([1, 0], 4 * v);
    skinWeights.set([0.75, 0.25], 4 * v);
  }
  const skin = {
    skinJoints,
    skinWeights,
    influencesPerVertex: 4,
    skeleton: readSkeleton(body, findMesh(body))!,
  };
  const bytes = writeMesh(garment, before.header, { skin });
  const { scene } = await new GLTFLoader().parseAsync(
    bytes.buffer as ArrayBuffer,
    "",
  );
  const mesh = scene.getObjectByName("card") as SkinnedMesh,
    knee = scene.getObjectByName("knee") as Bone;
  const shown = () => {
    scene.updateMatrixWorld(true);
    mesh.skeleton.update();
    const point = new Vector3();
    return [0, 1, 2, 3].flatMap((v) => mesh.localToWorld(mesh.getVertexPosition(v, point)).toArray());
  };
  assertClose(shown(), before.positions, 1e-6);
  assertEquals([...mesh.geometry.index!.array], [...before.indices]);
  knee.position.y += 4;
  assertClose(
    shown(),
    before.positions.map((value, i) => i % 3 === 1 ? value + 3 : value),
    1e-5,
  );
});

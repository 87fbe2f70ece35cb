import { assertEquals, assertLess, assertStrictEquals, assertThrows } from "@std/assert";
import { Group, type Mesh, MeshBasicMaterial, SkinnedMesh } from "three";
import { bindToSkeleton, transferSkinWeights } from "../../three/mod.ts";
import { bracer, largestDifference, limb, shown } from "./_scene.ts";

/** A bracer and a limb in one scene, in units and places of their own; the bracer has weights. */
function dressed(
  mirror = 1,
): { piece: Mesh; body: SkinnedMesh; elbow: ReturnType<typeof limb>["elbow"]; scene: Group } {
  const piece = bracer(), { body, elbow } = limb(), scene = new Group(), character = new Group();
  character.position.set(2, 0, 1);
  character.rotation.y = 1;
  character.scale.setScalar(0.5);
  scene.add(character.add(body), piece);
  piece.scale.set(0.5 * mirror, 0.5, 0.5);
  piece.position.set(2, 0, 1);
  transferSkinWeights(piece, body);
  return { piece, body, elbow, scene };
}

for (const mirror of [1, -1]) {
  Deno.test(`bindToSkeleton() shows the mesh where it was${mirror < 0 ? ", mirrored" : ""}, and then bends it`, () => {
    const { piece, body, elbow } = dressed(mirror), before = shown(piece);
    const bound = bindToSkeleton(piece, body);
    piece.parent!.add(bound);
    assertLess(largestDifference(shown(bound), before), 1e-6);
    assertEquals(Math.sign(bound.matrixWorld.determinant()), mirror);
    elbow.position.y += 1; // half a metre in the world
    const moved = shown(bound), { skinIndex, skinWeight } = piece.geometry.attributes;
    before.forEach((value, i) => {
      const v = Math.floor(i / 3);
      let share = 0;
      for (let k = 0; k < 4; k++) if (skinIndex.getComponent(v, k) === 1) share += skinWeight.getComponent(v, k);
      assertLess(Math.abs(moved[i] - value - (i % 3 === 1 ? 0.5 * share : 0)), 1e-6);
    });
  });
}

Deno.test("bindToSkeleton() makes a skinned mesh of the body's class with all a mesh has but its children", () => {
  class Character extends SkinnedMesh {}
  const { body: { geometry, skeleton, bindMatrix } } = limb();
  const body: SkinnedMesh = Reflect.construct(Character, [geometry]);
  body.bind(skeleton, bindMatrix);
  const piece = bracer();
  piece.material = new MeshBasicMaterial();
  piece.castShadow = true;
  piece.renderOrder = 3;
  piece.userData.maker = "smith";
  piece.morphTargetInfluences = [0.5];
  piece.add(new Group());
  transferSkinWeights(piece, body);
  const bound = bindToSkeleton(piece, body);
  assertEquals(bound.constructor, Character);
  for (const key of ["geometry", "material"] as const) assertStrictEquals(bound[key], piece[key]);
  assertStrictEquals(bound.skeleton, skeleton);
  assertEquals(
    [bound.name, bound.castShadow, bound.renderOrder, bound.userData, bound.morphTargetInfluences, bound.children],
    ["bracer", true, 3, { maker: "smith" }, [0.5], []],
  );
  assertEquals([bound.parent, piece.parent, piece.children.length], [null, null, 1]);
});

Deno.test("bindToSkeleton() binds a skinned mesh anew, be it bound to another skeleton or to none", () => {
  const { body, elbow } = limb();
  for (const other of [limb(), undefined]) {
    const piece = new SkinnedMesh(bracer().geometry);
    if (other) {
      transferSkinWeights(piece, other.body);
      piece.bind(other.body.skeleton, piece.matrixWorld);
      piece.computeBoundingSphere();
    }
    const before = shown(Object.assign(bracer(), { geometry: piece.geometry }));
    transferSkinWeights(piece, body);
    assertStrictEquals(bindToSkeleton(piece, body), piece);
    assertEquals([piece.skeleton, piece.bindMode, piece.boundingSphere], [body.skeleton, "attached", null]);
    assertLess(largestDifference(shown(piece), before), 1e-6);
  }
  elbow.rotation.z = 1;
});

Deno.test("bindToSkeleton() refuses what it cannot do, and changes nothing", () => {
  const { piece, body } = dressed();
  assertThrows(
    () => bindToSkeleton(bracer(), body),
    TypeError,
    'Cannot bind "bracer" as it must have skinIndex and skinWeight: transfer skin weights first',
  );
  body.skeleton.bones[0].scale.y = 0;
  assertThrows(() => bindToSkeleton(piece, body), RangeError, "root joint's transform must have an inverse");
  body.bindMode = "detached";
  assertThrows(
    () => bindToSkeleton(piece, body),
    RangeError,
    'the body\'s bindMode must be "attached": current value is "detached"',
  );
});

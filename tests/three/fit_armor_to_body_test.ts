import { assert, assertEquals, assertLess, assertStrictEquals, assertThrows } from "@std/assert";
import { Group, Mesh, SkinnedMesh } from "three";
import {
  bindToSkeleton,
  computeVertexNormals,
  fitArmorToBody,
  fitToTarget,
  transferSkinWeights,
} from "../../three/mod.ts";
import { bracer, interleave, largestDifference, limb, positionsOf, quantize, shown } from "./_scene.ts";

const STEADY = { method: "shrinkwrap", clearance: 0.004 } as const;

/** All numbers a geometry holds, by attribute. */
function attributesOf({ geometry }: Mesh): Record<string, number[]> {
  const { attributes } = geometry;
  return Object.fromEntries(Object.keys(attributes).map((name) => [name, Array.from(attributes[name].array)]));
}

Deno.test("fitArmorToBody() is fit, normals, weights and binding in one go", () => {
  const piece = bracer(), stepwise = bracer(), { body } = limb();
  const normals = { creaseRad: 0.5 }, weights = { maxInfluences: 2 };
  const { newAttributes, ...fit } = fitToTarget(stepwise, body, STEADY);
  assertEquals(newAttributes, []);
  const normalsReport = computeVertexNormals(stepwise, normals);
  const transfer = transferSkinWeights(stepwise, body, weights);
  const bound = bindToSkeleton(stepwise, body);

  const report = fitArmorToBody(piece, body, { ...STEADY, normals, weights });
  assertEquals(report.fit, fit);
  assertEquals(report.normals.verticesWithoutNormal, normalsReport.verticesWithoutNormal);
  assertEquals(report.newAttributes, ["skinIndex", "skinWeight"]);
  assertLess(Math.abs(report.weights.maxDistance - transfer.maxDistance), 1e-6);
  const got = attributesOf(report.mesh), expected = attributesOf(bound);
  assertEquals(Object.keys(got), Object.keys(expected));
  for (const name of Object.keys(expected)) assertLess(largestDifference(got[name], expected[name]), 2e-4, name);
  assertEquals(report.mesh.bindMatrix, bound.bindMatrix);
});

Deno.test("fitArmorToBody() gives armour that follows the body and stays outside of it", () => {
  const { body, elbow } = limb(), scene = new Group(), armor = bracer();
  scene.add(body);
  const { mesh, fit, weights } = fitArmorToBody(armor, body, { clearance: 0.006 });
  scene.add(mesh);
  assertEquals([fit.insideAfter, weights.unweighted], [0, 0]);
  assertLess(largestDifference(shown(mesh), positionsOf(armor.geometry)), 1e-6);
  elbow.position.y += 1; // the upper half goes up; the bracer lies on it, but for its lower rim in the ramp
  const up = shown(mesh).filter((_, i) => i % 3 === 1), y = positionsOf(armor.geometry).filter((_, i) => i % 3 === 1);
  up.forEach((value, v) => assert(y[v] < 0.11 || Math.abs(value - y[v] - 1) < 1e-5));
});

Deno.test("fitArmorToBody() points normals outwards, mirrored or not", () => {
  for (const mirror of [1, -1]) {
    const armor = bracer(), { body } = limb();
    armor.scale.x = mirror;
    fitArmorToBody(armor, body, STEADY);
    const { position, normal } = armor.geometry.attributes;
    for (let v = 0; v < position.count; v++) { // of the geometry itself: three.js turns them with the node
      assert(position.getX(v) * normal.getX(v) + position.getZ(v) * normal.getZ(v) > 0.05);
    }
  }
});

Deno.test("fitArmorToBody() takes an interleaved or quantized armour, skinned before or not", () => {
  const plain = bracer(), { body } = limb();
  fitArmorToBody(plain, body, STEADY);
  const interleaved = bracer();
  interleave(interleaved.geometry);
  assertEquals(fitArmorToBody(interleaved, body, STEADY).newAttributes, ["skinIndex", "skinWeight"]);
  assertEquals(positionsOf(interleaved.geometry), positionsOf(plain.geometry));

  const quantized = bracer();
  quantize(quantized, 0.5);
  assertEquals(fitArmorToBody(quantized, body, STEADY).newAttributes, ["position", "skinIndex", "skinWeight"]);
  assertLess(largestDifference(positionsOf(quantized.geometry).map((x) => x / 2), positionsOf(plain.geometry)), 5e-4);

  const skinned = new SkinnedMesh(bracer().geometry);
  assertStrictEquals(fitArmorToBody(skinned, body, STEADY).mesh, skinned);
  assertStrictEquals(skinned.skeleton, body.skeleton);
  const again = fitArmorToBody(skinned, limb().body, STEADY); // bound to another one now
  assertEquals([again.newAttributes, again.fit.maxMove < 1e-4], [[], true]);
});

Deno.test("fitArmorToBody() asks for weights where the armour was made, when it knows the body", () => {
  const { body } = limb(), from = new Mesh(body.geometry.clone()), grown = limb().body;
  grown.geometry.scale(1, 1.5, 1);
  const there = bracer();
  there.geometry.scale(1.3, 1, 1.3);
  const expected = there.clone();
  expected.geometry = there.geometry.clone();
  transferSkinWeights(expected, body);
  const { weights, fit } = fitArmorToBody(there, grown, { from });
  assertEquals(fit.insideAfter, 0);
  assertLess(weights.maxDistance, 0.05);
  for (const name of ["skinIndex", "skinWeight"]) {
    assertEquals(there.geometry.attributes[name].array, expected.geometry.attributes[name].array);
  }
});

Deno.test("fitArmorToBody() refuses what it cannot do, and changes nothing", () => {
  const refused: [object, new () => Error, string][] = [
    [{ normals: { crease: 1 } }, TypeError, 'Cannot fit "bracer" with these normals as "crease" is not an option here'],
    [{ weights: { max: 1 } }, TypeError, 'with these weights as "max" is not an option here'],
    [{ weights: { maxInfluences: 8 } }, RangeError, "room for 8 influences a vertex: it has 4"],
    [{ normals: { creaseRad: -1 } }, RangeError, "creaseRad must be 0 to pi"],
    [{ maxInfluences: 4 }, TypeError, '"maxInfluences" is not an option here'],
  ];
  for (const [options, error, message] of refused) {
    const armor = bracer(), { body } = limb(), before = attributesOf(armor);
    assertThrows(() => fitArmorToBody(armor, body, { iterations: 1, ...options }), error, message);
    assertEquals(attributesOf(armor), before);
  }
  const { body } = limb();
  body.bindMode = "detached";
  assertThrows(() => fitArmorToBody(bracer(), body), RangeError, 'must be "attached"');
});

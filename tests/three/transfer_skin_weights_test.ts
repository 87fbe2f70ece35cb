import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  BufferAttribute,
  Float32BufferAttribute,
  Group,
  type Mesh,
  type SkinnedMesh,
  Uint8BufferAttribute,
} from "three";
import { buildTopology, SurfaceIndex, transferWeights } from "../../fitting/mod.ts";
import { BufferScope } from "../../pool/mod.ts";
import { transferSkinWeights } from "../../three/mod.ts";
import { bracer, flat, limb } from "./_scene.ts";

/** Skin attributes as plain numbers. */
function skinOf({ geometry }: Mesh): { joints: number[]; weights: number[] } {
  const { skinIndex, skinWeight } = geometry.attributes;
  const read = (attribute: BufferAttribute) =>
    Array.from({ length: 4 * attribute.count }, (_, i) => attribute.getComponent(Math.floor(i / 4), i % 4));
  return { joints: read(skinIndex), weights: read(skinWeight) };
}

Deno.test("transferSkinWeights() gives bit for bit what the flat function gives", () => {
  for (const options of [{}, { method: "nearest" }, { maxInfluences: 1, prune: 0.1 }] as const) {
    const piece = bracer(), { body } = limb();
    using scope = new BufferScope();
    const mesh = flat(piece.geometry), bodyMesh = flat(body.geometry), count = mesh.positions.length / 3;
    const { joints, weights } = skinOf(body);
    const skin = {
      skinJoints: Uint16Array.from(joints),
      skinWeights: Float32Array.from(weights),
      influencesPerVertex: 4,
    };
    const out = { skinJoints: new Uint16Array(4 * count), skinWeights: new Float32Array(4 * count) };
    const jointCount = body.skeleton.bones.length;
    const source = { mesh: bodyMesh, index: SurfaceIndex.build(bodyMesh, scope), skin, jointCount };
    const topology = buildTopology(mesh, scope, scope);
    const expected = transferWeights(mesh, topology, source, { ...out, influencesPerVertex: 4 }, scope, options);
    const { newAttributes, jointMatches, ...report } = transferSkinWeights(piece, body, options);
    assertEquals(jointMatches, []);
    assertEquals(newAttributes, ["skinIndex", "skinWeight"]);
    const { skinIndex, skinWeight } = piece.geometry.attributes;
    assertEquals([skinIndex.array.constructor, skinIndex.itemSize], [Uint16Array, 4]);
    assertEquals([skinIndex.array, skinWeight.array], [out.skinJoints, out.skinWeights]);
    for (const key of ["maxDistance", "meanDistance"] as const) assertAlmostEquals(report[key], expected[key], 1e-9);
    assertEquals({ ...report, maxDistance: 0, meanDistance: 0 }, { ...expected, maxDistance: 0, meanDistance: 0 });
  }
});

Deno.test("transferSkinWeights() reads weights of integers, whatever their sum, and writes where types allow", () => {
  const plain = bracer(), piece = bracer(), { body } = limb();
  transferSkinWeights(plain, body);
  const { joints, weights } = skinOf(body), { count } = piece.geometry.attributes.position;
  body.geometry.setAttribute("skinIndex", new Uint8BufferAttribute(joints, 4));
  body.geometry.setAttribute(
    "skinWeight",
    new BufferAttribute(Uint16Array.from(weights, (w, i) => Math.round(w * (i % 8 < 4 ? 60000 : 20000))), 4, true),
  );
  const bytes = new Uint8BufferAttribute(new Uint8Array(4 * count), 4);
  piece.geometry.setAttribute("skinIndex", bytes);
  piece.geometry.setAttribute("skinWeight", new BufferAttribute(new Uint16Array(4 * count), 4, true));
  assertEquals(transferSkinWeights(piece, body).newAttributes, ["skinWeight"]);
  assertEquals([piece.geometry.attributes.skinIndex, bytes.version], [bytes, 1]);
  const got = skinOf(piece), expected = skinOf(plain);
  got.weights.forEach((weight, i) => assertAlmostEquals(weight, expected.weights[i], 2e-3));

  // a joint that bytes cannot hold
  body.skeleton.bones.push(...Array.from({ length: 299 }, () => body.skeleton.bones[1]));
  body.skeleton.boneInverses.push(...Array.from({ length: 299 }, () => body.skeleton.boneInverses[1]));
  body.geometry.setAttribute("skinIndex", new Float32BufferAttribute(joints.map((j) => j === 1 ? 300 : 0), 4));
  assertEquals(transferSkinWeights(piece, body).newAttributes, ["skinIndex"]);
  assert(skinOf(piece).joints.includes(300));
  assertEquals(bytes.version, 1);
});

Deno.test("transferSkinWeights() reads the body in its bind pose where the root joint stands, scaled skeletons too", () => {
  const plain = bracer(), { body: still } = limb();
  transferSkinWeights(plain, still);
  const piece = bracer(), { body, elbow, root } = limb(), character = new Group();
  elbow.rotation.x = 1;
  character.add(body, piece);
  body.add(root);
  character.position.set(50, 0, 3);
  character.scale.setScalar(0.01); // a character in centimetres
  transferSkinWeights(piece, body);
  const got = skinOf(piece), expected = skinOf(plain);
  assertEquals(got.joints, expected.joints);
  got.weights.forEach((weight, i) => assertAlmostEquals(weight, expected.weights[i], 1e-4));
});

const REFUSED: [string, (body: SkinnedMesh) => unknown, new () => Error, string][] = [
  [
    "a body without skin weights",
    (body) => void body.geometry.deleteAttribute("skinWeight"),
    TypeError,
    "it has no skinWeight",
  ],
  [
    "a body never bound",
    (body) => void (body.skeleton = undefined!),
    TypeError,
    'Cannot use the skin of "limb" as it must have a skeleton, skinIndex and skinWeight: it has no skeleton',
  ],
  [
    "a joint the skeleton lacks",
    (body) => void body.geometry.attributes.skinIndex.setX(3, 9),
    RangeError,
    "every joint must be < 2: vertex 3 has 9",
  ],
  [
    "skin of other vertices",
    (body) => void body.geometry.setAttribute("skinWeight", new Float32BufferAttribute([1, 0, 0, 0], 4)),
    RangeError,
    "skinWeight must hold 4 numbers for each of 609 vertices: it holds 4 for 1",
  ],
  [
    "a skeleton without inverses",
    (body) => void (body.skeleton.boneInverses = []),
    TypeError,
    "its root joint must have an inverse bind matrix: there are 2 joints and 0 matrices",
  ],
  [
    "more influences than three.js has",
    () => ({ maxInfluences: 5 }),
    RangeError,
    "room for 5 influences a vertex: it has 4",
  ],
  ["an unknown option", () => ({ radius: 5 }), TypeError, '"radius" is not an option here'],
];
for (const [what, prepare, error, message] of REFUSED) {
  Deno.test(`transferSkinWeights() refuses ${what}, and changes nothing`, () => {
    const piece = bracer(), { body } = limb();
    body.geometry.attributes.skinWeight.setX(3, 1); // a say for the joint that is broken
    const options = prepare(body) ?? {};
    assertThrows(() => transferSkinWeights(piece, body, options), error, message);
    assertEquals(Object.keys(piece.geometry.attributes), ["position", "normal", "uv"]);
  });
}

Deno.test("transferSkinWeights() can keep the skeleton a mesh has, and finds its joints by name", () => {
  const { body, root, elbow } = limb(), { body: other, root: ownRoot, elbow: ownElbow } = limb();
  [root.name, elbow.name, ownRoot.name, ownElbow.name] = ["upperarm_l", "lowerarm_l", "LeftForeArm", "LeftArm"];
  const { jointMatches } = transferSkinWeights(other, body, { skeleton: "keep" });
  assertEquals(jointMatches.map(({ to, kind }) => [to, kind]), [["LeftArm", "alias"], ["LeftForeArm", "alias"]]);
  const was = skinOf(body), is = skinOf(other);
  for (let v = 0; 4 * v < was.joints.length; v++) {
    const weightOf = (skin: typeof was, joint: number) =>
      [0, 1, 2, 3].reduce((sum, k) => sum + (skin.joints[4 * v + k] === joint ? skin.weights[4 * v + k] : 0), 0);
    assertAlmostEquals(weightOf(is, 1), weightOf(was, 0), 1e-5);
  }
  const pairs = [["upperarm_l", "LeftForeArm"], ["lowerarm_l", "LeftArm"]] as const;
  assertEquals(transferSkinWeights(other, body, { skeleton: "keep", jointPairs: pairs }).jointMatches[0].kind, "given");
  assertThrows(
    () => transferSkinWeights(bracer(), body, { skeleton: "keep" }),
    TypeError,
    "must be bound to one: it has none",
  );
});

Deno.test("transferSkinWeights() keeps flagged vertices rigid", () => {
  const { body } = limb(), piece = bracer(), { count } = piece.geometry.attributes.position;
  transferSkinWeights(piece, body, { rigidVertices: new Uint8Array(count).fill(1) });
  const { joints, weights } = skinOf(piece);
  for (let i = 4; i < joints.length; i++) assertEquals([joints[i], weights[i]], [joints[i % 4], weights[i % 4]]);
  assertThrows(
    () => transferSkinWeights(piece, body, { rigidVertices: new Uint8Array(3) }),
    RangeError,
    "must hold 114 flags: it holds 3",
  );
});

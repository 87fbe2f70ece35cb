import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import {
  BoxGeometry,
  BufferAttribute,
  BufferGeometry,
  Float16BufferAttribute,
  Group,
  Mesh,
  PlaneGeometry,
} from "three";
import { buildTopology, fitGarment, penetration, shrinkwrap, SurfaceIndex } from "../../fitting/mod.ts";
import { BufferScope } from "../../pool/mod.ts";
import { fitToTarget } from "../../three/mod.ts";
import { bracer, flat, interleave, largestDifference, limb, positionsOf, quantize, shown } from "./_scene.ts";

/** The elastic fit stops at whole iterations, so rounding may cost or spare it one; this one ends where it ends. */
const STEADY = { method: "shrinkwrap", clearance: 0.004 } as const;

/** The limb as a plain mesh: its bounds are centred, so the flat functions see the same numbers. */
function plainLimb(): Mesh {
  return new Mesh(limb().body.geometry);
}

for (const method of ["elastic", "shrinkwrap"] as const) {
  Deno.test(`fitToTarget(), ${method}, gives bit for bit what the flat function gives`, () => {
    const piece = bracer(), target = plainLimb();
    using scope = new BufferScope();
    const garment = flat(piece.geometry), topology = buildTopology(garment, scope, scope);
    const index = SurfaceIndex.build(flat(target.geometry), scope);
    const out = new Float32Array(garment.positions.length), options = { clearance: 0.004, iterations: 12 };
    const expected = method === "elastic"
      ? fitGarment(garment, topology, index, undefined, out, scope, options)
      : shrinkwrap(garment, topology, index, out, scope, options);

    const report = fitToTarget(piece, target, { method, ...options });
    assertEquals(report, { ...expected, newAttributes: [] });
    assertLess(largestDifference(positionsOf(piece.geometry), out), 1e-8);
    assert(penetration(flat(piece.geometry), index, scope).insideVertices === 0);
  });
}

Deno.test("fitToTarget() with a source body carries the piece as the flat function does", () => {
  const piece = bracer(), from = plainLimb(), target = plainLimb();
  target.geometry = from.geometry.clone().scale(1.3, 1, 1.3);
  piece.geometry.scale(1.2, 1, 1.2); // it lies on the slim limb
  using scope = new BufferScope();
  const garment = flat(piece.geometry), topology = buildTopology(garment, scope, scope);
  const mesh = flat(from.geometry), index = SurfaceIndex.build(flat(target.geometry), scope);
  const source = { mesh, topology: buildTopology(mesh, scope, scope), index: SurfaceIndex.build(mesh, scope) };
  const out = new Float32Array(garment.positions.length);
  const expected = fitGarment(garment, topology, index, source, out, scope);
  assertEquals(fitToTarget(piece, target, { from }), { ...expected, newAttributes: [] });
  assertLess(largestDifference(positionsOf(piece.geometry), out), 1e-8);
});

Deno.test("fitToTarget() takes meshes where they stand: turned, scaled and moved nodes change nothing", () => {
  const plain = bracer();
  fitToTarget(plain, plainLimb(), STEADY);

  const piece = bracer(), target = plainLimb(), world = new Group();
  // the world turned, far away; each mesh in units and axes of its own
  world.rotation.set(0.3, -1, 0.5);
  world.position.set(7000, -20, 300);
  const pieceNode = new Group(), targetNode = new Group();
  world.add(pieceNode.add(piece), targetNode.add(target));
  pieceNode.scale.setScalar(0.01);
  piece.geometry.scale(100, 100, 100);
  targetNode.rotation.x = -Math.PI / 2;
  target.geometry.rotateX(Math.PI / 2);
  fitToTarget(piece, target, STEADY);
  const local = positionsOf(piece.geometry).map((x) => x / 100);
  assertLess(largestDifference(local, positionsOf(plain.geometry)), 2e-6);
});

Deno.test("fitToTarget() knows the outside of mirrored nodes", () => {
  const plain = bracer();
  fitToTarget(plain, plainLimb(), STEADY);
  const piece = bracer(), target = plainLimb();
  for (const mesh of [piece, target]) mesh.scale.x = -1;
  const report = fitToTarget(piece, target, STEADY);
  assertEquals(report.insideAfter, 0);
  assertLess(largestDifference(positionsOf(piece.geometry), positionsOf(plain.geometry)), 1e-4);

  const turned = bracer(); // of the two only the target is mirrored: a closed body of turned faces would be all outside
  const { insideBefore, insideAfter } = fitToTarget(turned, target, STEADY);
  assertEquals([insideBefore > 0.5, insideAfter], [true, 0]);
});

Deno.test("fitToTarget() reads geometries without an index", () => {
  const indexed = bracer(), loose = new Mesh(indexed.geometry.toNonIndexed());
  const target = plainLimb(), looseTarget = new Mesh(target.geometry.toNonIndexed());
  fitToTarget(indexed, target);
  fitToTarget(loose, looseTarget);
  const { index } = indexed.geometry, positions = positionsOf(indexed.geometry);
  const expected = [...index!.array].flatMap((v) => positions.slice(3 * v, 3 * v + 3));
  assertLess(largestDifference(positionsOf(loose.geometry), expected), 1e-4);
});

Deno.test("fitToTarget() writes interleaved positions in place and nothing beside them", () => {
  const plain = bracer(), piece = bracer();
  const data = interleave(piece.geometry), { position } = piece.geometry.attributes;
  const before = data.array.slice(), { version } = data;
  fitToTarget(plain, plainLimb());
  assertEquals(fitToTarget(piece, plainLimb()).newAttributes, []);
  assertEquals(piece.geometry.attributes.position, position);
  assertEquals(positionsOf(piece.geometry), positionsOf(plain.geometry));
  assertEquals(data.version, version + 1);
  const others = (array: ArrayLike<number>) => Array.from(array).filter((_, i) => i % 8 < 1 || i % 8 > 3);
  assertEquals(others(data.array), others(before));
});

Deno.test("fitToTarget() replaces integer positions by floats, and says so", () => {
  const plain = bracer(), piece = bracer(), target = plainLimb();
  quantize(piece, 0.5);
  quantize(target, 0.8);
  fitToTarget(plain, plainLimb(), STEADY);
  const before = piece.geometry.attributes.position, bytes = before.array.slice();
  assertEquals(fitToTarget(piece, target, STEADY).newAttributes, ["position"]);
  assertEquals(before.array, bytes);
  const { position } = piece.geometry.attributes;
  assertEquals([position.constructor, position.array.constructor], [BufferAttribute, Float32Array]);
  assertLess(largestDifference(positionsOf(piece.geometry).map((x) => x / 2), positionsOf(plain.geometry)), 5e-4);
});

Deno.test("fitToTarget() reads half floats, and replaces them", () => {
  const plain = bracer(), piece = bracer(), { position } = piece.geometry.attributes;
  const halves = new Float16BufferAttribute(new Uint16Array(position.array.length), 3);
  for (let v = 0; v < position.count; v++) halves.setXYZ(v, position.getX(v), position.getY(v), position.getZ(v));
  piece.geometry.setAttribute("position", halves);
  fitToTarget(plain, plainLimb(), STEADY);
  assertEquals(fitToTarget(piece, plainLimb(), STEADY).newAttributes, ["position"]);
  assertEquals(piece.geometry.attributes.position.constructor, BufferAttribute);
  assertLess(largestDifference(positionsOf(piece.geometry), positionsOf(plain.geometry)), 1e-3);
});

Deno.test("fitToTarget() leaves all else of the geometry alone, and the target", () => {
  const piece = bracer(), target = plainLimb(), { geometry } = piece;
  geometry.addGroup(0, 30, 1);
  geometry.setDrawRange(3, 60);
  geometry.morphAttributes.position = [geometry.attributes.position.clone()];
  geometry.computeBoundingSphere();
  geometry.computeBoundingBox();
  const { index, groups, drawRange, morphAttributes, attributes: { position, normal, uv } } = geometry;
  const rest = () => [normal, uv, index, morphAttributes.position[0]].map((a) => [a!.version, a!.array.slice()]);
  const before = rest(), { version } = position, radius = geometry.boundingSphere!.radius;
  const targetBefore = positionsOf(target.geometry);
  fitToTarget(piece, target);
  assertEquals(rest(), before);
  assertEquals([geometry.groups, geometry.drawRange], [groups, drawRange]);
  assertEquals([geometry.attributes.position, position.version], [position, version + 1]);
  assert(geometry.boundingSphere!.radius > radius);
  assertEquals(positionsOf(target.geometry), targetBefore);
});

Deno.test("fitToTarget() keeps the bits of vertices that need not move", () => {
  const wide = new Mesh(new BoxGeometry(5, 5, 5, 3, 3, 3)); // far from the limb on every side
  wide.scale.setScalar(0.7);
  wide.position.x = 0.1;
  const before = positionsOf(wide.geometry);
  assertEquals(fitToTarget(wide, plainLimb(), { method: "shrinkwrap", clearance: 0.001 }).maxMove, 0);
  assertEquals(positionsOf(wide.geometry), before);
});

Deno.test("fitToTarget() reads a skinned target in its bind pose, where its root joint stands", () => {
  const plain = bracer();
  fitToTarget(plain, limb().body, STEADY);

  const piece = bracer(), { body, root, elbow } = limb(), scene = new Group();
  elbow.rotation.z = 1.2; // animated: does not count
  root.position.set(3, 1, -2); // the whole character moved: counts
  root.position.y -= 0.5;
  piece.position.set(3, 1, -2);
  scene.add(body, piece);
  fitToTarget(piece, body, STEADY);
  assertLess(largestDifference(positionsOf(piece.geometry), positionsOf(plain.geometry)), 2e-6);
});

Deno.test("fitToTarget() reads a detached skinned target through its own transform too", () => {
  const plain = bracer();
  fitToTarget(plain, limb().body, STEADY);
  const piece = bracer(), { body, root } = limb();
  body.bindMode = "detached";
  body.remove(root);
  for (const mesh of [body, piece]) mesh.position.set(3, 1, -2);
  fitToTarget(piece, body, STEADY);
  assertLess(largestDifference(positionsOf(piece.geometry), positionsOf(plain.geometry)), 2e-6);
});

Deno.test("fitToTarget() fits a skinned piece in its own bind pose", () => {
  const { body, elbow } = limb(), box = new Mesh(new BoxGeometry(0.15, 3, 3, 2, 10, 10));
  box.position.x = 0.06; // its face at x = -0.015 cuts the limb in two
  elbow.rotation.z = 0.8;
  const posed = shown(body);
  fitToTarget(body, box, { method: "shrinkwrap", iterations: 5 });
  assert(largestDifference(shown(body), posed) > 0.01);
  elbow.rotation.z = 0;
  const x = shown(body).filter((_, i) => i % 3 === 0);
  assertAlmostEquals(Math.min(...x.map((x) => Math.max(-0.015 - x, x - 0.135))), 0.002, 1e-4);
  assertEquals([body.boundingBox, body.boundingSphere], [null, null]);
});

const REFUSED: [string, (piece: Mesh, target: Mesh) => unknown, new () => Error, string][] = [
  [
    "an unknown option",
    () => ({ clearence: 0.1 }),
    TypeError,
    'Cannot fit "bracer" with method "elastic" as "clearence" is not an option here: there are method, from, pool, clearance, iterations',
  ],
  [
    "an option of the other method",
    () => ({ smoothRadius: 1 }),
    TypeError,
    '"smoothRadius" is not an option here',
  ],
  [
    "an unknown method",
    () => ({ method: "magic" }),
    RangeError,
    'method must be "elastic" or "shrinkwrap": current value is "magic"',
  ],
  ["a negative clearance", () => ({ clearance: -1 }), RangeError, "clearance must be >= 0 m and finite"],
  ["half an iteration", () => ({ iterations: 0.5 }), RangeError, "iterations must be a whole number >= 0"],
  [
    "a piece without positions",
    (piece) => void piece.geometry.deleteAttribute("position"),
    TypeError,
    'Cannot read "bracer" as it must have an attribute "position" of 3 numbers a vertex: it has normal, uv',
  ],
  [
    "a coordinate that is not finite",
    (piece) => void piece.geometry.attributes.position.setY(5, NaN),
    RangeError,
    'Cannot read "bracer" as coordinates must be finite: vertex 5 is at (',
  ],
  [
    "an index beyond the vertices",
    (piece) => void piece.geometry.index!.setX(7, 999),
    RangeError,
    "every index must be < 114: a corner of face 2 is 999",
  ],
  [
    "a flat transform",
    (piece) => void piece.scale.set(1, 0, 1),
    RangeError,
    'Cannot use "bracer" as its transform to the world must be finite and have an inverse',
  ],
  [
    "a target without faces",
    (_, target) => void target.geometry.setIndex([]),
    RangeError,
    "Cannot use the target mesh as it must have faces: it has 0",
  ],
  [
    "a source body without faces",
    () => ({ from: new Mesh(new PlaneGeometry().setIndex([])) }),
    RangeError,
    "Cannot use the source body as it must have faces: it has 0",
  ],
];
for (const [what, prepare, error, message] of REFUSED) {
  Deno.test(`fitToTarget() refuses ${what}, and changes nothing`, () => {
    const piece = bracer(), target = plainLimb(), options = prepare(piece, target) ?? {};
    const { position } = piece.geometry.attributes, before = position?.array.slice(), version = position?.version;
    assertThrows(() => fitToTarget(piece, target, options), error, message);
    assertEquals([position?.array, position?.version], [before, version]);
  });
}

Deno.test("fitToTarget() takes an empty piece", () => {
  const empty = new BufferGeometry().setAttribute("position", new BufferAttribute(new Float32Array(), 3));
  const { maxMove, newAttributes } = fitToTarget(new Mesh(empty), plainLimb());
  assertEquals([maxMove, newAttributes], [0, []]);
});

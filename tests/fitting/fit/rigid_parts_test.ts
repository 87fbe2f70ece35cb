import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { fitGarment, type FitGarmentOptions, type TriangleMesh } from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed } from "../_bodies.ts";
import { facesWhere, tube } from "../_mannequin.ts";
import { icosphere } from "../_meshes.ts";
import { joined, moved, topologyOf } from "../_more_meshes.ts";

const HEAD = icosphere(4, 0.1);
const CLEARANCE = 0.002;

/** A helmet 8 mm off the head, and a cape that hangs below it. */
const HELMET = facesWhere(icosphere(4, 0.108), (_x, y) => y > 0.02);
const CAPE = facesWhere(icosphere(4, 0.112), (_x, y) => y < -0.03);

function fitted(garment: TriangleMesh, body: TriangleMesh, options: FitGarmentOptions, source?: TriangleMesh) {
  using scope = new BufferScope();
  const out = new Float32Array(garment.positions.length), { index } = indexed(body, scope);
  const from = source && indexed(source, scope), { topology } = indexed(garment, scope);
  return { out, report: fitGarment(garment, topology, index, from, out, scope, { clearance: CLEARANCE, ...options }) };
}

/** Flags of the places of the first vertices of a garment. */
function firstPlaces(garment: TriangleMesh, count: number): Uint8Array {
  return Uint8Array.from(topologyOf(garment).representative, (v) => v < count ? 1 : 0);
}

/** The one ratio by which all edges of the first `faces` faces grew, checked to a thousandth. */
function growthOf({ positions: p, indices }: TriangleMesh, out: Float32Array, faces = indices.length / 3): number {
  const length = (q: Float32Array, a: number, b: number) =>
    Math.hypot(...[0, 1, 2].map((k) => q[3 * a + k] - q[3 * b + k]));
  let least = Infinity, most = 0;
  for (let c = 0; c < 3 * faces; c++) {
    const a = indices[c], b = indices[c % 3 === 2 ? c - 2 : c + 1], ratio = length(out, a, b) / length(p, a, b);
    least = Math.min(least, ratio);
    most = Math.max(most, ratio);
  }
  assertLess(most / least, 1.001);
  return (least + most) / 2;
}

Deno.test("fitGarment() takes a named rigid part along with the skin it lies on, not with cloth far from it", () => {
  const outfit = joined(HELMET, CAPE), rigidPlaces = firstPlaces(outfit, HELMET.positions.length / 3);
  const larger = moved(HEAD, (x, y, z) => [1.2 * x + 0.3, 1.2 * y, 1.2 * z]);
  const { out, report } = fitted(outfit, larger, { rigidPlaces }, HEAD);
  assertAlmostEquals(growthOf(outfit, out, HELMET.indices.length / 3), 1.2, 0.005);
  for (const v of HELMET.indices.subarray(0, 300)) {
    assertAlmostEquals(Math.hypot(out[3 * v] - 0.3, out[3 * v + 1], out[3 * v + 2]), 1.2 * 0.108, 0.001);
  }
  assertEquals([report.insideAfter, report.converged], [0, true]);
});

Deno.test("fitGarment() lets a rigid part grow when nothing else takes it out of the body, and no more", () => {
  const ring = tube(-0.02, 0.02, () => 0.095, () => 0.095); // too narrow for the head all around
  for (const extra of [undefined, facesWhere(icosphere(3, 0.12), (_x, y) => y > 0.06)]) {
    const garment = extra === undefined ? ring : joined(ring, extra);
    const rigidPlaces = firstPlaces(garment, ring.positions.length / 3);
    const { out, report } = fitted(garment, HEAD, { rigidPlaces });
    const growth = growthOf(garment, out, ring.indices.length / 3), middle = 0.095 * Math.cos(Math.PI / 32);
    assertAlmostEquals(growth, 0.102 / middle, 0.004); // what the middles of its edges need
    assertGreater(report.minDistance, CLEARANCE - 1e-4);
    assertEquals(report.insideAfter, 0);
  }
});

Deno.test("fitGarment() shifts and turns a rigid plate out of the body at its size", () => {
  const sheet = facesWhere(icosphere(4, 0.12), (_x, y) => y < -0.02);
  const plate = moved(facesWhere(icosphere(4, 0.104), (_x, _y, z) => z > 0.09), (x, y, z) => [x, y, z - 0.01]);
  const garment = joined(plate, sheet), rigidPlaces = firstPlaces(garment, plate.positions.length / 3);
  const { out, report } = fitted(garment, HEAD, { rigidPlaces });
  assertAlmostEquals(growthOf(garment, out, plate.indices.length / 3), 1, 0.01);
  assertGreater(report.minDistance, CLEARANCE - 1e-4);
  assertEquals(report.insideAfter, 0);
});

Deno.test("fitGarment() clears the faces of a rigid part too, not its vertices alone", () => {
  const corner = (angle: number) => [0.13 * Math.cos(angle), 0.13 * Math.sin(angle), 0.095];
  const positions = Float32Array.from([0, 2, 4].flatMap((third) => corner(third * Math.PI / 3)));
  const shield = { positions, indices: Uint32Array.of(0, 1, 2) }; // its corners are outside, its middle is not
  const sheet = facesWhere(icosphere(3, 0.12), (_x, y) => y < -0.05);
  const garment = joined(shield, sheet), rigidPlaces = firstPlaces(garment, 3);
  const { out, report } = fitted(garment, HEAD, { rigidPlaces });
  const middle = Math.hypot(...[0, 1, 2].map((k) => (out[k] + out[3 + k] + out[6 + k]) / 3));
  assertGreater(middle, 0.1 + CLEARANCE - 2e-4);
  assertGreater(report.minDistance, CLEARANCE - 1e-4);
});

Deno.test("fitGarment() says where a rigid part is that cannot come out, and how deep it is", () => {
  const ring = tube(-0.02, 0.02, () => 0.03, () => 0.03); // more than half again too narrow
  const sheet = facesWhere(icosphere(3, 0.12), (_x, y) => y > 0.06);
  const garment = joined(ring, sheet), rigidPlaces = firstPlaces(garment, ring.positions.length / 3);
  const { report } = fitted(garment, HEAD, { rigidPlaces });
  assertEquals(report.converged, false);
  assertGreater(report.insideAfter, 0);
  assertLess(report.minDistance, -0.01);
  assertLess(Math.abs(report.worstY), 0.1);
  assertLess(Math.hypot(report.worstX, report.worstZ), 0.1);
});

Deno.test("fitGarment() keeps all of a rigid part in place of which a place is pinned", () => {
  const garment = joined(HELMET, CAPE), count = HELMET.positions.length / 3;
  const rigidPlaces = firstPlaces(garment, count), pin = new Uint8Array(rigidPlaces.length);
  pin[topologyOf(garment).positionRemap[HELMET.indices[0]]] = 1;
  const { out } = fitted(garment, moved(HEAD, (x, y, z) => [x + 0.02, y, z]), { rigidPlaces, pin });
  for (const v of HELMET.indices) {
    for (let k = 0; k < 3; k++) assertEquals(out[3 * v + k], garment.positions[3 * v + k]);
  }
});

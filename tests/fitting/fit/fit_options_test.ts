import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { fitGarment, type FitGarmentOptions, penetration, type TriangleMesh } from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed, withScope } from "../_bodies.ts";
import { facesWhere } from "../_mannequin.ts";
import { icosphere } from "../_meshes.ts";
import { joined, moved, topologyOf } from "../_more_meshes.ts";

/** A ball, a wider one flattened in front, and an open shell about the first. */
const SOURCE = icosphere(4, 0.2);
const TARGET = moved(SOURCE, (x, y, z) => [1.25 * x, 1.1 * y, 1.1 * Math.min(z, 0.15)]);
const GARMENT = facesWhere(icosphere(4, 0.206), (_x, y) => Math.abs(y) < 0.15);

function fitted(garment: TriangleMesh, options: FitGarmentOptions = {}, source: TriangleMesh | undefined = SOURCE) {
  using scope = new BufferScope();
  const out = new Float32Array(garment.positions.length), { topology } = indexed(garment, scope);
  const from = source && indexed(source, scope);
  return { out, report: fitGarment(garment, topology, indexed(TARGET, scope).index, from, out, scope, options) };
}

/** Flags of places, by where they are in the garment. */
function placesWhere(garment: TriangleMesh, isMeant: (x: number, y: number, z: number) => boolean): Uint8Array {
  const { representative } = topologyOf(garment), p = garment.positions;
  return Uint8Array.from(representative, (v) => isMeant(p[3 * v], p[3 * v + 1], p[3 * v + 2]) ? 1 : 0);
}

/** Edge lengths of faces with all corners in `places`, now over before. */
function stretches(garment: TriangleMesh, out: Float32Array, places: Uint8Array): number[] {
  const { positionRemap } = topologyOf(garment), found: number[] = [];
  const length = (p: Float32Array, a: number, b: number) =>
    Math.hypot(p[3 * a] - p[3 * b], p[3 * a + 1] - p[3 * b + 1], p[3 * a + 2] - p[3 * b + 2]);
  for (let c = 0; c < garment.indices.length; c += 3) {
    const corners = [...garment.indices.subarray(c, c + 3)];
    if (!corners.every((v) => places[positionRemap[v]] !== 0)) continue;
    found.push(length(out, corners[0], corners[1]) / length(garment.positions, corners[0], corners[1]));
  }
  return found;
}

function insideShare(garment: TriangleMesh, out: Float32Array): number {
  let share = 0;
  withScope((scope) => {
    share = penetration({ ...garment, positions: out }, indexed(TARGET, scope).index, scope).insideVertices;
  });
  return share;
}

Deno.test("fitGarment() leaves places that are pinned, and all that are not in only", () => {
  const left = placesWhere(GARMENT, (x) => x > 0.05), right = left.map((flag) => 1 - flag);
  for (const options of [{ pin: left }, { only: right }]) {
    const { out } = fitted(GARMENT, options), { positionRemap } = topologyOf(GARMENT);
    let largest = 0;
    positionRemap.forEach((w, v) => {
      const move = Math.hypot(...[0, 1, 2].map((k) => out[3 * v + k] - GARMENT.positions[3 * v + k]));
      if (left[w] === 1) assertEquals(move, 0);
      else largest = Math.max(largest, move);
    });
    assertLess(0.02, largest);
  }
});

Deno.test("fitGarment() keeps the shape of chosen places, each part up to one scale, and stays outside", () => {
  const plate = placesWhere(GARMENT, (x, y, z) => z > 0.1 && Math.abs(x) < 0.1 && Math.abs(y) < 0.1);
  const { out, report } = fitted(GARMENT, { rigidPlaces: plate });
  const ratios = stretches(GARMENT, out, plate), free = stretches(GARMENT, fitted(GARMENT).out, plate);
  assertLess(Math.max(...ratios) / Math.min(...ratios), 1.0005);
  assertLess(1.02, Math.max(...free) / Math.min(...free));
  assertEquals([report.insideAfter, insideShare(GARMENT, out)], [0, 0]);
});

Deno.test("fitGarment() with rigid: all keeps every separate part, with none not even the small ones", () => {
  const button = moved(icosphere(1, 0.01), (x, y, z) => [x, y, z + 0.22]), both = joined(GARMENT, button);
  const isButton = placesWhere(both, (_x, _y, z) => z > 0.208);
  const spread = (rigid: "auto" | "none" | "all", of: Uint8Array) => {
    const ratios = stretches(both, fitted(both, { rigid }).out, of);
    return Math.max(...ratios) / Math.min(...ratios);
  };
  assertLess(spread("auto", isButton), 1.0005);
  assertLess(spread("all", isButton), 1.0005);
  assertLess(spread("all", isButton.map((flag) => 1 - flag)), 1.0005);
  assertLess(1.0005, spread("none", isButton));
});

Deno.test("fitGarment() with stiff stretches far less", () => {
  const all = placesWhere(GARMENT, () => true);
  const [soft, stiff] = [false, true].map((stiff) => {
    const ratios = stretches(GARMENT, fitted(GARMENT, { stiff }).out, all).sort((a, b) => a - b);
    return ratios[Math.floor(0.99 * ratios.length)] / ratios[Math.floor(0.01 * ratios.length)];
  });
  assertLess(stiff - 1, 0.8 * (soft - 1));
});

Deno.test("fitGarment() with tightness draws near, with and without a source body", () => {
  const loose = facesWhere(icosphere(4, 0.3), (_x, y) => Math.abs(y) < 0.15);
  for (const source of [SOURCE, undefined]) {
    const distances = [0, 0.5, 1].map((tightness) => {
      const { out } = fitted(loose, { tightness }, source);
      using scope = new BufferScope();
      return penetration({ ...loose, positions: out }, indexed(TARGET, scope).index, scope).meanDistance;
    });
    assertLess(distances[1], distances[0]);
    assertLess(distances[2], 0.5 * distances[1]);
  }
});

Deno.test("fitGarment() lets be inside what may be, named or by the source body", () => {
  const roots = moved(GARMENT, (x, y, z) => x > 0.15 ? [x - 0.02, y, z] : [x, y, z]);
  const allowInside = placesWhere(roots, (x, y, z) => Math.hypot(x, y, z) < 0.2);
  assertEquals(fitted(roots).report.insideAfter, 0);
  assertEquals(insideShare(roots, fitted(roots).out), 0);
  for (const options of [{ allowInside }, { keepInside: "all" as const }]) {
    const { out, report } = fitted(roots, options);
    assertEquals(report.insideAfter, 0);
    assertLess(0.01, insideShare(roots, out));
  }
});

Deno.test("fitGarment() says how it ended: what is still inside and where, and how far it moved last", () => {
  const pin = placesWhere(GARMENT, (x) => x > 0.15), { report } = fitted(GARMENT, { pin, iterations: 8 });
  assert(report.insideAfter > 0 && report.minDistance < 0); // what stays counts
  assertLess(0.15, report.worstX);
  assertEquals(report.converged, report.residual <= 2e-4 && report.minDistance >= 0.0019);
  const free = fitted(GARMENT).report;
  assertEquals([free.insideAfter, free.converged, free.crossings, free.pokes], [0, true, 0, 0]);
  assertLess(free.residual, 2e-4);
  assertAlmostEquals(Math.hypot(free.worstX / 1.25, free.worstY / 1.1, free.worstZ / 1.1), 0.2, 0.05);
});

Deno.test("fitGarment() refuses options out of range", () => {
  assertThrows(
    () => fitted(GARMENT, { tightness: 2 }),
    RangeError,
    "tightness must be between 0 and 1: current value is 2",
  );
  assertThrows(() => fitted(GARMENT, { clearance: -1 }), RangeError, "clearance must be between 0 and Infinity");
  assertThrows(() => fitted(GARMENT, { pin: new Uint8Array(1) }), RangeError, "pin must have one number a place");
});

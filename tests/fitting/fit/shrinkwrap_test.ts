import { assertAlmostEquals, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { shrinkwrap, shrinkwrapBytes, type ShrinkwrapOptions, type TriangleMesh } from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed, withScope } from "../_bodies.ts";
import { icosphere } from "../_meshes.ts";
import { flatGrid, moved } from "../_more_meshes.ts";
import { tube } from "../_tube.ts";

const BODY = icosphere(3, 1);

function wrapped(garment: TriangleMesh, body: TriangleMesh, options: ShrinkwrapOptions) {
  using scope = new BufferScope();
  const { topology } = indexed(garment, scope), { index } = indexed(body, scope);
  const out = new Float32Array(garment.positions.length);
  return { out, report: shrinkwrap(garment, topology, index, out, scope, options) };
}

function radii(positions: Float32Array): number[] {
  return Array.from({ length: positions.length / 3 }, (_, v) => Math.hypot(...positions.subarray(3 * v, 3 * v + 3)));
}

Deno.test("shrinkwrap() brings every vertex to the clearance", () => {
  const { out, report } = wrapped(icosphere(2, 0.9), BODY, { clearance: 0.05 });
  for (const radius of radii(out)) assertGreater(radius, 1.045); // the body's faces lie a little inside of its sphere
  assertEquals([report.insideBefore, report.insideAfter, report.converged], [1, 0, true]);
  assertAlmostEquals(report.minDistance, 0.05, 1e-4);
});

Deno.test("shrinkwrap() leaves alone what has air, and hugs where it is asked to", () => {
  const garment = icosphere(2, 1.2);
  assertEquals(wrapped(garment, BODY, {}).out, garment.positions);
  for (const radius of radii(wrapped(garment, BODY, { tightness: 1, clearance: 0.01 }).out)) {
    assertAlmostEquals(radius, 1.01, 0.012);
  }
});

Deno.test("shrinkwrap() spreads a push along the garment as far as smoothRadius says", () => {
  const sheet = flatGrid(20),
    bump = {
      positions: icosphere(2, 0.1).positions.map((x, i) => x + [0.5, 0.5, 0][i % 3]),
      indices: icosphere(2).indices,
    };
  const lifted = (smoothRadius: number) => {
    const { out } = wrapped(sheet, bump, { clearance: 0.01, smoothRadius });
    return out.reduce((sum, value, i) => sum + Math.abs(value - sheet.positions[i]), 0);
  };
  assertLess(lifted(0), lifted(0.1));
  assertLess(lifted(0.1), lifted(0.3));
});

Deno.test("shrinkwrap() spreads no push across an edge sharper than featureAngle", () => {
  // a sheet that is bent down at x = 0.5, flat in front of it, above a bump in the flat half
  const bent = moved(flatGrid(21), (x, y, z) => x > 0.5 ? [0.5, y, z - (x - 0.5)] : [x, y, z]);
  const bump = moved(icosphere(2, 0.1), (x, y, z) => [x + 0.35, y + 0.5, z - 0.08]);
  const farthest = (featureAngle: number, isMeant: (x: number, z: number) => boolean) => {
    const { out } = wrapped(bent, bump, { clearance: 0.01, smoothRadius: 0.3, featureAngle });
    let most = 0;
    for (let i = 0; i < out.length; i += 3) {
      if (!isMeant(bent.positions[i], bent.positions[i + 2])) continue;
      most = Math.max(most, ...[0, 1, 2].map((k) => Math.abs(out[i + k] - bent.positions[i + k])));
    }
    return most;
  };
  const isBehind = (_x: number, z: number) => z < -1e-6;
  assertLess(0.001, farthest(Math.PI, isBehind));
  assertLess(0.001, farthest(1.6, isBehind)); // the bend is 90°
  assertEquals(farthest(1.5, isBehind), 0);
  assertLess(0.02, farthest(1.5, (x) => x < 0.45));
});

Deno.test("shrinkwrap() with openings: keep bends a hem less", () => {
  const hem = 40, garment = tube(hem, 21, 0.2, 0.5);
  const body = moved(icosphere(3, 0.1), (x, y, z) => [x + 0.13, y + 0.06, z]);
  const bends = (openings: "free" | "keep") => {
    const { out, report } = wrapped(garment, body, { clearance: 0.005, smoothRadius: 0.1, openings });
    assertEquals([report.converged, report.insideAfter], [true, 0]);
    const radius = Array.from({ length: hem }, (_, i) => Math.hypot(out[3 * i], out[3 * i + 1], out[3 * i + 2]));
    return radius.reduce(
      (sum, r, i) => sum + Math.abs(r - (radius[(i + 1) % hem] + radius[(i + hem - 1) % hem]) / 2),
      0,
    );
  };
  const [free, kept] = [bends("free"), bends("keep")];
  assertLess(kept, 0.9 * free);
});

Deno.test("shrinkwrap() leases exactly what it says", () => {
  withScope((scope) => {
    const garment = icosphere(2, 0.9), { topology } = indexed(garment, scope), { index } = indexed(BODY, scope);
    for (const options of [{}, { openings: "keep" }, { featureAngle: 1 }] as const) {
      const scratch = new BufferScope();
      shrinkwrap(garment, topology, index, new Float32Array(garment.positions.length), scratch, options);
      assertEquals([scratch.peakBytes, scratch.inUseBytes], [shrinkwrapBytes(topology, options), 0]);
    }
  });
});

Deno.test("shrinkwrap() refuses options out of range and an out of the wrong length", () => {
  const garment = icosphere(0, 0.9);
  assertThrows(
    () => wrapped(garment, BODY, { clearance: -1 }),
    RangeError,
    "Cannot fit as clearance must be between 0 and Infinity: current value is -1",
  );
  assertThrows(
    () => wrapped(garment, BODY, { tightness: 2 }),
    RangeError,
    "Cannot fit as tightness must be between 0 and 1: current value is 2",
  );
  withScope((scope) => {
    const { topology, index } = indexed(garment, scope);
    assertThrows(
      () => shrinkwrap(garment, topology, index, new Float32Array(3), scope),
      RangeError,
      "must hold 36 floats: it holds 3",
    );
  });
});

Deno.test("shrinkwrap() refuses an angle and openings it does not know", () => {
  const garment = icosphere(0, 0.9), openings = "shut" as "keep";
  assertThrows(
    () => wrapped(garment, BODY, { featureAngle: 4 }),
    RangeError,
    "featureAngle must be between 0 and 3.14",
  );
  assertThrows(() => wrapped(garment, BODY, { openings }), RangeError, 'openings must be "free" or "keep"');
});

Deno.test("shrinkwrap() takes an empty garment and an empty body", () => {
  const nothing = { positions: new Float32Array(0), indices: new Uint32Array(0) }, garment = icosphere(0, 0.9);
  assertEquals(wrapped(nothing, BODY, {}).out.length, 0);
  assertEquals(wrapped(garment, nothing, {}).out, garment.positions);
});

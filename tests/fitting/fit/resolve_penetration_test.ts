import { assert, assertAlmostEquals, assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import {
  penetration,
  resolvePenetration,
  resolvePenetrationBytes,
  type ResolvePenetrationOptions,
  type TriangleMesh,
} from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed, withScope } from "../_bodies.ts";
import { icosphere, scaled } from "../_meshes.ts";
import { joined, moved } from "../_more_meshes.ts";

const BODY = icosphere(4, 0.2);
/** A shell around the body, pushed in at one side. */
const DENTED = moved(icosphere(4, 0.21), (x, y, z) => [x > 0.15 ? x - 0.03 : x, y, z]);

function resolved(garment: TriangleMesh, options: ResolvePenetrationOptions = {}, body: TriangleMesh = BODY) {
  using scope = new BufferScope();
  const { topology } = indexed(garment, scope), out = new Float32Array(garment.positions.length);
  const report = resolvePenetration(garment, topology, indexed(body, scope), out, scope, options);
  return { out, report };
}

Deno.test("resolvePenetration() clears vertices, edges and faces, and leaves what is far away where it is", () => {
  const { out, report } = resolved(DENTED, { clearance: 0.003 });
  withScope((scope) => {
    const { minDistance, insideArea } = penetration({ ...DENTED, positions: out }, indexed(BODY, scope).index, scope);
    assertEquals(insideArea, 0);
    assertLessOrEqual(0.0029, minDistance);
  });
  assertEquals([report.insideBefore > 0, report.insideAfter, report.pokes, report.converged], [true, 0, 0, true]);
  for (let i = 0; i < out.length; i += 3) {
    if (DENTED.positions[i] > -0.1) continue;
    for (let k = i; k < i + 3; k++) assertAlmostEquals(out[k], DENTED.positions[k], 1e-5);
  }
});

Deno.test("resolvePenetration() changes nothing where there is nothing to do", () => {
  const garment = icosphere(3, 0.21);
  resolved(garment).out.forEach((value, i) => assertAlmostEquals(value, garment.positions[i], 1e-6));
});

Deno.test("resolvePenetration() lifts a large face over a vertex of the body", () => {
  // a roof of two triangles over the sphere's top, whose vertices are far outside
  const h = 0.199,
    roof = {
      positions: Float32Array.of(-0.4, h, 0.4, 0.4, h, 0.4, 0.4, h, -0.4, -0.4, h, -0.4),
      indices: Uint32Array.of(0, 1, 2, 0, 2, 3),
    };
  const { out, report } = resolved(roof);
  assertEquals([report.pokes, report.insideBefore, report.insideAfter], [0, 0, 0]);
  withScope((scope) => {
    const { minDistance } = penetration({ ...roof, positions: out }, indexed(BODY, scope).index, scope);
    assertLess(0, minDistance);
  });
});

Deno.test("resolvePenetration() keeps the order of the two walls of a thin shell", () => {
  const dent = (x: number, y: number, z: number) => [x > 0.1 ? x - 0.015 * ((x - 0.1) / 0.1) ** 2 : x, y, z] as const;
  const shell = joined(moved(icosphere(4, 0.208), dent), moved(icosphere(4, 0.212), dent));
  const { out } = resolved(shell), half = out.length / 2;
  for (let i = 0; i < half; i += 3) {
    const [inner, outer] = [0, half].map((at) => Math.hypot(out[at + i], out[at + i + 1], out[at + i + 2]));
    assertLess(inner, outer);
  }
});

Deno.test("resolvePenetration() leaves pinned places, and those that may be inside", () => {
  withScope((scope) => {
    const { topology } = indexed(DENTED, scope), mask = new Uint8Array(topology.weldedCount);
    for (let w = 0; w < mask.length; w++) mask[w] = DENTED.positions[3 * topology.representative[w] + 1] > 0 ? 1 : 0;
    const pinned = resolved(DENTED, { pin: mask }).out, allowed = resolved(DENTED, { allowInside: mask });
    let free = 0;
    topology.positionRemap.forEach((w, v) => {
      const isMoved = [0, 1, 2].some((k) => Math.abs(pinned[3 * v + k] - DENTED.positions[3 * v + k]) > 1e-4);
      if (mask[w] === 1) assert(!isMoved);
      else if (isMoved) free++;
    });
    assertLess(0, free);
    assertEquals(allowed.report.insideAfter, 0);
    withScope((scope) => {
      const mesh = { ...DENTED, positions: allowed.out };
      assertLess(0, penetration(mesh, indexed(BODY, scope).index, scope).insideVertices);
    });
  });
});

Deno.test("resolvePenetration() feels a push farther with a wider spread", () => {
  const [narrow, wide] = [0.01, 0.1].map((spread) => resolved(DENTED, { spread }).report.meanMove);
  assertLess(narrow, wide);
});

Deno.test("resolvePenetration() leases exactly what it says", () => {
  withScope((scope) => {
    const { topology } = indexed(DENTED, scope), body = indexed(BODY, scope), scratch = new BufferScope();
    resolvePenetration(DENTED, topology, body, new Float32Array(DENTED.positions.length), scratch);
    const sizes = (of: typeof topology) => ({
      ...of,
      vertexCount: of.positionRemap.length,
      faceCount: of.weldedIndices.length / 3,
    });
    assertEquals(scratch.peakBytes, resolvePenetrationBytes({ mesh: sizes(topology), target: sizes(body.topology) }));
  });
});

Deno.test("resolvePenetration() refuses a spread of nothing and a mask of another mesh", () => {
  const tiny = scaled(icosphere(1, 1), 0.3);
  assertThrows(() => resolved(tiny, { spread: 0 }), RangeError, "spread must be >= 0.0001 and finite");
  assertThrows(
    () => resolved(tiny, { pin: new Uint8Array(3) }),
    RangeError,
    "pin must have one number a place, 42: it has 3",
  );
});

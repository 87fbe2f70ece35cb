import { assert, assertAlmostEquals, assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import { bindToBodyBytes, bindToBodyWork } from "../../../fitting/fit/bind_to_body.ts";
import { bodyFrames, bodyFramesBytes } from "../../../fitting/fit/body_frames.ts";
import {
  buildTopology,
  finish,
  fitGarment,
  fitGarmentBytes,
  penetration,
  registerBody,
  registerBodyBytes,
  type TriangleMesh,
} from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed, rotationOf, type Similarity, transformed, withScope } from "../_bodies.ts";
import { facesWhere } from "../_mannequin.ts";
import { icosphere, scaled, unitCube } from "../_meshes.ts";
import { joined, moved } from "../_more_meshes.ts";

const TURN: Similarity = { axis: [1, 2, 3], angleRad: 0.8, scale: 1.3, move: [0.2, -0.1, 0.4] };
const BODY = icosphere(3, 1);

/** Fits and returns the positions beside the report. */
function fitted(garment: TriangleMesh, body: TriangleMesh, source?: TriangleMesh, options = {}) {
  using scope = new BufferScope();
  const { topology } = indexed(garment, scope), { index } = indexed(body, scope);
  const out = new Float32Array(garment.positions.length);
  const from = source === undefined ? undefined : indexed(source, scope);
  return { out, report: fitGarment(garment, topology, index, from, out, scope, options) };
}

function bindingOf(places: number) {
  return {
    bound: new Float64Array(3 * places),
    frames: new Float64Array(9 * places),
    standOff: new Float64Array(places),
    seats: new Uint32Array(places),
    shares: new Float64Array(3 * places),
  };
}

Deno.test("bodyFrames() finds the rotation and scale of a body that moved as a whole", () => {
  withScope((scope) => {
    const { topology } = indexed(BODY, scope);
    const out = new Float64Array(9 * topology.weldedCount);
    bodyFrames(BODY, transformed(BODY.positions, TURN), topology, out, scope);
    const r = rotationOf(TURN);
    out.forEach((value, i) => assertAlmostEquals(value, TURN.scale * r[i % 9], 1e-5));
  });
});

Deno.test("bodyFrames() refuses bodies with other vertices", () => {
  withScope((scope) => {
    const { topology } = indexed(BODY, scope);
    const out = new Float64Array(9 * topology.weldedCount);
    assertThrows(
      () => bodyFrames(BODY, new Float32Array(9), topology, out, scope),
      RangeError,
      "both must have the same vertices: one has 642, the other 3",
    );
  });
});

Deno.test("bindToBodyWork() carries a garment as the body moved, and remembers how far it stood off", () => {
  withScope((scope) => {
    const garment = icosphere(2, 1.1), { topology } = indexed(garment, scope), source = indexed(BODY, scope);
    const targetPositions = transformed(BODY.positions, TURN), n = topology.weldedCount;
    const frames = new Float64Array(9 * source.topology.weldedCount);
    bodyFrames(BODY, targetPositions, source.topology, frames, scope);
    const goal = bindingOf(n);
    finish(
      bindToBodyWork(
        garment,
        topology,
        { source: BODY, topology: source.topology, index: source.index, targetPositions, frames },
        goal,
        scope,
      ),
    );
    const expected = transformed(garment.positions, TURN);
    for (let v = 0; v < n; v++) {
      const i = 3 * topology.representative[v];
      for (let k = 0; k < 3; k++) assertAlmostEquals(goal.bound[3 * v + k], expected[i + k], 1e-4);
      assertAlmostEquals(goal.standOff[v], 0.1, 0.01);
    }
  });
});

Deno.test("bindToBodyWork() binds what is between two walls to both, whichever is a hair nearer", () => {
  withScope((scope) => {
    const legs = (apart: number) =>
      joined(...[-1, 1].map((side) => moved(BODY, (x, y, z) => [side * apart + 0.1 * x, 0.5 * y, 0.1 * z])));
    const source = indexed(legs(0.12), scope), n = source.topology.weldedCount, frames = new Float64Array(9 * n);
    const target = moved(legs(0.15), (x, y, z) => [x, y, x > 0 ? z + 0.03 : z]);
    bodyFrames(source.mesh, target.positions, source.topology, frames, scope);
    const bodies = { source: source.mesh, ...source, targetPositions: target.positions, frames };
    const [left, right] = [-1e-7, 1e-7].map((x) => {
      const triangle = {
        positions: Float32Array.of(x, 0, 0, 0.2, 0, 0.2, 0.2, 0.1, 0.2),
        indices: Uint32Array.of(0, 1, 2),
      };
      const { topology } = indexed(triangle, scope), goal = bindingOf(3);
      finish(bindToBodyWork(triangle, topology, bodies, goal, scope));
      return goal.bound.subarray(0, 3);
    });
    for (let k = 0; k < 3; k++) assertAlmostEquals(left[k], right[k], 1e-5);
    assertAlmostEquals(left[0], 0, 1e-3); // the legs parted, and it stays between them
    assertAlmostEquals(left[2], 0.015, 1e-3);
  });
});

Deno.test("fitGarment() clears vertices, edges and faces of a garment that was inside", () => {
  const garment = icosphere(2, 0.97), { out, report } = fitted(garment, BODY, undefined, { clearance: 0.01 });
  withScope((scope) => {
    const { index } = indexed(BODY, scope);
    const { minDistance, insideArea } = penetration({ positions: out, indices: garment.indices }, index, scope);
    assertEquals(insideArea, 0);
    assertLessOrEqual(0.0099, minDistance);
  });
  assertEquals([report.insideBefore, report.insideAfter, report.converged], [1, 0, true]);
});

for (const [gap, level, least] of [[6e-4, 2, -0.001], [1e-3, 3, 1e-4]] as const) {
  Deno.test(`fitGarment() takes every vertex out of a body that leaves ${1e3 * gap} mm of room, edges of level ${level}`, () => {
    const turned = ({ positions, indices }: TriangleMesh) => ({ positions, indices: indices.slice().reverse() });
    const body = joined(icosphere(4, 0.1), turned(icosphere(4, 0.1 + gap)), icosphere(2, 0.13)); // a ball in a hollow one
    const cap = facesWhere(icosphere(level, 0.1 + gap / 2), (_x, y) => y > 0.07);
    const { report } = fitted(cap, body);
    assertEquals([report.insideAfter, report.converged], [0, false]);
    assertLess(least, report.minDistance); // where edges sag by more than the room, they stay inside
    assertLess(report.minDistance, gap / 2);
  });
}

Deno.test("fitGarment() leaves a garment alone that lies well", () => {
  const garment = icosphere(2, 1.1), { out, report } = fitted(garment, BODY);
  out.forEach((value, i) => assertAlmostEquals(value, garment.positions[i], 1e-6));
  assertEquals([report.insideBefore, report.insideAfter], [0, 0]);
});

Deno.test("fitGarment() takes a garment along to a body that grew and turned", () => {
  const garment = icosphere(2, 1.05), target = { ...BODY, positions: transformed(BODY.positions, TURN) };
  const expected = transformed(garment.positions, TURN);
  fitted(garment, target, BODY).out.forEach((value, i) => assertAlmostEquals(value, expected[i], 2e-3));
});

Deno.test("fitGarment() gives the same surface when everything is moved and turned", () => {
  const rigid = { ...TURN, scale: 1 }, garment = moved(icosphere(2, 1.02), (x, y, z) => [x + 0.1, y + 0.05, z]);
  const { out } = fitted(garment, BODY);
  const there = fitted({ ...garment, positions: transformed(garment.positions, rigid) }, {
    ...BODY,
    positions: transformed(BODY.positions, rigid),
  });
  const expected = transformed(out, rigid);
  there.out.forEach((value, i) => assertAlmostEquals(value, expected[i], 2e-4)); // iterations end at 0.2 mm
});

Deno.test("fitGarment() keeps the shape of a small part and its place on the cloth", () => {
  const button = moved(scaled(unitCube(), 0.05), (x, y, z) => [x + 1.03, y, z]);
  const garment = joined(icosphere(3, 1.01), button);
  const body = { ...BODY, positions: scaled(BODY, 1.2).positions };
  const { out } = fitted(garment, body, BODY);
  const at = out.length - 24;
  // up to one scale: that of the cloth beneath
  const scale = Math.hypot(...[0, 1, 2].map((k) => out[at + 3 + k] - out[at + k])) / 0.05;
  assert(scale > 1 && scale < 1.2, `${scale}`);
  for (let a = at; a < out.length; a += 3) {
    for (let b = at; b < a; b += 3) {
      const [now, then] = [out, garment.positions].map((p) =>
        Math.hypot(p[a] - p[b], p[a + 1] - p[b + 1], p[a + 2] - p[b + 2])
      );
      assertAlmostEquals(now, scale * then, 1e-6);
    }
  }
  const centre = [0, 1, 2].map((k) =>
    out.subarray(at).filter((_, i) => i % 3 === k).reduce((sum, value) => sum + value, 0) / 8
  );
  assertAlmostEquals(Math.hypot(...centre), 1.212 + 0.045, 0.02);
});

Deno.test("fitGarment() keeps the order of two sheets pressed onto the same body", () => {
  const inner = icosphere(3, 1.004), outer = icosphere(3, 1.01);
  const { out } = fitted(joined(inner, outer), { ...BODY, positions: scaled(BODY, 1.03).positions });
  const half = out.length / 2;
  for (let i = 0; i < half; i += 3) {
    const [a, b] = [0, half].map((at) => Math.hypot(out[at + i], out[at + i + 1], out[at + i + 2]));
    assertLess(a, b);
  }
});

for (
  const [name, origin] of Object.entries({
    "no source body": undefined,
    "the same mesh": BODY,
    "another mesh": icosphere(2, 0.9),
  })
) {
  Deno.test(`fitGarment() leases exactly what it says, source body: ${name}`, () => {
    withScope((scope) => {
      const garment = icosphere(2, 1.02), { topology } = indexed(garment, scope), target = indexed(BODY, scope);
      const source = origin && indexed(origin, scope), scratch = new BufferScope();
      fitGarment(garment, topology, target.index, source, new Float32Array(garment.positions.length), scratch);
      const sizes = ({ topology }: typeof target) => ({
        ...topology,
        vertexCount: topology.positionRemap.length,
        faceCount: topology.weldedIndices.length / 3,
      });
      const mesh = { ...topology, faceCount: topology.weldedIndices.length / 3 };
      assertEquals(
        scratch.peakBytes,
        fitGarmentBytes({ mesh, target: sizes(target), source: source && sizes(source) }),
      );
      assertEquals(scratch.inUseBytes, 0);
    });
  });
}

Deno.test("fitGarment() takes a garment along to a body of another topology", () => {
  const source = icosphere(2, 0.8), garment = icosphere(2, 0.84);
  const { out, report } = fitted(garment, BODY, source, { clearance: 0.01 });
  for (let i = 0; i < out.length; i += 3) assertAlmostEquals(Math.hypot(out[i], out[i + 1], out[i + 2]), 1.05, 0.02);
  assertEquals([report.insideBefore, report.insideAfter], [1, 0]);
});

Deno.test("fitGarment() refuses bodies of equal counts that are not the same mesh", () => {
  const other = { positions: BODY.positions, indices: BODY.indices.slice().reverse() };
  assertThrows(
    () => fitted(icosphere(1, 1.02), BODY, other),
    RangeError,
    "bodies of 642 vertices each must have the same faces: face 0 differs",
  );
});

Deno.test("registerBody() lays a body onto another that is larger, bent and of another topology", () => {
  withScope((scope) => {
    const source = indexed(moved(icosphere(3, 1), (x, y, z) => [x, 2 * y, z]), scope);
    const target = indexed(moved(icosphere(4, 1), (x, y, z) => [1.2 * x + 0.1 * y * y, 2.2 * y, 1.1 * z]), scope);
    const out = new Float32Array(source.mesh.positions.length), scratch = new BufferScope();
    const { meanDistance, unmatched } = registerBody(source.mesh, source.topology, target.index, out, scratch);
    assertLess(meanDistance, 0.01);
    assertLess(unmatched, 0.05);
    assertEquals(scratch.peakBytes, registerBodyBytes(source.topology));
  });
});

Deno.test("registerBody() starts from a guess where there is one, whatever the pose", () => {
  withScope((scope) => {
    const source = indexed(moved(icosphere(3, 1), (x, y, z) => [x, 2 * y, z]), scope);
    const target = indexed(moved(icosphere(4, 1), (x, y, z) => [2.1 * y, -x, 1.1 * z]), scope); // laid down
    const guess = source.mesh.positions.map((_, i, p) => i % 3 === 0 ? p[i + 1] : i % 3 === 1 ? -p[i - 1] : p[i]);
    const out = new Float32Array(guess.length), scratch = new BufferScope();
    const { meanDistance } = registerBody(source.mesh, source.topology, target.index, out, scratch, { guess });
    assertLess(meanDistance, 0.01);
    for (let i = 0; i < out.length; i += 3) assertAlmostEquals(out[i + 1], -source.mesh.positions[i], 0.1);
    assertThrows(
      () => registerBody(source.mesh, source.topology, target.index, out, scratch, { guess: guess.subarray(3) }),
      RangeError,
      "the guess must hold",
    );
  });
});

Deno.test("bodyFrames() and bindToBodyWork() lease exactly what they say", () => {
  withScope((scope) => {
    const { topology, index } = indexed(BODY, scope), n = topology.weldedCount;
    const frames = new Float64Array(9 * n), scratch = new BufferScope();
    bodyFrames(BODY, BODY.positions, topology, frames, scratch);
    assertEquals(scratch.peakBytes, bodyFramesBytes(topology));
    const binding = new BufferScope(),
      goal = bindingOf(n);
    finish(
      bindToBodyWork(
        BODY,
        topology,
        { source: BODY, topology, index, targetPositions: BODY.positions, frames },
        goal,
        binding,
      ),
    );
    assertEquals(binding.peakBytes, bindToBodyBytes(topology));
  });
});

Deno.test("fitGarment() takes what is hardly a garment: nothing, one triangle, strays", () => {
  const triangle = { positions: Float32Array.of(0, 1, 0, 0.1, 1, 0, 0, 1, 0.1), indices: Uint32Array.of(0, 2, 1) };
  const stray = { positions: Float32Array.of(0, 50, 0), indices: new Uint32Array(0) };
  for (
    const garment of [
      { positions: new Float32Array(0), indices: new Uint32Array(0) },
      triangle,
      stray,
      joined(triangle, stray),
    ]
  ) {
    const { out } = fitted(garment, BODY, BODY);
    assert(out.every(Number.isFinite));
    assertEquals(out.length, garment.positions.length);
  }
});

Deno.test("fitGarment() does not depend on how vertices are split at seams", () => {
  const whole = icosphere(2, 0.98),
    split = {
      positions: Float32Array.from([...whole.indices].flatMap((v) => [...whole.positions.subarray(3 * v, 3 * v + 3)])),
      indices: Uint32Array.from(whole.indices.keys()),
    };
  const a = fitted(whole, BODY).out, b = fitted(split, BODY).out;
  withScope((scope) => assertEquals(buildTopology(split, scope, scope).weldedCount, whole.positions.length / 3));
  whole.indices.forEach((v, c) => {
    for (let k = 0; k < 3; k++) assertAlmostEquals(b[3 * c + k], a[3 * v + k], 1e-4);
  });
});

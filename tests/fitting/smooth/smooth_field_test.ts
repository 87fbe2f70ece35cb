import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  smoothField,
  smoothFieldBytes,
  smoothFieldInto,
  type SmoothFieldOptions,
} from "../../../fitting/smooth/smooth_field.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, seeded, tetrahedron, wavyGrid } from "../_meshes.ts";
import { joined, topologyOf } from "../_more_meshes.ts";

const SPHERE = topologyOf(icosphere(2));

function randomField(seed: number): Float64Array {
  const random = seeded(seed);
  return Float64Array.from(
    { length: 3 * SPHERE.weldedCount },
    () => random() - 0.5,
  );
}

function smoothed(
  field: Float64Array,
  options: SmoothFieldOptions,
  topology = SPHERE,
): Float64Array {
  const copy = field.slice();
  using scratch = new BufferScope();
  smoothField(topology, copy, scratch, options);
  return copy;
}

Deno.test("smoothField() shares a push evenly on a tetrahedron", () => {
  const topology = topologyOf(tetrahedron()), push = new Float64Array(12);
  push[0] = 4;
  assertEquals(
    [...smoothed(push, { strength: 0.75 }, topology)].filter((_, i) => i % 3 === 0),
    [1, 1, 1, 1],
  );
});

Deno.test("smoothField() keeps constants, at any strength and count", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat({ max: 9 }),
      fc.integer(),
      (strength, iterations, value) => {
        const field = new Float64Array(3 * SPHERE.weldedCount).fill(value);
        for (
          const x of smoothed(field, { strength, iterations })
        ) assertAlmostEquals(x, value, 1e-13 * Math.abs(value));
      },
    ),
    { seed: 3, numRuns: 30 },
  );
});

Deno.test("smoothField() stays between the least and the greatest value", () => {
  const field = randomField(1),
    low = Math.min(...field),
    high = Math.max(...field);
  for (const x of smoothed(field, { strength: 1, iterations: 5 })) {
    assert(x > low && x < high);
  }
});

Deno.test("smoothField() is linear", () => {
  const [a, b] = [randomField(1), randomField(2)],
    options = { iterations: 3, strength: 0.4 };
  const [sa, sb] = [smoothed(a, options), smoothed(b, options)];
  const sum = smoothed(a.map((x, i) => 2 * x - b[i]), options);
  sum.forEach((x, i) => assertAlmostEquals(x, 2 * sa[i] - sb[i], 1e-14));
});

Deno.test("smoothField() of one pass after another is that of both, odd or even", () => {
  const options = { strength: 0.3 };
  let step = randomField(4);
  for (let i = 0; i < 3; i++) step = smoothed(step, options);
  assertEquals(smoothed(randomField(4), { ...options, iterations: 3 }), step);
});

Deno.test("smoothField() with no iteration or no strength changes nothing", () => {
  const field = randomField(5);
  assertEquals(smoothed(field, { iterations: 0 }), field);
  assertEquals(smoothed(field, { iterations: 3, strength: 0 }), field);
});

Deno.test("smoothField() keeps pinned values, which go on to pull the others", () => {
  const pinned = new Uint8Array(SPHERE.weldedCount),
    field = new Float64Array(3 * SPHERE.weldedCount);
  pinned[7] = 1;
  field.fill(1, 21, 24);
  const after = smoothed(field, { pinned, iterations: 4000, strength: 1 });
  assertEquals([...after.subarray(21, 24)], [1, 1, 1]);
  for (const x of after) assertAlmostEquals(x, 1, 1e-3);
});

Deno.test("smoothField() spreads no further than one ring a pass, and not to other islands", () => {
  const topology = topologyOf(joined(wavyGrid(9), tetrahedron()));
  const field = new Float64Array(3 * topology.weldedCount);
  field[3 * 40] = 1; // the middle of the sheet: row 4, column 4
  const after = smoothed(field, { iterations: 2 }, topology);
  for (let v = 0; v < topology.weldedCount; v++) {
    const rings = Math.max(
      Math.abs(Math.floor(v / 9) - 4),
      Math.abs(v % 9 - 4),
    );
    if (rings > 2) assertEquals(after[3 * v], 0);
  }
  assert(after[3 * 42] > 0);
});

Deno.test("smoothField() keeps the value of a place without a neighbour", () => {
  const topology = topologyOf(meshOf([0, 0, 0, 1, 1, 1], [0, 0, 0]));
  assertEquals([
    ...smoothed(Float64Array.of(1, 2, 3, 4, 5, 6), { strength: 1 }, topology),
  ], [1, 2, 3, 4, 5, 6]);
});

Deno.test("smoothFieldBytes() is what is leased, and nothing is allocated after the first call", () => {
  using scratch = new BufferScope();
  const field = randomField(6);
  smoothField(SPHERE, field, scratch);
  assertEquals(scratch.peakBytes, smoothFieldBytes(SPHERE));
  assertEquals(scratch.inUseBytes, 0);
  const before = scratch.allocatedBytes;
  smoothField(SPHERE, field, scratch, { iterations: 4 });
  assertEquals(scratch.allocatedBytes, before);
});

Deno.test("smoothFieldInto() does the same with a spare of the caller's", () => {
  for (const iterations of [1, 2, 3]) {
    const field = randomField(7),
      spare = new Float64Array(field.length).fill(NaN);
    smoothFieldInto(SPHERE, field, spare, { iterations });
    assertEquals(field, smoothed(randomField(7), { iterations }));
  }
});

Deno.test("smoothField() refuses what does not fit", () => {
  const refused = (message: string, options: SmoothFieldOptions) =>
    assertThrows(() => smoothed(randomField(1), options), RangeError, message);
  refused("strength must be 0 to 1: current value is 1.5", { strength: 1.5 });
  refused("strength must be 0 to 1: current value is NaN", { strength: NaN });
  refused("iterations must be a whole number >= 0: current value is 1.2", {
    iterations: 1.2,
  });
  refused("pinned must be empty or hold 162 flags: it holds 3", {
    pinned: new Uint8Array(3),
  });
  assertThrows(
    () => smoothed(new Float64Array(3), {}),
    RangeError,
    "must hold 486 numbers: one holds 3",
  );
});

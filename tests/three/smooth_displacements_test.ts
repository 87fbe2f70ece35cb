import { assertEquals, assertThrows } from "@std/assert";
import { Mesh, PlaneGeometry } from "three";
import { buildTopology, smoothField } from "../../fitting/mod.ts";
import { BufferScope } from "../../pool/mod.ts";
import { smoothDisplacements } from "../../three/mod.ts";
import { bracer, flat, positionsOf } from "./_scene.ts";

/** Numbers that differ, the same every time. */
function ramp(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.fround((i * 37 % 101) / 8));
}

Deno.test("smoothDisplacements() gives bit for bit what the flat function gives where no vertex has a copy", () => {
  const geometry = new PlaneGeometry(1, 1, 5, 4), before = positionsOf(geometry);
  const move = ramp(before.length), field = Float64Array.from(move);
  using scope = new BufferScope();
  smoothField(buildTopology(flat(geometry), scope, scope), field, scope, { iterations: 3, strength: 0.25 });
  smoothDisplacements(new Mesh(geometry), move, { iterations: 3, strength: 0.25 });
  assertEquals(move, Float32Array.from(field));
  assertEquals(positionsOf(geometry), before);
});

Deno.test("smoothDisplacements() moves both sides of a seam as one", () => {
  const { geometry } = bracer(), move = ramp(3 * geometry.attributes.position.count);
  const { maxChange, meanChange } = smoothDisplacements(geometry, move);
  for (let row = 0; row < 6; row++) {
    const first = 3 * 19 * row, last = first + 3 * 18; // where the cylinder closes
    assertEquals(move.slice(first, first + 3), move.slice(last, last + 3));
  }
  assertEquals(maxChange > meanChange && meanChange > 0, true);
});

Deno.test("smoothDisplacements() keeps pinned places, though only one of their vertices is flagged, and constants", () => {
  const { geometry } = bracer(), { count } = geometry.attributes.position;
  const pinned = new Uint8Array(count), move = new Float32Array(3 * count);
  pinned[0] = 1;
  move.set([1, 2, 3]);
  move.set([1, 2, 3], 3 * 18);
  smoothDisplacements(geometry, move, { pinned, iterations: 20, strength: 1 });
  assertEquals([...move.slice(0, 3), ...move.slice(54, 57)], [1, 2, 3, 1, 2, 3]);
  const constant = new Float32Array(3 * count).fill(0.5);
  assertEquals(smoothDisplacements(geometry, constant, { iterations: 9 }), { meanChange: 0, maxChange: 0 });
  assertEquals(constant, new Float32Array(3 * count).fill(0.5));
});

Deno.test("smoothDisplacements() refuses what it cannot do, and changes nothing", () => {
  const mesh = bracer(), move = ramp(3 * 114);
  const refused: [Float32Array, object, string][] = [
    [new Float32Array(3), {}, 'Cannot smooth displacements of "bracer" as they must be 342 numbers: there are 3'],
    [move, { pinned: new Uint8Array(2) }, "pinned must be empty or hold 114 flags: it holds 2"],
    [move, { strength: 2 }, "strength must be 0 to 1: current value is 2"],
  ];
  for (const [displacements, options, message] of refused) {
    assertThrows(() => smoothDisplacements(mesh, displacements, options), RangeError, message);
  }
  assertThrows(() => smoothDisplacements(mesh, move, { radius: 1 } as object), TypeError, '"radius" is not an option');
  assertEquals(move, ramp(3 * 114));
});

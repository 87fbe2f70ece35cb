import { assertEquals } from "@std/assert";
import { mortonOrder, mortonOrderBytes } from "../../../fitting/surface/_morton_order.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { seeded } from "../_meshes.ts";

function orderOf(points: number[]): number[] {
  const order = new Uint32Array(points.length / 3);
  using scratch = new BufferScope();
  mortonOrder(Float32Array.from(points), order, scratch);
  assertEquals(scratch.peakBytes, mortonOrderBytes(order.length));
  return [...order];
}

Deno.test("mortonOrder() visits a grid cell by cell, x before y before z, whatever the order given", () => {
  const random = seeded(1), cells = Array.from({ length: 4096 }, (_, key) => key);
  const bitsOf = (key: number, axis: number) => [0, 1, 2, 3].reduce((n, b) => n | (key >> (3 * b + axis) & 1) << b, 0);
  for (let i = cells.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [cells[i], cells[j]] = [cells[j], cells[i]];
  }
  const order = orderOf(cells.flatMap((key) => [0, 1, 2].map((axis) => bitsOf(key, axis) - 7)));
  assertEquals(order.map((i) => cells[i]), Array.from({ length: 4096 }, (_, key) => key));
});

Deno.test("mortonOrder() keeps the order of points in one place, and of none", () => {
  assertEquals(orderOf([1, 2, 3, 1, 2, 3, 1, 2, 3]), [0, 1, 2]);
  assertEquals(orderOf([]), []);
});

Deno.test("mortonOrder() loses no point that is not finite", () => {
  assertEquals(orderOf([NaN, 0, 0, 1, 1, 1, Infinity, 0, 0, 0, -Infinity, 0]).toSorted(), [0, 1, 2, 3]);
});

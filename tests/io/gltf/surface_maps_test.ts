import { assertAlmostEquals, assertEquals } from "@std/assert";
import { runThrough } from "../../../io/gltf/_run_through.ts";
import { surfaceMaps } from "../../../io/gltf/_surface_maps.ts";

/** A tent of two slopes; its ridge is there twice, as at a seam. */
const OLD = Float32Array.of(0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, -1, 0, 0, -1, 0, 1);
const FACES = Uint32Array.of(0, 1, 2, 2, 1, 3, 4, 6, 5, 6, 7, 5);

/** Turned by 90° about z, three times as large, moved. */
function similar(p: Float32Array): Float32Array {
  return p.map((_, i) => i % 3 === 0 ? 5 - 3 * p[i + 1] : i % 3 === 1 ? 3 * p[i - 1] : 3 * p[i]);
}

function assertMap(maps: Float64Array, v: number, columns: number[]) {
  for (let i = 0; i < 9; i++) assertAlmostEquals(maps[9 * v + i], columns[i], 1e-6);
}

Deno.test("surfaceMaps() finds a similarity at every vertex, also at one that no face uses", () => {
  const old = Float32Array.of(...OLD, 7, 7, 7);
  const maps = runThrough(surfaceMaps(old, similar(old), FACES));
  for (let v = 0; v < 9; v++) assertMap(maps, v, [0, 3, 0, -3, 0, 0, 0, 0, 3]);
});

Deno.test("surfaceMaps() gives vertices at one place one map, whatever face they belong to", () => {
  const now = OLD.slice();
  now[9 + 1] = -1; // one slope is folded down
  const maps = runThrough(surfaceMaps(OLD, now, FACES));
  for (const [a, b] of [[0, 4], [1, 5]]) {
    assertEquals([...maps.subarray(9 * a, 9 * a + 9)], [...maps.subarray(9 * b, 9 * b + 9)]);
  }
});

Deno.test("surfaceMaps() takes the identity for what has no extent", () => {
  const point = new Float32Array(9);
  assertMap(runThrough(surfaceMaps(point, point, Uint32Array.of(0, 1, 2))), 1, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
});

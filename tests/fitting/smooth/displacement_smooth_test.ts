import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { displacementSmooth, displacementSmoothBytes } from "../../../fitting/smooth/displacement_smooth.ts";
import { laplacianSmooth } from "../../../fitting/smooth/laplacian_smooth.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, wavyGrid } from "../_meshes.ts";
import { topologyOf } from "../_more_meshes.ts";
import { testSmoothing } from "../_smoothing.ts";

// with all places at the origin before, what was done is the shape itself
testSmoothing(
  "displacementSmooth() from a point",
  (mesh, ...rest) => displacementSmooth(new Float32Array(mesh.positions.length), mesh, ...rest),
  displacementSmoothBytes,
);

function smoothed(rest: Float32Array, positions: Float32Array, indices: Uint32Array, options = {}) {
  using scratch = new BufferScope();
  const mesh = { positions, indices }, out = new Float32Array(positions.length);
  return { out, ...displacementSmooth(rest, mesh, topologyOf({ positions: rest, indices }), out, scratch, options) };
}

Deno.test("displacementSmooth() keeps a turned, scaled and moved mesh as it is, waves and all", () => {
  const { positions, indices } = wavyGrid(12);
  const moved = positions.map((_, i) => 3 * positions[3 * Math.floor(i / 3) + (i + 2) % 3] + i % 3);
  const { maxMove } = smoothed(positions, moved, indices, { boundary: "free", iterations: 50 });
  assert(maxMove < 1e-5, `${maxMove}`);
});

Deno.test("displacementSmooth() evens out a push, and keeps the waves that plain smoothing takes", () => {
  const { positions, indices } = wavyGrid(21), middle = 3 * (10 * 21 + 10);
  const up = [0, 1, 2].find((k) => new Set(positions.filter((_, i) => i % 3 === k)).size > 21)!;
  const pushed = positions.slice();
  pushed[middle + up] += 0.5;
  const { out } = smoothed(positions, pushed, indices, { iterations: 10 });
  const left = out.map((value, i) => value - positions[i]);
  assert(left[middle + up] < 0.15 && left[middle + up] > 0.01, `${left[middle + up]}`);
  assertAlmostEquals(left[3 * (10 * 21 + 14) + up], left[3 * (10 * 21 + 6) + up], 0.02);
  using scratch = new BufferScope();
  const plain = new Float32Array(positions.length);
  laplacianSmooth({ positions: pushed, indices }, topologyOf({ positions, indices }), plain, scratch, {
    iterations: 10,
  });
  const far = (now: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < positions.length; i++) sum += Math.abs(now[i] - positions[i]);
    return sum;
  };
  assert(far(out) < far(plain) / 3, `${far(out)} against ${far(plain)}`);
});

Deno.test("displacementSmooth() refuses a rest of another length", () => {
  const { positions, indices } = icosphere(0);
  using scratch = new BufferScope();
  const topology = topologyOf({ positions, indices });
  assertThrows(
    () => displacementSmooth(new Float32Array(3), { positions, indices }, topology, positions.slice(), scratch),
    RangeError,
    "rest must hold 36 floats: it holds 3",
  );
  const empty = topologyOf(meshOf([], []));
  displacementSmooth(new Float32Array(0), meshOf([], []), empty, new Float32Array(0), scratch);
});

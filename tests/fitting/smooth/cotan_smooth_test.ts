import { assert } from "@std/assert";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { cotanSmooth, cotanSmoothBytes } from "../../../fitting/smooth/cotan_smooth.ts";
import { laplacianSmooth } from "../../../fitting/smooth/laplacian_smooth.ts";
import { icosphere, meshOf, seeded } from "../_meshes.ts";
import { noisyBall, radiusOf, smoothedBy, testSmoothing } from "../_smoothing.ts";

testSmoothing("cotanSmooth()", cotanSmooth, cotanSmoothBytes);

/** A flat sheet of triangles near to equilateral, whose inner places lie off theirs: every triangle is another. */
function scatteredSheet(n: number): TriangleMesh {
  const random = seeded(8), positions: number[] = [], indices: number[] = [];
  for (let v = 0; v < n * n; v++) {
    const [row, column] = [Math.floor(v / n), v % n], isInside = row % (n - 1) !== 0 && column % (n - 1) !== 0;
    const by = () => isInside ? 0.2 * (random() - 0.5) : 0;
    positions.push(column + row / 2 + by(), Math.sqrt(0.75) * row + by(), 0);
    if (row < n - 1 && column < n - 1) indices.push(v, v + 1, v + n, v + 1, v + n + 1, v + n);
  }
  return meshOf(positions, indices);
}

Deno.test("cotanSmooth() leaves a flat sheet of uneven triangles as it is, where the mean of neighbours draws it even", () => {
  const sheet = scatteredSheet(9);
  const worst = (smoothing: typeof cotanSmooth) => {
    const out = smoothedBy(smoothing, sheet, { iterations: 5 });
    return out.reduce((max, x, i) => Math.max(max, Math.abs(x - sheet.positions[i])), 0);
  };
  assert(worst(cotanSmooth) < 1e-6 && worst(laplacianSmooth) > 0.05);
});

Deno.test("cotanSmooth() moves the places of a ball inwards only: textures do not swim", () => {
  const ball = icosphere(3), out = smoothedBy(cotanSmooth, ball, { iterations: 5 });
  for (let i = 0; i < out.length; i += 3) {
    const [x, y, z] = ball.positions.subarray(i, i + 3), [a, b, c] = out.subarray(i, i + 3);
    const length = Math.hypot(a, b, c), cosine = (a * x + b * y + c * z) / length;
    assert(Math.acos(Math.min(1, cosine)) < 0.002 && length < 1);
  }
});

Deno.test("cotanSmooth() takes the noise off a ball", () => {
  const mesh = noisyBall(3), before = radiusOf(mesh.positions), after = radiusOf(smoothedBy(cotanSmooth, mesh));
  assert(after.deviation < before.deviation / 3);
});

Deno.test("cotanSmooth() is finite on needles and faces of no area", () => {
  const mesh = meshOf([0, 0, 0, 1, 0, 0, 0.5, 1e-6, 0, 0.5, 1, 0.1, 2, 2, 2, 2, 2, 2], [
    0,
    1,
    2,
    0,
    2,
    3,
    2,
    1,
    3,
    4,
    5,
    0,
  ]);
  assert(smoothedBy(cotanSmooth, mesh, { boundary: "free", iterations: 50 }).every(Number.isFinite));
});

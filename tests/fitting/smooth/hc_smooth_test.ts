import { assert, assertEquals, assertThrows } from "@std/assert";
import { hcSmooth, hcSmoothBytes } from "../../../fitting/smooth/hc_smooth.ts";
import { laplacianSmooth } from "../../../fitting/smooth/laplacian_smooth.ts";
import { icosphere, tetrahedron } from "../_meshes.ts";
import { flatGrid } from "../_more_meshes.ts";
import { noisyBall, radiusOf, smoothedBy, testSmoothing } from "../_smoothing.ts";

testSmoothing("hcSmooth()", hcSmooth, hcSmoothBytes);

Deno.test("hcSmooth() multiplies a tetrahedron by its gain", () => {
  // a regular tetrahedron is an eigenvector: the mean of the others is -1/3 of it, so with L = 4/3 of the umbrella
  // q = (1 - λL) o, b = -λL o, and b is taken back by β - (1 - β) / 3
  const mesh = tetrahedron(), gain = (1 - 2 / 3) + 2 / 3 * (0.5 - 0.5 / 3);
  const out = smoothedBy(hcSmooth, mesh, { iterations: 1 });
  out.forEach((value, i) => assert(Math.abs(value - 0.25 - gain * (mesh.positions[i] - 0.25)) < 1e-6));
});

Deno.test("hcSmooth() takes the noise off a ball and keeps its radius, where Laplacian smoothing shrinks it", () => {
  const mesh = noisyBall(3), before = radiusOf(mesh.positions);
  const after = radiusOf(smoothedBy(hcSmooth, mesh, { iterations: 20 }));
  assert(after.deviation < before.deviation / 3, `${after.deviation} of ${before.deviation}`);
  const lost = 1 - after.mean / before.mean;
  const shrunk = 1 - radiusOf(smoothedBy(laplacianSmooth, mesh, { iterations: 20 })).mean / before.mean;
  assert(lost < 0.01 && lost < shrunk / 5, `${lost} against ${shrunk}`);
});

Deno.test("hcSmooth() changes nothing on a flat regular sheet with its rim pinned", () => {
  const sheet = flatGrid(9), out = smoothedBy(hcSmooth, sheet);
  out.forEach((value, i) => assert(Math.abs(value - sheet.positions[i]) < 1e-6));
});

Deno.test("hcSmooth() with alpha 1 stays nearer to where it began", () => {
  const mesh = icosphere(2);
  const far = (alpha: number) => {
    const out = smoothedBy((...args) => hcSmooth(args[0], args[1], args[2], args[3], { ...args[4], alpha }), mesh, {
      iterations: 30,
    });
    return 1 - radiusOf(out).mean;
  };
  assert(far(1) < far(0));
});

Deno.test("hcSmooth() refuses factors out of range", () => {
  for (const [key, value, rule] of [["lambda", 0, "above 0 and <= 1"], ["beta", 1.1, "from 0 to 1"]] as const) {
    const error = assertThrows(
      () => smoothedBy((m, t, o, s) => hcSmooth(m, t, o, s, { [key]: value }), icosphere(0)),
      RangeError,
    );
    assertEquals(error.message, `Cannot smooth the mesh as ${key} must be ${rule}: current value is ${value}`);
  }
});

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { extractRotation, rotationMatrix } from "../../fitting/_rotation.ts";
import { rotationOf } from "./_bodies.ts";
import { seeded } from "./_meshes.ts";

/** The rotation found for a matrix, from a cold start. */
function found(matrix: ArrayLike<number>): Float64Array {
  const q = Float64Array.of(0, 0, 0, 1), out = new Float64Array(9);
  extractRotation(Float64Array.from(matrix), q, 0);
  rotationMatrix(q, out, 0);
  return out;
}

function random(
  next: () => number,
): { axis: [number, number, number]; angleRad: number; scale: number; move: [number, number, number] } {
  return { axis: [next() - 0.5, next() - 0.5, next() - 0.5], angleRad: 2.5 * next(), scale: 1, move: [0, 0, 0] };
}

for (const seed of [1, 2, 3]) {
  Deno.test(`extractRotation() finds the rotation of a scaled rotation, seed ${seed}`, () => {
    const next = seeded(seed);
    for (let n = 0; n < 100; n++) {
      const r = rotationOf(random(next)), scale = 10 ** (6 * next() - 3);
      found(r.map((value) => scale * value)).forEach((value, i) => assertAlmostEquals(value, r[i], 1e-8));
    }
  });

  Deno.test(`extractRotation() finds the polar rotation of a stretched one, seed ${seed}`, () => {
    const next = seeded(seed);
    for (let n = 0; n < 100; n++) {
      const r = rotationOf(random(next)), basis = rotationOf(random(next));
      const stretch = [0.5 + next(), 0.5 + next(), 0.5 + next()];
      // A = R · B diag(stretch) Bᵀ has R as its polar rotation
      const symmetric = Array.from(
        { length: 9 },
        (_, i) =>
          [0, 1, 2].reduce((sum, k) => sum + basis[3 * Math.trunc(i / 3) + k] * stretch[k] * basis[3 * (i % 3) + k], 0),
      );
      const a = Array.from(
        { length: 9 },
        (_, i) => [0, 1, 2].reduce((sum, k) => sum + r[3 * Math.trunc(i / 3) + k] * symmetric[3 * k + i % 3], 0),
      );
      found(a).forEach((value, i) => assertAlmostEquals(value, r[i], 1e-6));
    }
  });
}

Deno.test("extractRotation() leaves its start alone where the matrix says nothing", () => {
  assertEquals([...found(new Float64Array(9))], [1, 0, 0, 0, 1, 0, 0, 0, 1]);
});

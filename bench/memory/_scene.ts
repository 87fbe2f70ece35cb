import type { TriangleMesh } from "../../fitting/mesh.ts";

/** A ball of `2 * rings²` faces and `(rings + 1)²` vertices with a seam, wavy by one part in a hundred. */
export function wavyBall(rings: number, radius: number): TriangleMesh {
  const row = rings + 1,
    positions = new Float32Array(3 * row * row),
    indices = new Uint32Array(6 * rings * (rings - 1));
  let c = 0;
  for (let i = 0; i <= rings; i++) {
    const theta = Math.PI * i / rings, ring = i % rings === 0 ? 0 : Math.sin(theta);
    for (let j = 0; j <= rings; j++) {
      const phi = 2 * Math.PI * (j % rings) / rings, v = i * row + j;
      const r = radius * (1 + 0.01 * Math.sin(9 * theta) * Math.sin(7 * phi));
      positions[3 * v] = r * ring * Math.sin(phi);
      positions[3 * v + 1] = r * Math.cos(theta);
      positions[3 * v + 2] = r * ring * Math.cos(phi);
      if (i === rings || j === rings) continue;
      const below = v + row;
      if (i > 0) { for (const k of [v, below, v + 1]) indices[c++] = k; }
      if (i < rings - 1) { for (const k of [v + 1, below, below + 1]) indices[c++] = k; }
    }
  }
  return { positions, indices };
}

/** A garment of 10,000 vertices two centimetres inside of a body of as many. */
export function scene(): { garment: TriangleMesh; body: TriangleMesh } {
  return { garment: wavyBall(99, 0.98), body: wavyBall(99, 1) };
}

/** What a fit is asked for; see `ShrinkwrapOptions`. */
export interface FitSettings {
  readonly clearance: number;
  readonly smoothRadius: number;
  readonly stepSize: number;
  readonly iterations: number;
}

/** A fit that takes all of its iterations, each with the most smoothing passes there are, 24. */
export function settings(iterations: number): FitSettings {
  return {
    clearance: 0.005,
    smoothRadius: 8 * Math.sqrt(iterations / 1000),
    stepSize: 0.002,
    iterations,
  };
}

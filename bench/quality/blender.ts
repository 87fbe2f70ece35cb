/** What Blender reaches in a case: shares in percent, lengths in millimetres. */
export interface BlenderFigures {
  readonly inside?: readonly [vertices: number, area: number];
  readonly truth?: number;
  readonly flips?: readonly [flips: number, folds: number];
  readonly edges?: readonly [p1: number, p99: number];
  readonly weights?: number;
}

/**
 * Blender 3.4.1, Surface Deform + Shrinkwrap outside 2 mm + weighted normals +
 * weight transfer; for fits, which it cannot align, Shrinkwrap after an oracle's
 * similarity. Source: the project's QUALITY.md, "Where the best free tool stands".
 */
export const BLENDER: Readonly<Record<string, BlenderFigures>> = {
  r01: { inside: [0, 0.02], truth: 7.2, flips: [24, 55], edges: [0.67, 1.50], weights: 0.072 },
  r02: { inside: [0, 2.78], truth: 5.2, flips: [1, 0], edges: [0.65, 1.33], weights: 0.045 },
  r03: { inside: [0, 0.04], truth: 3.5, flips: [12, 16], edges: [0.62, 1.69], weights: 0.025 },
  r04: { inside: [0, 1.62], truth: 7.3, flips: [8, 20], edges: [0.63, 1.41], weights: 1.11 },
  r05: { inside: [0, 0.04], truth: 6.3, flips: [4, 10], edges: [0.77, 1.48], weights: 0.049 },
  r06: { inside: [0, 0], truth: 1.8, flips: [0, 0], edges: [0.81, 1.14], weights: 0 },
  r07: { inside: [0, 0], truth: 16.6, flips: [28, 40], edges: [0.53, 1.65] },
  f01: { truth: 0.02 },
  f02: { truth: 0.01 },
  f03: { truth: 0.7 },
  f04: { truth: 11.7, weights: 0.106 },
  f05: { truth: 17.7 },
  t01: { weights: 0.052 },
  t02: { weights: 0.0008 },
};

import { BufferScope, type Frame } from "../../pool/mod.ts";
import { buildTopology, SurfaceIndex, type TriangleMesh } from "../../fitting/mod.ts";

/** A similarity: turn about an axis through the origin, scale, move. */
export interface Similarity {
  axis: readonly [number, number, number];
  angleRad: number;
  scale: number;
  move: readonly [number, number, number];
}

/** Row-major rotation matrix of a similarity (Rodrigues). */
export function rotationOf({ axis: [x, y, z], angleRad }: Similarity): number[] {
  const length = Math.hypot(x, y, z), c = Math.cos(angleRad), s = Math.sin(angleRad), t = 1 - c;
  const [u, v, w] = [x / length, y / length, z / length];
  return [
    t * u * u + c,
    t * u * v - s * w,
    t * u * w + s * v,
    t * u * v + s * w,
    t * v * v + c,
    t * v * w - s * u,
    t * u * w - s * v,
    t * v * w + s * u,
    t * w * w + c,
  ];
}

/** Positions after a similarity. */
export function transformed(positions: Float32Array, similarity: Similarity): Float32Array {
  const r = rotationOf(similarity), { scale, move } = similarity;
  return positions.map((_, i) => {
    const p = i - i % 3, row = 3 * (i % 3);
    return scale * (r[row] * positions[p] + r[row + 1] * positions[p + 1] + r[row + 2] * positions[p + 2]) +
      move[i % 3];
  });
}

/** A mesh with its connectivity and index. */
export function indexed(mesh: TriangleMesh, scope: Frame) {
  return { mesh, topology: buildTopology(mesh, scope, scope), index: SurfaceIndex.build(mesh, scope) };
}

/** Runs `use` with memory that is gone afterwards. */
export function withScope(use: (scope: BufferScope) => void): void {
  using scope = new BufferScope();
  use(scope);
}

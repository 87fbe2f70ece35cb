import type { TriangleMesh } from "../../fitting/mesh.ts";
import { meshOf } from "./_meshes.ts";

/**
 * A tube around the Y axis from y = 0 up, open at both ends: `around` vertices a ring, `rings` of them, facing outwards.
 * Vertex `around * ring + i` stands at angle `2π i / around`.
 */
export function tube(around: number, rings: number, radius = 1, height = 1): TriangleMesh {
  const positions: number[] = [], indices: number[] = [];
  for (let r = 0; r < rings; r++) {
    for (let i = 0; i < around; i++) {
      const angle = 2 * Math.PI * i / around;
      positions.push(radius * Math.cos(angle), height * r / (rings - 1), radius * Math.sin(angle));
      if (r + 1 === rings) continue;
      const a = around * r + i, b = around * r + (i + 1) % around;
      indices.push(a, a + around, b, b, a + around, b + around);
    }
  }
  return meshOf(positions, indices);
}

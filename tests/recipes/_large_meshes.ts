/**
 * Meshes too large for anything to hold the event loop while it goes over one.
 *
 * @module
 */
import type { TriangleMesh } from "../../fitting/mesh.ts";

/**
 * A ball of `2 * rings²` faces and about half as many vertices, wavy by one part
 * in a hundred; cut off below `from` of its height it is a cap, and open.
 */
export function wavyBall(rings: number, radius = 1, from = -1): TriangleMesh {
  const segments = rings, row = segments + 1; // a seam, as a texture has one
  const positions = new Float32Array(3 * (rings + 1) * row), faces: number[] = [];
  for (let i = 0; i <= rings; i++) {
    const theta = Math.PI * i / rings;
    for (let j = 0; j <= segments; j++) {
      const phi = 2 * Math.PI * (j % segments) / segments, v = 3 * (i * row + j);
      const r = radius * (1 + 0.01 * Math.sin(9 * theta) * Math.sin(7 * phi)),
        s = i % rings === 0 ? 0 : Math.sin(theta);
      positions[v] = r * s * Math.sin(phi);
      positions[v + 1] = r * Math.cos(theta);
      positions[v + 2] = r * s * Math.cos(phi);
    }
  }
  for (let i = 0; i < rings; i++) {
    if (Math.cos(Math.PI * (i + 1) / rings) < from) break;
    for (let j = 0; j < segments; j++) {
      const a = i * row + j, b = a + row;
      if (i > 0) faces.push(a, b, a + 1);
      if (i < rings - 1) faces.push(a + 1, b, b + 1);
    }
  }
  return { positions, indices: Uint32Array.from(faces) };
}

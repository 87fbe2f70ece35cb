/**
 * A body of ellipsoids and pieces to wear, made of the same: what belongs where
 * is known by construction.
 *
 * @module
 */
import type { TriangleMesh } from "../../fitting/mesh.ts";
import { SurfaceIndex } from "../../fitting/surface/surface_index.ts";
import type { BufferScope } from "../../pool/mod.ts";
import { icosphere, meshOf } from "./_meshes.ts";
import { joined, moved } from "./_more_meshes.ts";

/** Centre and half axes of each part, metres; 1.75 m tall, facing +Z. The left arm hangs at 40°. */
const PARTS = {
  head: [0, 1.62, 0.01, 0.085, 0.13, 0.11],
  torso: [0, 1.14, 0, 0.19, 0.36, 0.12],
  leftLeg: [0.1, 0.45, 0, 0.085, 0.47, 0.09],
  rightLeg: [-0.1, 0.45, 0, 0.085, 0.47, 0.09],
  leftFoot: [0.11, 0.04, 0.06, 0.045, 0.04, 0.13],
  rightFoot: [-0.11, 0.04, 0.06, 0.045, 0.04, 0.13],
} as const;

/** An ellipsoid part of the body, `air` metres larger all around. */
function part(name: keyof typeof PARTS, air: number, level: number): TriangleMesh {
  const [cx, cy, cz, rx, ry, rz] = PARTS[name];
  return moved(icosphere(level), (x, y, z) => [cx + (rx + air) * x, cy + (ry + air) * y, cz + (rz + air) * z]);
}

/** An arm that hangs at 40°, `side` 1 for the left one. */
function arm(side: number, air: number, level: number): TriangleMesh {
  const c = Math.cos(0.7), s = Math.sin(0.7);
  return moved(icosphere(level), (x, y, z) => {
    const along = 0.32 * y, thick = (0.04 + air - 0.012 * y) * x;
    return [side * (0.36 + c * thick + s * along), 1.16 - c * along + s * thick, -side * (0.045 + air) * z];
  });
}

/** The body: closed parts that overlap. */
export function mannequin(): TriangleMesh {
  const names = Object.keys(PARTS) as (keyof typeof PARTS)[];
  return joined(...names.map((name) => part(name, 0, 3)), arm(1, 0, 3), arm(-1, 0, 3));
}

/** The mannequin with an index, as a target. */
export function mannequinTarget(scope: BufferScope): { mesh: TriangleMesh; index: SurfaceIndex } {
  const mesh = mannequin();
  return { mesh, index: SurfaceIndex.build(mesh, scope) };
}

/** The faces of `mesh` whose corners all satisfy `keep`; vertices stay. */
export function facesWhere(mesh: TriangleMesh, keep: (x: number, y: number, z: number) => boolean): TriangleMesh {
  const { positions, indices } = mesh, faces: number[] = [];
  const isKept = (v: number) => keep(positions[3 * v], positions[3 * v + 1], positions[3 * v + 2]);
  for (let c = 0; c < indices.length; c += 3) {
    if (isKept(indices[c]) && isKept(indices[c + 1]) && isKept(indices[c + 2])) {
      faces.push(...indices.subarray(c, c + 3));
    }
  }
  return { positions, indices: Uint32Array.from(faces) };
}

/** A breastplate with a back, 12 mm off the torso. */
export function cuirass(): TriangleMesh {
  return facesWhere(part("torso", 0.012, 4), (_x, y) => y > 0.92 && y < 1.36);
}

/** A cap, 10 mm off the head. */
export function cap(): TriangleMesh {
  return facesWhere(part("head", 0.01, 4), (_x, y, z) => y > 1.6 + 0.3 * z);
}

/** Two shoes, 8 mm off the feet. */
export function shoes(): TriangleMesh {
  return joined(part("leftFoot", 0.008, 3), part("rightFoot", 0.008, 3));
}

/** A bracer on the left arm, 8 mm off. */
export function bracer(): TriangleMesh {
  return facesWhere(arm(1, 0.008, 4), (x) => x > 0.4 && x < 0.52);
}

/** A tube about the y axis whose half axes at height `y` are `width(y)` and `depth(y)`; open at both ends. */
export function tube(
  low: number,
  high: number,
  width: (y: number) => number,
  depth: (y: number) => number,
): TriangleMesh {
  const around = 32, along = 12, positions: number[] = [], indices: number[] = [];
  for (let j = 0; j <= along; j++) {
    for (let i = 0; i < around; i++) {
      const angle = 2 * Math.PI * i / around, y = low + (high - low) * j / along;
      positions.push(width(y) * Math.cos(angle), y, depth(y) * Math.sin(angle));
    }
  }
  for (let j = 0; j < along; j++) {
    for (let i = 0; i < around; i++) {
      const a = j * around + i, b = j * around + (i + 1) % around;
      indices.push(a, a + around, b, b, a + around, b + around);
    }
  }
  return meshOf(positions, indices);
}

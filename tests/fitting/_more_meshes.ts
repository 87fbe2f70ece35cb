/**
 * What goes wrong with meshes, in its smallest form; and readers that make
 * topologies easy to compare.
 *
 * @module
 */
import { buildTopology, type Topology } from "../../fitting/topology/topology.ts";
import type { TriangleMesh } from "../../fitting/mesh.ts";
import { BufferScope } from "../../pool/mod.ts";
import { meshOf, seeded } from "./_meshes.ts";

/** A copy in which no two faces share a vertex: corner `c` becomes vertex `c`. */
export function unwelded({ positions, indices }: TriangleMesh): TriangleMesh {
  const split = Array.from(
    indices,
    (v) => [...positions.subarray(3 * v, 3 * v + 3)],
  );
  return meshOf(split.flat(), indices.map((_, c) => c));
}

/** Several meshes as one: vertices and faces in the order given. */
export function joined(...meshes: TriangleMesh[]): TriangleMesh {
  const positions: number[] = [], indices: number[] = [];
  for (const mesh of meshes) {
    const first = positions.length / 3;
    for (const v of mesh.indices) indices.push(first + v);
    for (const x of mesh.positions) positions.push(x);
  }
  return meshOf(positions, indices);
}

/** A copy with every place taken through `move`. */
export function moved(
  mesh: TriangleMesh,
  move: (x: number, y: number, z: number) => readonly [number, number, number],
): TriangleMesh {
  const positions = mesh.positions.slice();
  for (let i = 0; i < positions.length; i += 3) {
    positions.set(move(positions[i], positions[i + 1], positions[i + 2]), i);
  }
  return { positions, indices: mesh.indices.slice() };
}

/** A copy in another order of vertices and faces; `order[new] = old` for vertices. */
export function shuffled(
  { positions, indices }: TriangleMesh,
  seed: number,
): { mesh: TriangleMesh; order: number[] } {
  const random = seeded(seed);
  const order = permutation(positions.length / 3, random);
  const newIndexOf = new Array<number>(order.length);
  order.forEach((old, fresh) => newIndexOf[old] = fresh);
  const faces = permutation(indices.length / 3, random);
  return {
    mesh: meshOf(
      order.flatMap((v) => [...positions.subarray(3 * v, 3 * v + 3)]),
      faces.flatMap((f) => [...indices.subarray(3 * f, 3 * f + 3)].map((v) => newIndexOf[v])),
    ),
    order,
  };
}

function permutation(length: number, random: () => number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** A flat square in the xy-plane of `n * n` vertices, facing +z, from 0 to 1. */
export function flatGrid(n: number): TriangleMesh {
  const positions: number[] = [], indices: number[] = [];
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      positions.push(column / (n - 1), row / (n - 1), 0);
      if (row === n - 1 || column === n - 1) continue;
      const v = row * n + column;
      indices.push(v, v + 1, v + n + 1, v, v + n + 1, v + n);
    }
  }
  return meshOf(positions, indices);
}

/** Three triangles on the edge from vertex 0 to 1. */
export function fin(): TriangleMesh {
  return meshOf(
    [0, 0, 0, 0, 0, 1, 1, 0, 0, -1, 1, 0, -1, -1, 0],
    [0, 2, 1, 0, 3, 1, 0, 4, 1],
  );
}

/** The topology of `mesh` in memory of its own. */
export function topologyOf(mesh: TriangleMesh): Topology {
  const scope = new BufferScope();
  return buildTopology(mesh, scope, scope);
}

/** The rows of a CSR pair as plain arrays. */
export function rowsOf(offsets: Uint32Array, values: Uint32Array): number[][] {
  return Array.from(
    { length: offsets.length - 1 },
    (_, row) => [...values.subarray(offsets[row], offsets[row + 1])],
  );
}

/** A right-handed turn that no axis survives. */
export function turned(mesh: TriangleMesh): TriangleMesh {
  const c = Math.cos(0.7), s = Math.sin(0.7);
  return moved(mesh, (x, y, z) => {
    const u = c * x - s * y, v = s * x + c * y;
    return [u, c * v - s * z, s * v + c * z];
  });
}

/** Two cubes that share the corner `(1, 1, 1)` of the first, unwelded there. */
export function cubesAtCorner(cube: TriangleMesh): TriangleMesh {
  return joined(cube, moved(cube, (x, y, z) => [x + 1, y + 1, z + 1]));
}

/**
 * Meshes for tests of memory: small, and different in every count that decides
 * how much a step leases.
 *
 * @module
 */
import type { TriangleMesh } from "../../fitting/mesh.ts";
import { icosphere, meshOf } from "../fitting/_meshes.ts";
import { Builder } from "../io/gltf/_builder.ts";

/** What a file holds beside faces. */
export interface FileParts {
  /** Bound to two joints, four influences a vertex. */
  readonly skin?: boolean;
  /** Vertex normals. */
  readonly normals?: boolean;
}

/** A mesh as a .glb. */
export function fileOf(
  { positions, indices }: TriangleMesh,
  { skin = false, normals = false }: FileParts = {},
): Uint8Array {
  const file = new Builder(), vertexCount = positions.length / 3;
  const joints = Uint8Array.from(
    { length: 4 * vertexCount },
    (_, i) => i % 4 === 0 && positions[3 * (i / 4) + 1] > 0 ? 1 : 0,
  );
  const weights = Float32Array.from({ length: 4 * vertexCount }, (_, i) => i % 4 === 0 ? 1 : 0);
  const mesh = file.mesh([{
    attributes: {
      POSITION: file.positions(positions),
      TEXCOORD_0: file.accessor(positions.filter((_, i) => i % 3 !== 2), "VEC2"),
      ...(normals ? { NORMAL: file.accessor(unit(positions), "VEC3") } : {}),
      ...(skin ? { JOINTS_0: file.accessor(joints, "VEC4"), WEIGHTS_0: file.accessor(weights, "VEC4") } : {}),
    },
    indices: file.accessor(Uint32Array.from(indices), "SCALAR"),
  }]);
  if (!skin) file.node({ mesh });
  else {
    const tip = file.node({ name: "tip" }, false), root = file.node({ name: "root", children: [tip] });
    file.json.skins = [{ joints: [root, tip] }];
    file.node({ mesh, skin: 0 });
  }
  return file.glb();
}

function unit(positions: Float32Array): Float32Array {
  const normals = positions.slice();
  for (let i = 0; i < normals.length; i += 3) {
    const length = Math.sqrt(normals[i] ** 2 + normals[i + 1] ** 2 + normals[i + 2] ** 2) || 1;
    for (let k = i; k < i + 3; k++) normals[k] /= length;
  }
  return normals;
}

/** The faces of a ball whose corners all lie above `height`, with all its vertices. */
export function top(ball: TriangleMesh, height: number): TriangleMesh {
  const { positions, indices } = ball;
  const isKept = (f: number) => [0, 1, 2].every((k) => positions[3 * indices[3 * f + k] + 1] > height);
  return meshOf(positions, [...indices].filter((_, c) => isKept(Math.floor(c / 3))));
}

/** Every face on vertices of its own: three times as many as places, and more. */
function soup({ positions, indices }: TriangleMesh): TriangleMesh {
  return meshOf([...indices].flatMap((v) => [...positions.subarray(3 * v, 3 * v + 3)]), [...indices.keys()]);
}

/** Two meshes as one, the second `by` metres to the side. */
function beside(a: TriangleMesh, b: TriangleMesh, by: number): TriangleMesh {
  const moved = b.positions.map((value, i) => i % 3 === 0 ? value + by : value);
  return meshOf([...a.positions, ...moved], [...a.indices, ...b.indices.map((v) => v + a.positions.length / 3)]);
}

/** Garments for {@linkcode body}, by what is special about them. */
export const GARMENTS: Readonly<Record<string, Uint8Array>> = {
  "a cap": fileOf(top(icosphere(1, 0.98), 0.2)),
  "a finer cap with a skin and normals": fileOf(top(icosphere(2, 0.98), 0.2), { skin: true, normals: true }),
  "a ball of loose faces": fileOf(soup(icosphere(1, 1.1))),
  "a ball of loose faces with a skin": fileOf(soup(icosphere(1, 1.05)), { skin: true }),
  "a cap with buttons, and a face of no area": fileOf(
    beside(
      beside(top(icosphere(2, 1.02), 0.2), icosphere(0, 0.03), 0.5),
      meshOf([0, 1, 0, 0, 1, 0, 0, 1.1, 0], [0, 1, 2]),
      0,
    ),
  ),
  "one face": fileOf(meshOf([-0.1, 0.9, 0, 0.1, 0.9, 0, 0, 0.9, 0.1], [0, 2, 1])),
};

/** A ball of radius 1 bound to two joints, with normals. */
export function body(level = 1): Uint8Array {
  return fileOf(icosphere(level, 1), { skin: true, normals: true });
}

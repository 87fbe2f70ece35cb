import type { SourceBody } from "../fitting/fit/fit_garment.ts";
import { SurfaceIndex } from "../fitting/surface/surface_index.ts";
import { buildTopology, type Topology } from "../fitting/topology/topology.ts";
import type { Frame } from "../pool/scratch.ts";
import type { MeshLike } from "./mesh_like.ts";
import { nameOf } from "./_name.ts";
import { readWorld, type Surface, writeOrigin } from "./_surface.ts";

/** A piece and the body it goes on, in one space: the world, minus an origin where that is far away. */
export interface Stage {
  /** What changes. */
  readonly piece: Surface;
  /** Of {@linkcode Stage.piece}. */
  readonly topology: Topology;
  /** What is only consulted. */
  readonly body: Surface;
  /** Of {@linkcode Stage.body}. */
  readonly index: SurfaceIndex;
  /** The body the piece was made on, where somebody knows. */
  readonly source: SourceBody | undefined;
}

/** What error messages call meshes without a name. */
export interface Roles {
  /** The one that changes. */
  readonly piece: string;
  /** The one that is only consulted. */
  readonly body: string;
}

/**
 * Reads the meshes and prepares what every operation on them needs.
 *
 * @param sourceMesh The body the piece was made on, if there is one.
 * @param out Keeps it all.
 * @throws {TypeError} If a mesh has no positions.
 * @throws {RangeError} If a mesh is broken, or the body has no faces.
 */
export function openStage(
  pieceMesh: MeshLike,
  bodyMesh: MeshLike,
  sourceMesh: MeshLike | undefined,
  roles: Roles,
  out: Frame,
): Stage {
  const origin = out.f64(3);
  writeOrigin(bodyMesh, roles.body, origin, out);
  const piece = readWorld(pieceMesh, roles.piece, origin, out), topology = buildTopology(piece, out, out);
  const body = readBody(bodyMesh, roles.body, origin, out);
  const source = sourceMesh && readBody(sourceMesh, "the source body", origin, out);
  return {
    piece,
    topology,
    body,
    index: SurfaceIndex.build(body, out),
    source: source && {
      mesh: source,
      topology: buildTopology(source, out, out),
      index: SurfaceIndex.build(source, out),
    },
  };
}

function readBody(mesh: MeshLike, role: string, origin: Float64Array, out: Frame): Surface {
  const body = readWorld(mesh, role, origin, out);
  if (body.indices.length > 0) return body;
  throw new RangeError(`Cannot use ${nameOf(mesh, role)} as it must have faces: it has 0`);
}

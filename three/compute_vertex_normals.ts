import { buildTopology } from "../fitting/topology/topology.ts";
import {
  VERTEX_NORMALS_DEFAULTS,
  vertexNormals,
  type VertexNormalsOptions,
  type VertexNormalsReport,
} from "../fitting/normals/vertex_normals.ts";
import type { BufferPool } from "../pool/buffer_pool.ts";
import { BufferScope } from "../pool/buffer_scope.ts";
import type { GeometryLike, MeshLike } from "./mesh_like.ts";
import { geometryOf, nameOf } from "./_name.ts";
import { assertKeys, pickOptions } from "./_options.ts";
import { storeAttribute } from "./_store.ts";
import { readLocal } from "./_surface.ts";

/** Options for {@linkcode computeVertexNormals}. */
export interface ComputeVertexNormalsOptions extends VertexNormalsOptions {
  /** Where memory comes from; by default a pool of the call's own, which ends with it. */
  pool?: BufferPool;
}

/** What {@linkcode computeVertexNormals} measured. */
export interface ComputeVertexNormalsReport extends VertexNormalsReport {
  /** `"normal"`, if the geometry had none, or one of integers. */
  newAttributes: readonly string[];
}

/**
 * Writes unit normals that agree across UV seams, unlike those of
 * `geometry.computeVertexNormals()`, which shows every seam and leaves a
 * geometry without an index faceted. With a crease, hard edges stay hard.
 *
 * Normals are those of the geometry's own coordinates, as three.js wants them.
 *
 * @param object A mesh or a geometry; its attribute `normal` is overwritten, or added as `Float32Array`.
 * @param options Missing keys take `VERTEX_NORMALS_DEFAULTS` of `./fitting`.
 * @throws {TypeError} If there are no positions, or an option is unknown.
 * @throws {RangeError} If an index or a coordinate is broken, or an option is out of range.
 *
 * @example Two faces that share no vertex, smooth across the fold between them, or creased
 * ```ts
 * import { computeVertexNormals } from "@meshtailor/meshtailor/three";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { BufferGeometry, Float32BufferAttribute } from "three";
 *
 * const roof = new BufferGeometry();
 * const front = [0, 0, 0, 1, 0, 0, 0, 1, 0], top = [0, 0, -1, 1, 0, 0, 0, 0, 0];
 * roof.setAttribute("position", new Float32BufferAttribute([...front, ...top], 3));
 * assertEquals(computeVertexNormals(roof), { verticesWithoutNormal: 0, newAttributes: ["normal"] });
 * const { normal } = roof.attributes;
 * assertAlmostEquals(normal.getY(0), normal.getY(5), 1e-6); // copies of one place agree
 *
 * assertEquals(computeVertexNormals(roof, { creaseRad: Math.PI / 4 }).newAttributes, []);
 * assertEquals([normal.getX(0), normal.getY(0), normal.getZ(0)], [0, 0, 1]);
 * ```
 */
export function computeVertexNormals(
  object: MeshLike | GeometryLike,
  options: ComputeVertexNormalsOptions = {},
): ComputeVertexNormalsReport {
  const geometry = geometryOf(object), name = nameOf(object, "the geometry");
  assertKeys(`Cannot compute normals of ${name}`, options, [...Object.keys(VERTEX_NORMALS_DEFAULTS), "pool"]);
  using scope = new BufferScope(options.pool, { label: "computeVertexNormals" });
  const surface = readLocal(geometry, name, scope), topology = buildTopology(surface, scope, scope);
  const normals = scope.f32(surface.positions.length);
  const report = vertexNormals(surface, topology, normals, scope, pickOptions(options, VERTEX_NORMALS_DEFAULTS));
  const newAttributes: string[] = [];
  storeAttribute(geometry, "normal", normals, 3, newAttributes);
  return { ...report, newAttributes };
}

import type { GeometryLike, MeshLike, SkinnedMeshLike } from "./mesh_like.ts";

/** What error messages call a mesh or geometry: its name in quotes, or the role it plays. */
export function nameOf({ name }: { readonly name: string }, role: string): string {
  return name ? `"${name}"` : role;
}

/** The geometry of a mesh, or the geometry itself. */
export function geometryOf(object: MeshLike | GeometryLike): GeometryLike {
  return "geometry" in object ? object.geometry : object;
}

/** Whether a mesh follows a skeleton. */
export function isBound(mesh: MeshLike): mesh is SkinnedMeshLike {
  return (mesh as Partial<SkinnedMeshLike>).skeleton !== undefined;
}

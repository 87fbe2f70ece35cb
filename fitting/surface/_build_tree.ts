import type { Bvh } from "./_bvh.ts";
import { sortFacesIntoLeaves } from "./_bvh_build.ts";
import { readTriangles } from "./_bvh_refit.ts";
import { FIELDS, WIDE_LEAF_BYTES } from "./_index_layout.ts";
import type { Kernels } from "./_kernels.ts";
import { faceCountOf, type TriangleMesh } from "../mesh.ts";
import { widenTree } from "./_wide_tree.ts";
import type { Work } from "../work.ts";

/** Faces the sort looks at between two pauses, and children that are read: some milliseconds. */
const FACES_PER_PAUSE = 1 << 18, CHILDREN_PER_PAUSE = 1 << 15;

/**
 * Fills a tree from its mesh. Kernels do it where there are any: the same tree, in
 * a third of the time where the process is cold and TypeScript is still interpreted.
 */
export function* buildTree(mesh: TriangleMesh, bvh: Bvh): Work<void> {
  const kernels = copyMesh(mesh, bvh);
  if (kernels === undefined) yield* sortFacesIntoLeaves(mesh, bvh);
  else {
    kernels.beginSort();
    while (kernels.sortFaces(FACES_PER_PAUSE) !== 0) yield;
    kernels.listSlots();
  }
  yield;
  yield* readTree(mesh, bvh, kernels);
}

/** Reads the positions of a mesh that moved; the tree keeps its shape. */
export function* refitTree(mesh: TriangleMesh, bvh: Bvh): Work<void> {
  yield* readTree(mesh, bvh, copyMesh(mesh, bvh));
}

function* readTree(mesh: TriangleMesh, bvh: Bvh, kernels: Kernels | undefined): Work<void> {
  if (kernels === undefined) yield* readTriangles(mesh, bvh);
  else if (bvh.children.length === 0) kernels.readOnlyLeaf();
  else {
    for (let end = bvh.children.length; end > 0; end -= CHILDREN_PER_PAUSE) {
      kernels.readChildren(Math.max(0, end - CHILDREN_PER_PAUSE), end);
      yield;
    }
  }
  yield* widenTree(bvh);
}

/**
 * Copies a mesh behind the records, where the frames of the wide tree come to lie.
 *
 * @returns The kernels that may go on from there; none if there are none, no face, or so many vertices no face uses
 * that the mesh does not fit.
 */
function copyMesh(mesh: TriangleMesh, { pages, kernels, records, faceOfSlot }: Bvh): Kernels | undefined {
  const { positions, indices } = mesh, faceCount = faceCountOf(mesh);
  const room = WIDE_LEAF_BYTES * faceOfSlot.length / 4;
  if (kernels === undefined || !pages.isOpen || faceCount === 0) return undefined;
  if (28 * faceCount + positions.byteLength > room) return undefined;
  const { buffer } = records, indicesAt = records.byteOffset + 16 * faceCount, positionsAt = indicesAt + 12 * faceCount;
  new Uint32Array(buffer, indicesAt, indices.length).set(indices);
  new Float32Array(buffer, positionsAt, positions.length).set(positions);
  new Int32Array(buffer, FIELDS, 16).set([indicesAt, positionsAt, positions.length / 3], 11);
  return kernels;
}

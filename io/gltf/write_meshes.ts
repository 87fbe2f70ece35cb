import type { Work } from "../../fitting/work.ts";
import { mergeDocuments, movedHeader, movedSkeleton } from "./_merge_documents.ts";
import { runThrough } from "./_run_through.ts";
import { type DocumentPiece, writeDocument } from "./_write_document.ts";
import type { MeshHeader } from "./mesh_header.ts";
import type { Vec3 } from "./_read_part.ts";
import type { GltfDocument } from "./open.ts";
import type { Skeleton } from "./skeleton.ts";
import { type MeshEdits, WRITE_MESH_DEFAULTS, type WriteMeshOptions } from "./write_mesh.ts";

/** A surface for {@linkcode writeMeshes}: where it is from, and what changed. */
export interface MeshPiece {
  /** From `openGltf`. */
  readonly document: GltfDocument;
  /** From `findMesh` of the same document. */
  readonly header: MeshHeader;
  /** What changed; the provenance of the first piece is that of the file. */
  readonly edits: MeshEdits;
  /** The origin its positions are relative to. @default that of the options */
  readonly origin?: Vec3;
}

/** What {@linkcode writeMeshes} made. */
export interface WrittenMeshes {
  /** The whole file. */
  readonly bytes: Uint8Array;
  /** What could not come along into the one file, each in a few words. */
  readonly left: readonly string[];
}

/**
 * Writes surfaces of several documents into one file, such as a garment, the
 * body it was fitted to and their skeleton, which they share when it comes from
 * one of the documents.
 *
 * The first document stays as it is, as with `writeMesh`: its numbers, its
 * unknown extensions, its bytes. Whatever else the others hold comes along too
 * (materials, textures, morph targets, animations, extras), with new numbers;
 * their nodes join the default scene. Left out is what cannot get new numbers:
 * extensions we do not know that may hold indices.
 *
 * What hangs on the same rig in the same pose (names, places, hierarchy) hangs
 * on that of the first document then, with its own weights and bind matrices.
 *
 * Surfaces of one document stay in one document. One that is there twice, as a
 * copy with other edits, brings its document twice.
 *
 * @param pieces At least one.
 * @param options Origin, of pieces that have none of their own, and format.
 * @returns The file, and what was left out of it.
 * @throws {RangeError} If an array has the wrong length or holds what a file may not hold, or there is no piece.
 * @throws {InputFileError} If a vertex cannot be taken back (its joints flatten it, or it leaves f32).
 * @example Two triangles in one file
 * ```ts
 * import { findMesh, openMeshFile, openGltf, writeMeshes } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const open = async (path: string) => {
 *   const text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n";
 *   const document = await openMeshFile(new TextEncoder().encode(text), { path });
 *   return { document, header: findMesh(document), edits: {} };
 * };
 * const { bytes, left } = writeMeshes([await open("body.obj"), await open("coat.obj")]);
 * const both = await openGltf(bytes, { path: "dressed.glb" });
 * assertEquals(both.json.nodes!.map(({ name }) => name), ["body", "coat"]);
 * assertEquals([findMesh(both).vertexCount, left], [6, []]);
 * ```
 */
export function writeMeshes(pieces: readonly MeshPiece[], options: WriteMeshOptions = {}): WrittenMeshes {
  return runThrough(writeMeshesWork(pieces, options));
}

/** {@linkcode writeMeshes} with pauses. */
export function* writeMeshesWork(
  pieces: readonly MeshPiece[],
  options: WriteMeshOptions = {},
): Work<WrittenMeshes> {
  if (pieces.length === 0) throw new RangeError("Cannot write a file of meshes as it must have one: there is none");
  const { origin, format } = { ...WRITE_MESH_DEFAULTS, ...options }, { provenance } = pieces[0].edits;
  const groups = groupByDocument(pieces);
  if (groups.length === 1) {
    return { bytes: yield* writeDocument(pieces[0].document, pieces.map(withOrigin), format, provenance), left: [] };
  }
  const { document, offsets, orphans, left } = mergeDocuments(groups.map(([{ document }]) => document));
  const moved = new Map<Skeleton, Skeleton>();
  const moving = groups.flatMap((group, g) =>
    group.map(withOrigin).map(({ header, edits, origin }): DocumentPiece => ({
      header: movedHeader(header, offsets[g]),
      edits: edits.skin === undefined
        ? edits
        : { ...edits, skin: { ...edits.skin, skeleton: moveIn(edits.skin.skeleton) } },
      origin,
    }))
  );
  return { bytes: yield* writeDocument(document, moving, format, provenance, orphans), left };

  function withOrigin(piece: MeshPiece): DocumentPiece {
    return { origin, ...piece };
  }

  /** A skeleton of one of the documents is that of the merged one; each stays one. */
  function moveIn(skeleton: Skeleton): Skeleton {
    const home = groups.findIndex(([{ document }]) => document === skeleton.document), known = moved.get(skeleton);
    if (home < 0 || known !== undefined) return known ?? skeleton;
    const own = movedSkeleton(skeleton, document, offsets[home]);
    moved.set(skeleton, own);
    return own;
  }
}

/** Pieces of one document together, unless they have a primitive in common. */
function groupByDocument(pieces: readonly MeshPiece[]): MeshPiece[][] {
  const groups: MeshPiece[][] = [];
  for (const piece of pieces) {
    const group = groups.find((others) =>
      others[0].document === piece.document && others.every((other) => !overlap(other.header, piece.header))
    );
    if (group === undefined) groups.push([piece]);
    else group.push(piece);
  }
  return groups;
}

function overlap(a: MeshHeader, b: MeshHeader): boolean {
  const places = new Set(a.parts.map(({ node, primitive }) => `${node} ${primitive}`));
  return b.parts.some(({ node, primitive }) => places.has(`${node} ${primitive}`));
}

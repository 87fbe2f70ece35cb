import { AccessorUsers } from "./_accessor_users.ts";
import { repairData } from "./_repair_data.ts";
import { repairJson } from "./_repair_json.ts";
import { retireCompression } from "./_retire_compression.ts";
import { bindSkeleton, type SkinEdit } from "./_bind_skeleton.ts";
import { type Binding, changeBlock, type WorldEdits } from "./_block_change.ts";
import { claimPrimitives } from "./_claim_primitives.ts";
import { DocumentEditor } from "./_document_editor.ts";
import { settleExtensions, withoutCompression } from "./_extension_lists.ts";
import { makePlain, makePlainSkins } from "./_plain_accessors.ts";
import type { Vec3 } from "./_read_part.ts";
import {
  type EditContext,
  type NewValues,
  primitiveAt,
  type PrimitiveSlot,
  replaceFaces,
  replaceValues,
  setPrimitive,
} from "./_replace_values.ts";
import { retireSkins } from "./_retire_skins.ts";
import { isMirroring } from "./_skin.ts";
import type { GltfNode, JsonObject } from "./json_types.ts";
import type { MeshHeader, MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";
import { readFaces } from "./read_mesh.ts";

export type { SkinEdit } from "./_bind_skeleton.ts";

/** What changed; missing keys stay as they are in the file. */
export interface MeshEdits {
  /** `3 * vertexCount`, metres, world space minus the origin, all finite. Vertices equal to what was read keep their bits. */
  positions?: Float32Array;
  /** `3 * vertexCount`, unit length; a zero normal leaves the one of the file. */
  normals?: Float32Array;
  /** Binds the surface to a skeleton: joints, weights, and where they come from. */
  skin?: SkinEdit;
  /** Becomes `asset.extras.meshtailor`. */
  provenance?: JsonObject;
}

/** Options for {@linkcode writeMesh}. */
export interface WriteMeshOptions {
  /** The origin the positions are relative to, as given to `readMesh`; metres. @default {[0, 0, 0]} */
  origin?: Vec3;
  /** A binary file, or JSON with the buffers inside it. @default {"glb"} */
  format?: "glb" | "gltf";
}

/** Defaults of {@linkcode WriteMeshOptions}. */
export const WRITE_MESH_DEFAULTS: Readonly<Required<WriteMeshOptions>> = {
  origin: [0, 0, 0],
  format: "glb",
};

/**
 * Writes the document with a changed surface: a patch, not a rebuild. The JSON
 * stays as it was parsed (order, unknown keys, extras, extensions, generator),
 * every byte that did not change stays, and without edits the result is the
 * same document letter for letter. Changed values are written over the old ones
 * where they fit (interleaved too), else appended. The document in memory is not
 * changed.
 *
 * Positions go back through the inverse of the node's world transform, or of
 * the blend of joints; normals by its transpose, unit length. Bound to a
 * skeleton, vertices go to bind space, so that `Σ w · jointWorld · inverseBind · v`
 * gives the world position; the joints and all nodes above them come along,
 * unless the document has the same rig, which is then used and put in that pose. A
 * skin nothing uses any more goes. Tangents and morph targets follow. A mesh
 * other nodes show too is copied, not changed for them. What was compressed and
 * changes becomes plain; the rest stays compressed as it is.
 *
 * What came along and no file may hold is repaired where it is plain what was
 * meant (numbers that are none, weights that do not sum to one, bounds, scenes
 * without their joints): a valid document needs none of that.
 *
 * @param document From `openGltf`.
 * @param header From `findMesh` of the same document.
 * @param edits What changed.
 * @param options Origin and format.
 * @returns The whole file; the same input gives the same bytes.
 * @throws {RangeError} If an array has the wrong length or holds what a file may not hold.
 * @throws {InputFileError} If a vertex cannot be taken back (its joints flatten it, or it leaves f32).
 * @example A triangle moves up, everything else stays
 * ```ts
 * import { findMesh, openGltf, readMesh, writeMesh } from "@meshtailor/meshtailor";
 * import { assertEquals } from "@std/assert";
 *
 * const json = {
 *   asset: { version: "2.0", generator: "by hand" },
 *   nodes: [{ mesh: 0 }],
 *   meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
 *   accessors: [{ bufferView: 0, componentType: 5126, count: 3, type: "VEC3", min: [0, 0, 0], max: [1, 1, 0] }],
 *   bufferViews: [{ buffer: 0, byteLength: 36 }],
 *   buffers: [{ byteLength: 36, uri: "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }],
 * };
 * const document = await openGltf(new TextEncoder().encode(JSON.stringify(json)), { path: "triangle.gltf" });
 * const header = findMesh(document);
 * const positions = new Float32Array(9), indices = new Uint32Array(3);
 * readMesh(document, header, { positions, indices });
 * for (let v = 0; v < 3; v++) positions[3 * v + 2] += 2;
 *
 * const written = await openGltf(writeMesh(document, header, { positions }), { path: "triangle.glb" });
 * assertEquals(written.json.accessors![0].max, [1, 1, 2]);
 * assertEquals(written.json.asset.generator, "by hand");
 * ```
 */
export function writeMesh(
  document: GltfDocument,
  header: MeshHeader,
  edits: MeshEdits,
  options: WriteMeshOptions = {},
): Uint8Array {
  const { origin, format } = { ...WRITE_MESH_DEFAULTS, ...options };
  checkEdits(header, edits, origin);
  const editor = new DocumentEditor(document),
    context = { editor, users: new AccessorUsers(document.json) };
  const binding = edits.skin === undefined ? undefined : bindSkeleton(context, header, edits.skin);
  const world = { positions: edits.positions, normals: edits.normals, origin };
  for (const parts of partsByNode(header)) {
    writeNode(context, parts, world, binding);
  }
  if (editor.json !== document.json) makePlainSkins(editor, header.skins);
  if (binding !== undefined) retireSkins(editor, header.skins);
  settleExtensions(editor);
  retireCompression(editor);
  repairData(editor);
  repairJson(editor);
  if (edits.provenance !== undefined) writeProvenance(editor, edits.provenance);
  return editor.finish(format);
}

function partsByNode(header: MeshHeader): Iterable<MeshPart[]> {
  const groups = new Map<number, MeshPart[]>();
  for (const part of header.parts) {
    const group = groups.get(part.node);
    if (group === undefined) groups.set(part.node, [part]);
    else group.push(part);
  }
  return groups.values();
}

/** Writes what changed of the parts at one node. */
function writeNode(
  context: EditContext,
  parts: readonly MeshPart[],
  world: WorldEdits,
  binding: Binding | undefined,
): void {
  const { editor } = context, { document } = editor, [{ node }] = parts;
  const changes = new Map<number, NewValues[]>();
  for (const part of parts) {
    if (part.sharesVertices) continue;
    const values = changeBlock(document, part, world, binding);
    if (values.length > 0) changes.set(part.firstVertex, values);
  }
  if (changes.size === 0) return;
  const slots = claimPrimitives(context, node, parts, binding?.skin);
  for (const [firstVertex, values] of changes) {
    const own = slots.filter((_, i) => parts[i].firstVertex === firstVertex);
    for (const slot of own) {
      setPrimitive(editor, slot, withoutCompression(primitiveAt(editor, slot)));
    }
    for (const value of values) replaceValues(context, own, value);
    makePlain(context, own);
  }
  if (binding === undefined) return;
  parts.forEach((part, i) => bindPrimitive(context, slots[i], part, binding));
  editor.set("nodes", node, boundNode(context, node, binding.skin));
}

/** Drops influence sets the new skin does not have, and turns faces that the node mirrored and the joints do not. */
function bindPrimitive(
  context: EditContext,
  slot: PrimitiveSlot,
  part: MeshPart,
  { influences, transforms }: Binding,
): void {
  const { editor, users } = context, primitive = primitiveAt(editor, slot);
  const kept = Object.entries(primitive.attributes).filter(
    ([name, accessor]) => {
      const set = Number(/^(?:JOINTS|WEIGHTS)_(\d+)$/.exec(name)?.[1] ?? 0),
        isKept = set < influences.slots / 4;
      if (!isKept) users.add(accessor, -1);
      return isKept;
    },
  );
  if (kept.length < Object.keys(primitive.attributes).length) {
    setPrimitive(editor, slot, {
      ...primitive,
      attributes: Object.fromEntries(kept),
    });
  }
  const willMirror = isMirroring(transforms);
  if (willMirror === part.isMirrored) return;
  const faces = new Uint32Array(3 * part.faceCount);
  readFaces(editor.document, {
    ...part,
    firstFace: 0,
    firstVertex: 0,
    isMirrored: false,
  }, faces);
  for (let i = 0; i < faces.length; i += 3) {
    const second = faces[i + 1];
    faces[i + 1] = faces[i + 2];
    faces[i + 2] = second;
  }
  replaceFaces(context, slot, faces, part.vertexCount);
}

/**
 * A node with its new skin. Its own transform means nothing any more, so it goes
 * where nothing else hangs on it: some viewers wrongly apply it.
 */
function boundNode(
  { editor }: EditContext,
  node: number,
  skin: number,
): GltfNode {
  const { matrix: _m, translation: _t, rotation: _r, scale: _s, ...rest } = editor.json.nodes![node];
  const { skins, animations } = editor.json;
  const isNeeded = rest.children !== undefined || rest.camera !== undefined ||
    rest.extensions !== undefined ||
    (skins?.some(({ joints }) => joints.includes(node)) ?? false) ||
    (animations?.some(({ channels }) => channels.some(({ target }) => target.node === node)) ?? false);
  return { ...(isNeeded ? editor.json.nodes![node] : rest), skin };
}

function writeProvenance(editor: DocumentEditor, provenance: JsonObject): void {
  const { asset } = editor.json, { extras } = asset;
  const isObject = typeof extras === "object" && extras !== null &&
    !Array.isArray(extras);
  // Extras that are no object have no room for a key: they move one level down.
  const kept = isObject ? extras as JsonObject : extras === undefined ? {} : { extras };
  editor.patch({
    asset: { ...asset, extras: { ...kept, meshtailor: provenance } },
  });
}

function checkEdits(header: MeshHeader, edits: MeshEdits, origin: Vec3): void {
  for (const key of ["positions", "normals"] as const) {
    const array = edits[key];
    if (array === undefined) continue;
    if (array.length !== 3 * header.vertexCount) {
      throw new RangeError(
        `Cannot write the mesh as ${key} must hold ${3 * header.vertexCount} numbers: it holds ${array.length}`,
      );
    }
    for (let i = 0; i < array.length; i++) {
      if (array[i] - array[i] === 0) continue;
      throw new RangeError(
        `Cannot write the mesh as ${key} must be finite: ${key}[${i}] is ${array[i]}`,
      );
    }
  }
  if (!origin.every(Number.isFinite)) {
    throw new RangeError(
      `Cannot write the mesh as the origin must be finite: it is ${origin.join(", ")}`,
    );
  }
}

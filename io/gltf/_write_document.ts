import type { Work } from "../../fitting/work.ts";
import { AccessorUsers } from "./_accessor_users.ts";
import { type PlacedSkeleton, placeSkeleton, type SkinEdit } from "./_bind_skeleton.ts";
import { type Binding, changeBlock, type WorldEdits } from "./_block_change.ts";
import { claimPrimitives, Places } from "./_claim_primitives.ts";
import { DocumentEditor } from "./_document_editor.ts";
import { settleExtensions, withoutCompression } from "./_extension_lists.ts";
import { isNodeFree } from "./_free_node.ts";
import { packInfluences } from "./_influence_packing.ts";
import { makePlain, makePlainSkins } from "./_plain_accessors.ts";
import type { Vec3 } from "./_read_part.ts";
import { recentreNode } from "./_recentre_node.ts";
import { repairData } from "./_repair_data.ts";
import { repairJson } from "./_repair_json.ts";
import {
  type EditContext,
  type NewValues,
  primitiveAt,
  type PrimitiveSlot,
  replaceFaces,
  replaceValues,
  setPrimitive,
} from "./_replace_values.ts";
import { retireCompression } from "./_retire_compression.ts";
import { retireSkins, unlinkJoints } from "./_retire_skins.ts";
import { isMirroring } from "./_skin.ts";
import type { GltfNode, JsonObject } from "./json_types.ts";
import type { MeshHeader, MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";
import { readFaces } from "./read_mesh.ts";
import type { Skeleton } from "./skeleton.ts";
import type { MeshEdits } from "./write_mesh.ts";

/** A surface of the document, and what changed of it. */
export interface DocumentPiece {
  readonly header: MeshHeader;
  readonly edits: MeshEdits;
  /** What the positions are relative to. */
  readonly origin: Vec3;
}

/**
 * Writes a document with changed surfaces, which have no primitive in common.
 *
 * @param provenance Becomes `asset.extras.meshtailor`.
 * @param orphans Joints that nothing follows any more: they leave the scenes.
 */
export function* writeDocument(
  document: GltfDocument,
  pieces: readonly DocumentPiece[],
  format: "glb" | "gltf",
  provenance: JsonObject | undefined,
  orphans: readonly number[] = [],
): Work<Uint8Array> {
  for (const { header, edits, origin } of pieces) checkEdits(header, edits, origin);
  yield;
  const editor = new DocumentEditor(document);
  const context = { editor, users: new AccessorUsers(document.json), places: new Places() };
  const skeletons = placeSkeletons(context, pieces), retired = new Set<number>();
  for (const { header, edits, origin } of pieces) {
    const before = editor.changes;
    yield;
    const binding = edits.skin === undefined ? undefined : bindingOf(header, edits.skin, skeletons);
    const { positions, normals, tangents } = edits, world = { positions, normals, tangents, origin };
    yield;
    for (const parts of partsByNode(context, header)) yield* writeNode(context, parts, world, binding);
    if (editor.changes !== before || binding !== undefined) makePlainSkins(editor, header.skins);
    if (binding !== undefined) header.skins.forEach((skin) => retired.add(skin));
  }
  yield;
  retireSkins(editor, [...retired]);
  if (orphans.length > 0) unlinkJoints(editor, new Set(orphans));
  settleExtensions(editor);
  retireCompression(editor);
  repairData(editor);
  repairJson(editor);
  if (provenance !== undefined) writeProvenance(editor, provenance);
  yield;
  return editor.finish(format);
}

/** Brings each skeleton in once, before any piece is bound to it. */
function placeSkeletons(context: EditContext, pieces: readonly DocumentPiece[]): Map<Skeleton, PlacedSkeleton> {
  const bound = new Map<Skeleton, MeshPart[]>();
  for (const { header, edits: { skin } } of pieces) {
    if (skin !== undefined) bound.set(skin.skeleton, [...bound.get(skin.skeleton) ?? [], ...header.parts]);
  }
  return new Map([...bound].map(([skeleton, parts]) => [skeleton, placeSkeleton(context, parts, skeleton)]));
}

function bindingOf(header: MeshHeader, edit: SkinEdit, placed: ReadonlyMap<Skeleton, PlacedSkeleton>): Binding {
  const influences = packInfluences(edit, header.vertexCount, edit.skeleton.jointCount);
  return { ...placed.get(edit.skeleton)!, influences };
}

/** A part, and where its primitive is in the document being edited. */
interface PlacedPart {
  readonly part: MeshPart;
  readonly node: number;
  readonly primitive: number;
}

/** The parts of a surface by the node they are at now. */
function partsByNode({ places }: EditContext, header: MeshHeader): PlacedPart[][] {
  const groups = new Map<number, PlacedPart[]>();
  for (const part of header.parts) {
    const placed = { part, ...places.of(part) }, group = groups.get(placed.node);
    if (group === undefined) groups.set(placed.node, [placed]);
    else group.push(placed);
  }
  return [...groups.values()];
}

/** Writes what changed of the parts at one node. */
function* writeNode(
  context: EditContext,
  placed: readonly PlacedPart[],
  world: WorldEdits,
  binding: Binding | undefined,
): Work<void> {
  const { editor } = context, { document } = editor, [{ node }] = placed, parts = placed.map(({ part }) => part);
  const moved = binding === undefined ? recentreNode(editor, node, parts, world) : undefined;
  const changes = new Map<number, NewValues[]>();
  for (const part of parts) {
    if (part.sharesVertices) continue;
    const values = yield* changeBlock(document, part, world, binding, moved);
    if (values.length > 0) changes.set(part.firstVertex, values);
  }
  if (changes.size === 0) return;
  const slots = claimPrimitives(context, node, placed.map(({ primitive }) => primitive), binding?.skin);
  const slotsOf = Map.groupBy(slots, (_, i) => parts[i].firstVertex);
  for (const [firstVertex, values] of changes) {
    const own = slotsOf.get(firstVertex)!;
    for (const slot of own) {
      setPrimitive(editor, slot, withoutCompression(primitiveAt(editor, slot)));
    }
    for (const value of values) {
      replaceValues(context, own, value);
      yield;
    }
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
  return { ...(isNodeFree(editor, node) ? rest : editor.json.nodes![node]), skin };
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
  for (const [key, components] of [["positions", 3], ["normals", 3], ["tangents", 4]] as const) {
    const array = edits[key];
    if (array === undefined) continue;
    if (array.length !== components * header.vertexCount) {
      throw new RangeError(
        `Cannot write the mesh as ${key} must hold ${
          components * header.vertexCount
        } numbers: it holds ${array.length}`,
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

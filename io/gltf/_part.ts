import { AFFINE, determinant, isSingular } from "./_affine.ts";
import { fault } from "./_check.ts";
import { type Column, openColumn } from "./_column.ts";
import { cornerCount, declaredFaces, type FaceSource, TRIANGLES, writeFaces } from "./_faces.ts";
import type { GltfPrimitive } from "./json_types.ts";
import type { MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";
import {
  type Budget,
  checkIndexValues,
  checkInfluences,
  checkSparse,
  countNonFinite,
  refuseUsedNonFinite,
} from "./_part_checks.ts";
import type { SelectedPrimitive } from "./_select.ts";
import { isMirroring, skinTransforms } from "./_skin.ts";

/** What {@linkcode readPart} knows from the parts before. */
export interface PartContext {
  readonly world: Float64Array;
  readonly mirroring: Map<number, boolean>;
  readonly budget: Budget;
  readonly twin: MeshPart | undefined;
  readonly firstVertex: number;
  readonly firstFace: number;
}

/** Checks what a primitive holds and returns its sizes. */
export function readPart(
  document: GltfDocument,
  item: SelectedPrimitive,
  context: PartContext,
): MeshPart {
  const { node, mesh, primitive: p } = item, { twin } = context;
  const primitive = document.json.meshes![mesh].primitives[p],
    pointer = `/meshes/${mesh}/primitives/${p}`;
  const faces = openFaces(document, primitive, pointer);
  if (faces.indices !== undefined) {
    checkIndexValues(
      document,
      faces.indices,
      faces.vertexCount,
      `${pointer}/indices`,
    );
  }
  const faceCount = writeFaces(faces, undefined, 0, 0, false);
  const positions = openColumn(document, primitive.attributes.POSITION);
  const nonFiniteVertexCount = countNonFinite(positions);
  if (nonFiniteVertexCount > 0) {
    refuseUsedNonFinite(
      document,
      positions,
      faces,
      nonFiniteVertexCount,
      `${pointer}/attributes/POSITION`,
    );
  }
  const normals = primitive.attributes.NORMAL;
  const influencesPerVertex = 4 * influenceSetCount(document, item);
  const skin = influencesPerVertex === 0 ? undefined : document.json.nodes![node].skin;
  if (twin === undefined) {
    checkContent(document, item, skin, influencesPerVertex / 4, context.budget);
  }
  return {
    ...item,
    material: primitive.material,
    skin,
    firstVertex: twin?.firstVertex ?? context.firstVertex,
    vertexCount: faces.vertexCount,
    sharesVertices: twin !== undefined,
    firstFace: context.firstFace,
    faceCount,
    hasNormals: normals !== undefined,
    influencesPerVertex,
    isMirrored: isMirroredPart(document, node, skin, context),
    nonFiniteVertexCount,
    unweightedVertexCount: skin === undefined ? 0 : countUnweighted(document, primitive, influencesPerVertex / 4),
    nonFiniteNormalCount: normals === undefined ? 0 : countNonFinite(openColumn(document, normals)),
  };
}

/** Counts what a primitive declares before anything of it is looked at. */
export function spendDeclared(
  document: GltfDocument,
  { node, mesh, primitive: p }: SelectedPrimitive,
  budget: Budget,
): void {
  const primitive = document.json.meshes![mesh].primitives[p],
    pointer = `/meshes/${mesh}/primitives/${p}`;
  const accessors = document.json.accessors ?? [];
  if (primitive.attributes.POSITION === undefined) {
    throw fault(
      document.path,
      `${pointer}/attributes`,
      "a primitive must have POSITION",
      `it has ${Object.keys(primitive.attributes).length} other attributes`,
    );
  }
  refuseInstances(document, node);
  const { count, bufferView, sparse } = accessors[primitive.attributes.POSITION];
  const isDecoded = document.decompressed.accessors.has(primitive.attributes.POSITION);
  if (bufferView === undefined && sparse === undefined && !isDecoded) {
    const name = Object.keys(primitive.extensions ?? {})[0];
    const found = name === undefined
      ? "its accessor has no bufferView"
      : `only ${name} has them; export it without that extension`;
    throw fault(
      document.path,
      `${pointer}/attributes/POSITION`,
      "positions must be in the file",
      found,
    );
  }
  const corners = primitive.indices === undefined ? count : accessors[primitive.indices].count;
  budget.spend(count + corners, pointer);
}

/** A mesh that is shown many times by one node cannot be fitted in all those places at once. */
function refuseInstances({ json, path }: GltfDocument, node: number): void {
  const pointer = `/nodes/${node}/extensions/${INSTANCING}`;
  if (json.nodes![node].extensions?.[INSTANCING] === undefined) return;
  throw fault(
    path,
    pointer,
    "a mesh that is read must be shown once",
    "its node shows instances of it; export them as nodes, or select another node",
  );
}

const INSTANCING = "EXT_mesh_gpu_instancing";

/** Opens the faces of a primitive; refuses corners that do not make whole faces. */
export function openFaces(
  document: GltfDocument,
  primitive: GltfPrimitive,
  pointer: string,
): FaceSource {
  const vertexCount = document.json.accessors![primitive.attributes.POSITION].count,
    mode = primitive.mode ?? TRIANGLES;
  const indices = primitive.indices === undefined ? undefined : openColumn(document, primitive.indices);
  const source = { mode, indices, vertexCount }, corners = cornerCount(source);
  if (
    mode === TRIANGLES ? corners % 3 !== 0 : declaredFaces(mode, corners) === 0
  ) {
    const rule = mode === TRIANGLES
      ? "triangles must have three corners each"
      : "a strip or fan must have three corners at least";
    throw fault(
      document.path,
      indices === undefined ? pointer : `${pointer}/indices`,
      rule,
      `there are ${corners} corners`,
    );
  }
  return source;
}

/** Checks what only a look at the content shows: joints, weights, sparse indices. */
function checkContent(
  document: GltfDocument,
  item: SelectedPrimitive,
  skin: number | undefined,
  setCount: number,
  budget: Budget,
): void {
  const primitive = document.json.meshes![item.mesh].primitives[item.primitive];
  const pointer = `/meshes/${item.mesh}/primitives/${item.primitive}`,
    { attributes } = primitive;
  for (const source of [attributes, ...(primitive.targets ?? [])]) {
    for (const accessor of Object.values(source)) {
      checkSparse(document, accessor, budget, pointer);
    }
  }
  if (skin === undefined) return;
  const jointCount = document.json.skins![skin].joints.length;
  for (let set = 0; set < setCount; set++) {
    const pair = {
      joints: openColumn(document, attributes[`JOINTS_${set}`]),
      weights: openColumn(document, attributes[`WEIGHTS_${set}`]),
    };
    checkInfluences(document, pair, jointCount, set, `${pointer}/attributes`);
  }
}

function countUnweighted(document: GltfDocument, { attributes }: GltfPrimitive, setCount: number): number {
  const sets = Array.from({ length: setCount }, (_, set) => openColumn(document, attributes[`WEIGHTS_${set}`]));
  let count = 0;
  for (let v = 0; v < sets[0].count; v++) if (!sets.some((set) => hasWeight(set, v))) count++;
  return count;
}

function hasWeight({ array, step }: Column, vertex: number): boolean {
  const at = step * vertex;
  return array[at] > 0 || array[at + 1] > 0 || array[at + 2] > 0 || array[at + 3] > 0;
}

/** How many `JOINTS_n` in a row a primitive has; none counts where its node has no skin. */
function influenceSetCount(
  document: GltfDocument,
  { node, mesh, primitive }: SelectedPrimitive,
): number {
  if (document.json.nodes![node].skin === undefined) return 0;
  const { attributes } = document.json.meshes![mesh].primitives[primitive];
  let count = 0;
  while (attributes[`JOINTS_${count}`] !== undefined) count++;
  return count;
}

function isMirroredPart(
  document: GltfDocument,
  node: number,
  skin: number | undefined,
  { world, mirroring }: PartContext,
): boolean {
  if (skin === undefined) {
    if (isSingular(world, AFFINE * node)) {
      throw fault(
        document.path,
        `/nodes/${node}`,
        "the transform of a mesh must not flatten it",
        "its scale is 0 in some direction, or it is not finite",
      );
    }
    return determinant(world, AFFINE * node) < 0;
  }
  const known = mirroring.get(skin);
  if (known !== undefined) return known;
  const transforms = skinTransforms(document, skin);
  const bad = transforms.findIndex((value) => value - value !== 0);
  if (bad >= 0) {
    throw fault(
      document.path,
      `/skins/${skin}`,
      "the matrices of every joint must be finite",
      `joint ${Math.floor(bad / AFFINE)} has ${transforms[bad]}`,
    );
  }
  mirroring.set(skin, isMirroring(transforms));
  return mirroring.get(skin)!;
}

import { type JointMap, type JointSet, mapJoints } from "../fitting/weights/map_joints.ts";
import { normalizeSkinWeights, type SkinWeights } from "../fitting/weights/skin_weights.ts";
import type { Topology } from "../fitting/topology/topology.ts";
import {
  TRANSFER_WEIGHTS_DEFAULTS,
  type TransferReport,
  transferWeights,
  type TransferWeightsOptions,
} from "../fitting/weights/transfer_weights.ts";
import type { TriangleMesh } from "../fitting/mesh.ts";
import { AFFINE, invert } from "../io/gltf/_affine.ts";
import type { Frame, Scratch } from "../pool/scratch.ts";
import type { AttributeLike, GeometryLike, SkeletonLike, SkinnedMeshLike } from "./mesh_like.ts";
import { isBound, nameOf } from "./_name.ts";
import { readMatrix } from "./_space.ts";
import type { Stage } from "./_stage.ts";
import { storeAttribute } from "./_store.ts";

/** Influences a vertex has in three.js. */
export const INFLUENCES = 4;

/** What a call may set of a transfer. */
export interface SkinOptions extends Omit<TransferWeightsOptions, "rigidPlaces"> {
  /** Flags of vertices that do not bend, `vertexCount`: those that hang together get one blend of joints. @default none */
  rigidVertices?: Uint8Array;
}

const { rigidPlaces: _, ...DEFAULTS } = TRANSFER_WEIGHTS_DEFAULTS;
/** Defaults of {@linkcode SkinOptions}. */
export const SKIN_OPTIONS: Readonly<Required<SkinOptions>> = { ...DEFAULTS, rigidVertices: new Uint8Array() };

/** Leases room for skin weights. */
export function leaseSkin(vertexCount: number, out: Frame): SkinWeights {
  return {
    skinJoints: out.u16(INFLUENCES * vertexCount),
    skinWeights: out.f32(INFLUENCES * vertexCount),
    influencesPerVertex: INFLUENCES,
  };
}

/**
 * Refuses a body that has no skeleton or no skin weights.
 *
 * @throws {TypeError} If one is missing.
 */
export function assertSkinned(mesh: SkinnedMeshLike, role: string): void {
  const { skinIndex, skinWeight } = mesh.geometry.attributes;
  const missing = !isBound(mesh) ? "skeleton" : !skinIndex ? "skinIndex" : !skinWeight ? "skinWeight" : undefined;
  if (missing === undefined) return;
  throw new TypeError(
    `Cannot use the skin of ${
      nameOf(mesh, role)
    } as it must have a skeleton, skinIndex and skinWeight: it has no ${missing}`,
  );
}

/**
 * Transfers the skin of the body to the piece. Where it was made on a body of
 * the same vertices it lay on the skin as designed: that is where to ask what it lies on.
 *
 * @param mesh The piece, where it lies now.
 */
export function transferOnStage(
  { piece, topology, body, index, source }: Stage,
  mesh: TriangleMesh,
  skinnedBody: SkinnedMeshLike,
  out: SkinWeights,
  scratch: Frame,
  { rigidVertices, ...options }: SkinOptions,
): TransferReport {
  using frame = scratch.frame("skin");
  const rigidPlaces = rigidVertices && placesOf(rigidVertices, topology, frame);
  const skin = leaseSkin(body.positions.length / 3, frame);
  readSkin(skinnedBody, skin);
  const jointCount = skinnedBody.skeleton.bones.length;
  if (source === undefined || !haveSameVertices(source.mesh, body)) {
    return transferWeights(mesh, topology, { mesh: body, index, skin, jointCount }, out, frame, {
      ...options,
      rigidPlaces,
    });
  }
  return transferWeights(
    piece,
    topology,
    { mesh: source.mesh, index: source.index, skin, jointCount },
    out,
    frame,
    options,
  );
}

/** The places of flagged vertices. */
function placesOf(flags: Uint8Array, { positionRemap, weldedCount }: Topology, out: Frame): Uint8Array {
  if (flags.length !== positionRemap.length) {
    throw new RangeError(
      `Cannot keep vertices rigid as rigidVertices must hold ${positionRemap.length} flags: it holds ${flags.length}`,
    );
  }
  const places = out.u8(weldedCount);
  for (let v = 0; v < flags.length; v++) if (flags[v] !== 0) places[positionRemap[v]] = 1;
  return places;
}

/**
 * Names weights after the joints of another skeleton that do the work of the body's.
 *
 * @param pairs Joints that belong together whatever their names say.
 * @returns What was found.
 */
export function nameJointsAnew(
  skin: SkinWeights,
  from: SkeletonLike,
  to: SkeletonLike,
  pairs: readonly (readonly [from: string, to: string])[],
  scratch: Scratch,
  options: { readonly maxInfluences?: number; readonly prune?: number },
): JointMap {
  const map = mapJoints(jointSetOf(from), jointSetOf(to), { pairs });
  const { skinJoints, skinWeights } = skin;
  for (let i = 0; i < skinJoints.length; i++) {
    if (skinWeights[i] > 0) skinJoints[i] = Math.max(0, map.jointOf[skinJoints[i]]);
  }
  normalizeSkinWeights(skin, scratch, options);
  return map;
}

/** Joints where they were bound. */
function jointSetOf({ bones, boneInverses }: SkeletonLike): JointSet {
  const bind = new Float64Array(AFFINE);
  const places = boneInverses.flatMap((matrix) => {
    readMatrix(matrix, bind);
    return invert(bind, bind) ? [bind[9], bind[10], bind[11]] : [NaN, NaN, NaN];
  });
  return {
    jointNames: bones.map(({ name }, j) => name === "" ? `joint ${j}` : name),
    parentJoint: bones.map(({ parent }) => bones.findIndex((bone) => bone === parent)),
    places,
  };
}

/** Writes skin weights into a geometry. */
export function storeSkin(geometry: GeometryLike, skin: SkinWeights, newAttributes: string[]): void {
  storeAttribute(geometry, "skinIndex", skin.skinJoints, INFLUENCES, newAttributes);
  storeAttribute(geometry, "skinWeight", skin.skinWeights, INFLUENCES, newAttributes);
}

function haveSameVertices(a: TriangleMesh, b: TriangleMesh): boolean {
  return a.positions.length === b.positions.length && a.indices.length === b.indices.length;
}

function readSkin(mesh: SkinnedMeshLike, { skinJoints, skinWeights }: SkinWeights): void {
  const { skinIndex, skinWeight } = mesh.geometry.attributes;
  const name = nameOf(mesh, "the body"), jointCount = mesh.skeleton.bones.length;
  readFours(skinIndex!, "skinIndex", name, skinJoints);
  readFours(skinWeight!, "skinWeight", name, skinWeights);
  for (let i = 0; i < skinJoints.length; i++) {
    if (skinJoints[i] < jointCount || !(skinWeights[i] > 0)) continue;
    throw new RangeError(
      `Cannot use the skin of ${name} as every joint must be < ${jointCount}: vertex ${
        Math.floor(i / INFLUENCES)
      } has ${skinJoints[i]}`,
    );
  }
}

function readFours(attribute: AttributeLike, key: string, name: string, out: Float32Array | Uint16Array): void {
  const { itemSize, count } = attribute, vertexCount = out.length / INFLUENCES;
  if (itemSize !== INFLUENCES || count !== vertexCount) {
    throw new RangeError(
      `Cannot use the skin of ${name} as ${key} must hold ${INFLUENCES} numbers for each of ${vertexCount} vertices: it holds ${itemSize} for ${count}`,
    );
  }
  for (let v = 0; v < count; v++) {
    out[4 * v] = attribute.getX(v);
    out[4 * v + 1] = attribute.getY(v);
    out[4 * v + 2] = attribute.getZ(v);
    out[4 * v + 3] = attribute.getW(v);
  }
}

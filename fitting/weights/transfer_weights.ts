import type { Scratch } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import { copyPlace } from "./_follow_island.ts";
import { InfluenceMix, influenceMixBytes, isWeight } from "./_influence_mix.ts";
import { jointReachBytes, jointReachWork } from "./_joint_reach.ts";
import { CORNERS, PatchSampler } from "./_patch_sampler.ts";
import { placeNormals } from "../normals/_place_normals.ts";
import { bindRigidParts, bindRigidPartsBytes } from "./_rigid_weights.ts";
import { assertTransferOptions, assertWeightSource } from "./_transfer_checks.ts";
import { type Matches, trustMatchesBytes, trustMatchesWork } from "./_trusted_matches.ts";
import { boundsOf } from "../bounds.ts";
import { type InpaintSizes, inpaintWeightsBytes, inpaintWeightsWork } from "./inpaint_weights.ts";
import { NO_INDEX, type TriangleMesh, vertexCountOf } from "../mesh.ts";
import { assertSkinWeights, type SkinWeights } from "./skin_weights.ts";
import { smoothWeightsBytes, smoothWeightsWork } from "./smooth_weights.ts";
import type { SurfaceIndex } from "../surface/surface_index.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Influences a place has while weights are worked out. */
const SLOTS = 8;
/** Nanoseconds a query takes. */
const QUERY_COST = 1500;
/** Influences below this are rounding. */
const ROUNDING = 1e-7;
/** Small islands measure less than this share of the source's diagonal: 3 cm on a person. */
const SMALL_ISLAND = 0.02;

/** The surface that gives weights. */
export interface WeightSource {
  /** Read only. */
  readonly mesh: TriangleMesh;
  /** Built over `mesh`. */
  readonly index: SurfaceIndex;
  /** One entry a vertex of `mesh`; a vertex may have no weight, the mesh must have some. */
  readonly skin: SkinWeights;
  /** Joints of the skeleton: all that `skin` names are below. */
  readonly jointCount: number;
}

/** Options for {@linkcode transferWeights}. */
export interface TransferWeightsOptions {
  /**
   * `inpaint` asks a patch of the surface, trusts what fits the place, and solves
   * for the rest; `barycentric` takes the closest point as it is; `nearest` the
   * corner nearest to it, for blocky rigs.
   * @default {"inpaint"}
   */
  method?: "inpaint" | "barycentric" | "nearest";
  /** Joints that may move one vertex, 1–8. @default {4} */
  maxInfluences?: number;
  /** Influences below this share of a vertex' weight are dropped, 0–1. @default {0.001} */
  prune?: number;
  /** `inpaint`: what lies farther away is not trusted, a share of the diagonal of the source's bounds.@default {0.1} */
  maxDistance?: number;
  /** `inpaint`: whether a surface that faces the other way may be right, as under a lining or an inside-out shell. @default {true} */
  flipped?: boolean;
  /** `inpaint` without `flipped`: what turns farther away from the surface is not trusted, radians. @default {Math.PI / 6} */
  maxAngle?: number;
  /** `auto` binds islands smaller than 2 % of the source's diagonal, such as buttons, to one blend of joints each. @default {"auto"} */
  rigid?: "auto" | "none";
  /** Places that do not bend, `weldedCount` flags, above 0: those that hang together get one blend of joints. @default {undefined} */
  rigidPlaces?: Uint8Array | undefined;
  /** Passes that even out the weights along the mesh. @default {0} */
  smooth?: number;
}

/** Defaults of {@linkcode TransferWeightsOptions}; steps, CLI and docs read these. */
export const TRANSFER_WEIGHTS_DEFAULTS: Readonly<Required<TransferWeightsOptions>> = {
  method: "inpaint",
  maxInfluences: 4,
  prune: 0.001,
  maxDistance: 0.1,
  flipped: true,
  maxAngle: Math.PI / 6,
  rigid: "auto",
  rigidPlaces: undefined,
  smooth: 0,
};

/** What {@linkcode transferWeights} measured. */
export interface TransferReport {
  /** Mean distance of a welded vertex to the source's surface, metres; 0 without vertices. */
  meanDistance: number;
  /** The greatest of these distances, metres. */
  maxDistance: number;
  /** Welded vertices whose closest face has no weights: they took those of the nearest weighted source vertex. */
  fallbacks: number;
  /** Vertices left without weight: 0, as a source without any weight is refused. */
  unweighted: number;
  /** The greatest share of one vertex' weight that `maxInfluences` and `prune` dropped, 0–1. */
  droppedInfluenceMax: number;
  /** Welded vertices too far from the source or, without `flipped`, turned away from it. */
  farOrTurned: number;
  /** Welded vertices whose joints jumped away from those around them: they had met another limb. */
  jumped: number;
  /** Welded vertices that were solved for. */
  inpainted: number;
  /** Islands without anything to trust, which follow the nearest one: the first eight. */
  unmatchedIslands: number[];
  /** How many of them there are. */
  unmatchedIslandCount: number;
  /** Parts that were bound to one blend of joints. */
  rigidParts: number;
}

/** What the bytes follow from. */
export interface TransferWeightsSizes extends InpaintSizes {
  /** Influences a vertex of the source has. */
  sourceInfluencesPerVertex: number;
}

/** What {@linkcode transferWeights} leases from scratch. */
export function transferWeightsBytes(sizes: TransferWeightsSizes, options: TransferWeightsOptions = {}): number {
  const { method, rigid, rigidPlaces, smooth } = { ...TRANSFER_WEIGHTS_DEFAULTS, ...options };
  const { weldedCount, jointCount, sourceInfluencesPerVertex: influencesPerVertex } = sizes;
  const base = influenceMixBytes(CORNERS * influencesPerVertex) + influenceMixBytes(SLOTS) +
    weldedCount * (6 * SLOTS + 20 + 32);
  const filling = weldedCount + jointCount * jointCount + jointReachBytes({ influencesPerVertex }) +
    Math.max(trustMatchesBytes(sizes), inpaintWeightsBytes(sizes));
  return base + Math.max(
    method === "inpaint" ? filling : 0,
    smooth > 0 ? smoothWeightsBytes({ weldedCount, influencesPerVertex: SLOTS }) : 0,
    rigid === "auto" || rigidPlaces !== undefined ? bindRigidPartsBytes(sizes) : 0,
  );
}

/**
 * Gives every vertex of `mesh` the skin weights of another surface beneath it.
 * Once a welded vertex, so all copies of a seam vertex agree.
 *
 * With `inpaint` a place asks the patch of the source it hangs over, as wide as
 * the gap. What is too far away, or met another limb than the places around it
 * (an arm that hangs beside the hip, the next finger, the other shoe), is not
 * trusted, and solved for along the mesh: {@linkcode inpaintWeights}. An island
 * with nothing to trust follows the nearest one. Small islands do not bend.
 *
 * Both meshes must lie in one space and pose. O(weldedCount · log faces) time,
 * more where much is solved for. The result does not depend on the unit of
 * length, the place, or the order of vertices.
 *
 * Source: Abdrashitov, Raichstat, Monsen & Hill 2023, "Robust Skin Weights
 * Transfer via Weight Inpainting"; patches and the test of joints are ours, and
 * the angle between normals alone rejects nothing: on linings it rejected what
 * was right, and doubled the error of suits with pockets and collars.
 *
 * @param mesh The piece that gets weights; read only.
 * @param topology Of `mesh`.
 * @param weightSource Gives weights.
 * @param out Caller-owned, `influencesPerVertex * vertexCount` entries each; overwritten: falling, sum 1, unused slots zero.
 * @param scratch {@linkcode transferWeightsBytes}.
 * @param options Missing keys take {@linkcode TRANSFER_WEIGHTS_DEFAULTS}.
 * @throws {RangeError} If an array has the wrong length, an option is out of range, or the source has no weight at all.
 */
export function* transferWeightsWork(
  mesh: TriangleMesh,
  topology: Topology,
  weightSource: WeightSource,
  out: SkinWeights,
  scratch: Scratch,
  options: TransferWeightsOptions = {},
): Work<TransferReport> {
  const settings = { ...TRANSFER_WEIGHTS_DEFAULTS, ...options }, { method, smooth } = settings;
  assertTransferOptions(settings, out, topology.weldedCount);
  assertWeightSource(weightSource);
  assertSkinWeights(out, vertexCountOf(mesh));
  yield;
  const { weldedCount } = topology, { jointCount } = weightSource;
  using frame = scratch.frame("transfer weights");
  const tableLength = CORNERS * weightSource.skin.influencesPerVertex;
  const mix = new InfluenceMix(frame.u16(tableLength), frame.f64(tableLength));
  const last = new InfluenceMix(frame.u16(SLOTS), frame.f64(SLOTS));
  const skin = {
    skinJoints: frame.u16(SLOTS * weldedCount),
    skinWeights: frame.f32(SLOTS * weldedCount),
    influencesPerVertex: SLOTS,
  };
  const matches = {
    skin,
    distances: frame.f32(weldedCount),
    agreements: frame.f32(weldedCount),
    normals: frame.f32(3 * weldedCount),
    areas: frame.f64(weldedCount),
  };
  const normals = frame.f64(3 * weldedCount);
  placeNormals(mesh, topology, normals, matches.areas);
  yield;
  const matched = yield* match(mesh, topology, weightSource, matches, normals, mix, method);
  const filled = method === "inpaint"
    ? yield* fill(mesh, topology, weightSource, matches, settings, frame)
    : { farOrTurned: 0, jumped: 0, inpainted: 0, unmatchedIslands: [], unmatchedIslandCount: 0 };
  if (smooth > 0) yield* smoothWeightsWork(mesh, topology, skin, frame, { iterations: smooth });
  yield;
  const rigidParts = bindRigid(mesh, topology, matches, settings, sourceDiagonal(weightSource), jointCount, frame);
  yield;
  const written = yield* write(topology, skin, out, last, settings);
  return { ...matched, ...filled, ...written, rigidParts };
}

/**
 * Runs {@linkcode transferWeightsWork} without a pause; same arguments, same result.
 *
 * @throws {RangeError} As {@linkcode transferWeightsWork}.
 * @example A point half way along an edge gets half of both ends
 * ```ts
 * import { buildTopology, SurfaceIndex, transferWeights } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const body = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), indices: Uint32Array.of(0, 1, 2) };
 * const skin = { skinJoints: Uint16Array.of(7, 8, 9), skinWeights: Float32Array.of(1, 1, 1), influencesPerVertex: 1 };
 * const source = { mesh: body, index: SurfaceIndex.build(body, scope), skin, jointCount: 10 };
 *
 * const patch = { positions: Float32Array.of(0.5, 0, 0.01), indices: new Uint32Array() };
 * const out = { skinJoints: new Uint16Array(4), skinWeights: new Float32Array(4), influencesPerVertex: 4 };
 * const topology = buildTopology(patch, scope, scope);
 * transferWeights(patch, topology, source, out, scope);
 * assertEquals([...out.skinJoints], [7, 8, 0, 0]);
 * assertEquals([...out.skinWeights], [0.5, 0.5, 0, 0]);
 * ```
 */
export function transferWeights(
  mesh: TriangleMesh,
  topology: Topology,
  weightSource: WeightSource,
  out: SkinWeights,
  scratch: Scratch,
  options: TransferWeightsOptions = {},
): TransferReport {
  return finish(
    transferWeightsWork(mesh, topology, weightSource, out, scratch, options),
  );
}

/** Asks the source for every place. */
function* match(
  { positions }: TriangleMesh,
  { weldedCount, representative }: Topology,
  source: WeightSource,
  { skin, distances, agreements, normals: found }: Matches,
  normals: Float64Array,
  mix: InfluenceMix,
  method: string,
): Work<Pick<TransferReport, "meanDistance" | "maxDistance" | "fallbacks">> {
  const sampler = new PatchSampler(source, mix), effort = new Effort(), { hit } = sampler;
  let sum = 0, maxDistance = 0, fallbacks = 0;
  for (let w = 0; w < weldedCount; w++) {
    const v = representative[w];
    sampler.find(positions, v);
    mix.clear();
    if (!(method === "nearest" ? sampler.addCorner() : sampler.addPoint())) {
      fallbacks++;
      mix.add(source.skin, nearestWeightedVertex(source, positions, v), 1);
    } else if (method === "inpaint") sampler.addPatch(positions, v);
    mix.writeTo(skin.skinJoints, skin.skinWeights, w * SLOTS, SLOTS, SLOTS, ROUNDING);
    const distance = Math.sqrt(hit.distanceSq);
    distances[w] = distance;
    agreements[w] = sampler.agreement(normals, w);
    sampler.copyNormal(found, w);
    sum += distance;
    if (distance > maxDistance) maxDistance = distance;
    yield* effort.spend(method === "inpaint" ? 5 : 1, QUERY_COST);
  }
  return { meanDistance: weldedCount === 0 ? 0 : sum / weldedCount, maxDistance, fallbacks };
}

/** Solves for what is not to be trusted; where nothing is, the closest points stay. */
function* fill(
  mesh: TriangleMesh,
  topology: Topology,
  source: WeightSource,
  matches: Matches,
  { maxDistance, flipped, maxAngle }: Required<TransferWeightsOptions>,
  scratch: Scratch,
): Work<
  Omit<
    TransferReport,
    "meanDistance" | "maxDistance" | "fallbacks" | "unweighted" | "droppedInfluenceMax" | "rigidParts"
  >
> {
  const { jointCount, skin } = source;
  using frame = scratch.frame("fill");
  const isKnown = frame.u8(topology.weldedCount), reach = frame.u8(jointCount * jointCount);
  yield* jointReachWork(source.mesh, skin, jointCount, reach, frame.u16(3 * skin.influencesPerVertex));
  yield;
  const rules = {
    maxDistance: maxDistance * sourceDiagonal(source),
    minAgreement: Math.cos(maxAngle),
    flipped,
    reach,
    jointCount,
  };
  const trusted = yield* trustMatchesWork(topology, matches, rules, isKnown, frame);
  yield;
  if (!isKnown.includes(1)) isKnown.fill(1);
  const { inpainted, unmatchedIslands, unmatchedIslandCount } = yield* inpaintWeightsWork(
    mesh,
    topology,
    isKnown,
    matches.skin,
    jointCount,
    frame,
  );
  return { ...trusted, inpainted, unmatchedIslands, unmatchedIslandCount };
}

function sourceDiagonal({ mesh }: WeightSource): number {
  return boundsOf(mesh).boundsDiagonal;
}

function bindRigid(
  mesh: TriangleMesh,
  topology: Topology,
  { skin, areas }: Matches,
  { rigid, rigidPlaces }: Required<TransferWeightsOptions>,
  diagonal: number,
  jointCount: number,
  scratch: Scratch,
): number {
  if (rigid === "none" && rigidPlaces === undefined) return 0;
  const smallerThan = rigid === "auto" ? SMALL_ISLAND * diagonal : 0;
  return bindRigidParts(mesh, topology, skin, areas, rigidPlaces, smallerThan, jointCount, scratch);
}

/** Brings the weights of places to vertices, as many influences as asked for. */
function* write(
  { positionRemap, representative }: Topology,
  skin: SkinWeights,
  out: SkinWeights,
  mix: InfluenceMix,
  { maxInfluences, prune }: Required<TransferWeightsOptions>,
): Work<Pick<TransferReport, "unweighted" | "droppedInfluenceMax">> {
  const slots = out.influencesPerVertex, effort = new Effort();
  let unweighted = 0, droppedInfluenceMax = 0;
  for (let v = 0; v < positionRemap.length; v++) {
    const w = positionRemap[v];
    if (representative[w] < v) { // a seam copy: the vertex it copies was served before
      copyPlace(out, representative[w], v);
      continue;
    }
    mix.clear();
    if (!mix.add(skin, w, 1)) unweighted++;
    const dropped = mix.writeTo(out.skinJoints, out.skinWeights, v * slots, slots, maxInfluences, prune);
    if (dropped > droppedInfluenceMax) droppedInfluenceMax = dropped;
    yield* effort.spend(1, 200);
  }
  return { unweighted, droppedInfluenceMax };
}

/** Brute force: only the few vertices whose closest face has no weights come here. */
function nearestWeightedVertex(
  { mesh: { positions }, skin }: WeightSource,
  points: Float32Array,
  point: number,
): number {
  const { skinWeights, influencesPerVertex } = skin;
  const x = points[3 * point], y = points[3 * point + 1], z = points[3 * point + 2];
  let nearest = NO_INDEX, nearestSq = Infinity;
  for (let v = 0; 3 * v < positions.length; v++) {
    const dx = positions[3 * v] - x,
      dy = positions[3 * v + 1] - y,
      dz = positions[3 * v + 2] - z;
    const distanceSq = dx * dx + dy * dy + dz * dz;
    if (distanceSq >= nearestSq) continue;
    for (
      let i = v * influencesPerVertex;
      i < (v + 1) * influencesPerVertex;
      i++
    ) {
      if (!isWeight(skinWeights[i])) continue;
      nearest = v;
      nearestSq = distanceSq;
      break;
    }
  }
  return nearest;
}

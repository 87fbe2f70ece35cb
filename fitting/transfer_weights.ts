import type { Scratch } from "../pool/scratch.ts";
import { InfluenceMix, influenceMixBytes, isWeight } from "./_influence_mix.ts";
import { NO_INDEX, type TriangleMesh, vertexCountOf } from "./mesh.ts";
import { assertSkinWeights, type SkinWeights } from "./skin_weights.ts";
import { SurfaceHit } from "./surface_hit.ts";
import type { SurfaceIndex } from "./surface_index.ts";
import type { Topology } from "./topology.ts";
import { finish, type Work } from "./work.ts";

/** How many queries run between two pauses. */
const CHUNK = 1024;

/** The surface that gives weights. */
export interface WeightSource {
  /** Read only. */
  readonly mesh: TriangleMesh;
  /** Built over `mesh`. */
  readonly index: SurfaceIndex;
  /** One entry a vertex of `mesh`; a vertex may have no weight, the mesh must have some. */
  readonly skin: SkinWeights;
}

/** Options for {@linkcode transferWeights}. */
export interface TransferWeightsOptions {
  /**
   * What the closest point gives: the mix of its face's corners, or the corner
   * nearest to it (`nearest`, for rigid pieces and blocky rigs).
   * @default {"barycentric"}
   */
  method?: "barycentric" | "nearest";
  /** Joints that may move one vertex, 1–8. @default {4} */
  maxInfluences?: number;
  /** Influences below this share of a vertex' weight are dropped, 0–1. @default {0.001} */
  prune?: number;
}

/** Defaults of {@linkcode TransferWeightsOptions}; steps, CLI and docs read these. */
export const TRANSFER_WEIGHTS_DEFAULTS: Readonly<
  Required<TransferWeightsOptions>
> = {
  method: "barycentric",
  maxInfluences: 4,
  prune: 0.001,
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
}

/** What {@linkcode transferWeights} leases from scratch. */
export function transferWeightsBytes(
  sizes: { sourceInfluencesPerVertex: number },
): number {
  return influenceMixBytes(3 * sizes.sourceInfluencesPerVertex);
}

/**
 * Gives every vertex of `mesh` the skin weights of the closest point of another
 * surface. One query a welded vertex, so all copies of a seam vertex agree.
 *
 * Both meshes must lie in one space and pose. O(weldedCount · log faces) time.
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
  const { method, maxInfluences, prune } = {
    ...TRANSFER_WEIGHTS_DEFAULTS,
    ...options,
  };
  assertOptions(method, maxInfluences, prune, out);
  assertSource(weightSource);
  const { skin: source, index } = weightSource,
    vertexCount = vertexCountOf(mesh);
  assertSkinWeights(out, vertexCount);
  const { positions } = mesh, { positionRemap, representative } = topology;
  const slots = out.influencesPerVertex;
  using frame = scratch.frame("transfer weights");
  const tableLength = 3 * source.influencesPerVertex;
  const mix = new InfluenceMix(frame.u16(tableLength), frame.f64(tableLength));
  const hit = new SurfaceHit();
  let sum = 0,
    maxDistance = 0,
    fallbacks = 0,
    unweighted = 0,
    droppedInfluenceMax = 0;
  let face = -1;
  for (let v = 0; v < vertexCount; v++) {
    if (v % CHUNK === CHUNK - 1) yield;
    const first = representative[positionRemap[v]];
    if (first < v) { // a seam copy: the vertex it copies was served before
      copyInfluences(out, first, v);
      continue;
    }
    const x = positions[3 * v],
      y = positions[3 * v + 1],
      z = positions[3 * v + 2];
    index.closestPoint(x, y, z, hit, Infinity, face);
    face = hit.face;
    mix.clear();
    if (!addHit(mix, weightSource, hit, method)) {
      fallbacks++;
      mix.add(source, nearestWeightedVertex(weightSource, x, y, z), 1);
    }
    if (mix.count === 0) unweighted++;
    const dropped = mix.writeTo(
      out.skinJoints,
      out.skinWeights,
      v * slots,
      slots,
      maxInfluences,
      prune,
    );
    if (dropped > droppedInfluenceMax) droppedInfluenceMax = dropped;
    const distance = Math.sqrt(hit.distanceSq);
    sum += distance;
    if (distance > maxDistance) maxDistance = distance;
  }
  const meanDistance = topology.weldedCount === 0 ? 0 : sum / topology.weldedCount;
  return {
    meanDistance,
    maxDistance,
    fallbacks,
    unweighted,
    droppedInfluenceMax,
  };
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
 * const source = { mesh: body, index: SurfaceIndex.build(body, scope, scope), skin };
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

function assertOptions(
  method: string,
  maxInfluences: number,
  prune: number,
  out: SkinWeights,
): void {
  if (method !== "barycentric" && method !== "nearest") {
    throw new RangeError(
      `Cannot transfer skin weights as method must be "barycentric" or "nearest": current value is "${method}"`,
    );
  }
  if (
    !Number.isInteger(maxInfluences) || maxInfluences < 1 || maxInfluences > 8
  ) {
    throw new RangeError(
      `Cannot transfer skin weights as maxInfluences must be a whole number from 1 to 8: current value is ${maxInfluences}`,
    );
  }
  if (maxInfluences > out.influencesPerVertex) {
    throw new RangeError(
      `Cannot transfer skin weights as out must have room for ${maxInfluences} influences a vertex: it has ${out.influencesPerVertex}`,
    );
  }
  if (!(prune >= 0 && prune <= 1)) {
    throw new RangeError(
      `Cannot transfer skin weights as prune must be >= 0 and <= 1: current value is ${prune}`,
    );
  }
}

function assertSource({ mesh, skin }: WeightSource): void {
  assertSkinWeights(skin, vertexCountOf(mesh));
  if (mesh.indices.length === 0) {
    throw new RangeError(
      "Cannot transfer skin weights as the source must have faces: it has 0",
    );
  }
  for (let i = 0; i < skin.skinWeights.length; i++) {
    if (isWeight(skin.skinWeights[i])) return;
  }
  throw new RangeError(
    `Cannot transfer skin weights as the source must have weights: none of its ${vertexCountOf(mesh)} vertices has any`,
  );
}

/** Adds what the closest point gives; `false` when its face has no weights there. */
function addHit(
  mix: InfluenceMix,
  { mesh: { indices }, skin }: WeightSource,
  hit: SurfaceHit,
  method: string,
): boolean {
  const a = indices[3 * hit.face],
    b = indices[3 * hit.face + 1],
    c = indices[3 * hit.face + 2];
  const { w0, w1, w2 } = hit;
  if (method === "nearest") {
    return mix.add(skin, w0 >= w1 && w0 >= w2 ? a : w1 >= w2 ? b : c, 1);
  }
  if (w0 > 0) mix.add(skin, a, w0);
  if (w1 > 0) mix.add(skin, b, w1);
  if (w2 > 0) mix.add(skin, c, w2);
  return mix.count > 0;
}

/** Brute force: only the few vertices whose closest face has no weights come here. */
function nearestWeightedVertex(
  { mesh: { positions }, skin }: WeightSource,
  x: number,
  y: number,
  z: number,
): number {
  const { skinWeights, influencesPerVertex } = skin;
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

function copyInfluences(
  { skinJoints, skinWeights, influencesPerVertex }: SkinWeights,
  from: number,
  to: number,
): void {
  for (let i = 0; i < influencesPerVertex; i++) {
    skinJoints[to * influencesPerVertex + i] = skinJoints[from * influencesPerVertex + i];
    skinWeights[to * influencesPerVertex + i] = skinWeights[from * influencesPerVertex + i];
  }
}

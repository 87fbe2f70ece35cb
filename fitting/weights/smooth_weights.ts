import type { Scratch } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import { InfluenceMix, influenceMixBytes } from "./_influence_mix.ts";
import type { TriangleMesh } from "../mesh.ts";
import { assertSkinWeights, type SkinWeights } from "./skin_weights.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Different joints around a place at most; of more, those of the last neighbours are not looked at. */
const MOST_JOINTS = 64;
/** Nanoseconds a neighbour takes. */
const NEIGHBOUR_COST = 40;

/** Options for {@linkcode smoothWeights}. */
export interface SmoothWeightsOptions {
  /** Passes over the mesh. @default {1} */
  iterations?: number;
  /** How much of a place's weights comes from its neighbours, 0–1. @default {0.5} */
  strength?: number;
}

/** Defaults of {@linkcode SmoothWeightsOptions}. */
export const SMOOTH_WEIGHTS_DEFAULTS: Readonly<Required<SmoothWeightsOptions>> = { iterations: 1, strength: 0.5 };

/** What {@linkcode smoothWeights} leases from scratch. */
export function smoothWeightsBytes(sizes: { weldedCount: number; influencesPerVertex: number }): number {
  return 6 * sizes.influencesPerVertex * sizes.weldedCount + influenceMixBytes(MOST_JOINTS);
}

/**
 * Evens out skin weights along the surface: neighbours count by the inverse of
 * their distance, each pass reads only what the one before it wrote (Jacobi), so
 * that no order of vertices matters.
 *
 * @param mesh Read only.
 * @param topology Of `mesh`.
 * @param skin One entry a *place*, overwritten; each sums to 1 afterwards, falling.
 * @param scratch {@linkcode smoothWeightsBytes}.
 * @param options Missing keys take {@linkcode SMOOTH_WEIGHTS_DEFAULTS}.
 * @throws {RangeError} If an array has the wrong length or an option is out of range.
 */
export function* smoothWeightsWork(
  mesh: TriangleMesh,
  topology: Topology,
  skin: SkinWeights,
  scratch: Scratch,
  options: SmoothWeightsOptions = {},
): Work<void> {
  const { iterations, strength } = { ...SMOOTH_WEIGHTS_DEFAULTS, ...options };
  const { weldedCount } = topology, slots = skin.influencesPerVertex;
  assertSkinWeights(skin, weldedCount);
  if (!(Number.isInteger(iterations) && iterations >= 0)) {
    throw new RangeError(
      `Cannot smooth weights as iterations must be a whole number >= 0: current value is ${iterations}`,
    );
  }
  if (!(strength >= 0 && strength <= 1)) {
    throw new RangeError(`Cannot smooth weights as strength must be >= 0 and <= 1: current value is ${strength}`);
  }
  using frame = scratch.frame("smooth weights");
  const joints = frame.u16(slots * weldedCount), weights = frame.f32(slots * weldedCount);
  const mix = new InfluenceMix(frame.u16(MOST_JOINTS), frame.f64(MOST_JOINTS)), effort = new Effort();
  for (let n = 0; n < iterations; n++) {
    for (let w = 0; w < weldedCount; w++) {
      mix.clear();
      const reached = addNeighbours(mesh, topology, skin, w, strength, mix);
      mix.add(skin, w, 1 - reached);
      mix.writeTo(joints, weights, w * slots, slots, slots, 0);
      yield* effort.spend(topology.ringOffsets[w + 1] - topology.ringOffsets[w] + 2, NEIGHBOUR_COST);
    }
    skin.skinJoints.set(joints);
    skin.skinWeights.set(weights);
  }
}

/**
 * Runs {@linkcode smoothWeightsWork} without a pause; same arguments, same result.
 *
 * @throws {RangeError} As {@linkcode smoothWeightsWork}.
 * @example A place between two joints takes half of what its neighbours have
 * ```ts
 * import { buildTopology, smoothWeights } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const mesh = { positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0.5, 1, 0), indices: Uint32Array.of(0, 1, 2) };
 * const skin = { skinJoints: Uint16Array.of(4, 0, 4, 0, 7, 0), skinWeights: Float32Array.of(1, 0, 1, 0, 1, 0), influencesPerVertex: 2 };
 * smoothWeights(mesh, buildTopology(mesh, scope, scope), skin, scope);
 * assertEquals([...skin.skinJoints.subarray(4)], [4, 7]);
 * assertEquals([...skin.skinWeights.subarray(4)], [0.5, 0.5]);
 * ```
 */
export function smoothWeights(
  mesh: TriangleMesh,
  topology: Topology,
  skin: SkinWeights,
  scratch: Scratch,
  options: SmoothWeightsOptions = {},
): void {
  finish(smoothWeightsWork(mesh, topology, skin, scratch, options));
}

/** @returns The share that came from neighbours: 0 where there are none. */
function addNeighbours(
  { positions: p }: TriangleMesh,
  { ringOffsets, ringVertices, representative }: Topology,
  skin: SkinWeights,
  w: number,
  strength: number,
  mix: InfluenceMix,
): number {
  const i = 3 * representative[w];
  let whole = 0, reached = 0;
  for (let pass = 0; pass < 2; pass++) {
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      const k = 3 * representative[ringVertices[r]];
      const x = p[k] - p[i], y = p[k + 1] - p[i + 1], z = p[k + 2] - p[i + 2];
      const weight = 1 / Math.max(1e-12, Math.sqrt(x * x + y * y + z * z));
      if (pass === 0) whole += weight;
      else if (mix.add(skin, ringVertices[r], strength * weight / whole)) reached += strength * weight / whole;
    }
  }
  return reached;
}

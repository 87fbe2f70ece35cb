import { Room, RoomFull } from "../../pool/_room.ts";
import { memoryOf, pageBytes } from "../../pool/pages.ts";
import type { Scratch } from "../../pool/scratch.ts";
import { Effort } from "../_effort.ts";
import { inpaintMatrix, inpaintPattern, type Laplacian, type Unknowns } from "./_inpaint_system.ts";
import { copyPlace, followNearestIsland } from "./_follow_island.ts";
import { isWeight } from "./_influence_mix.ts";
import { cotanLaplacian, cotanLaplacianBytes } from "../solver/cotan_laplacian.ts";
import type { TriangleMesh } from "../mesh.ts";
import { assertSkinWeights, type SkinWeights } from "./skin_weights.ts";
import {
  analyzeLdltWork,
  factorLdltWork,
  type LdltFactor,
  leaseLdltFactor,
  solveLdltWork,
} from "../solver/sparse_ldlt.ts";
import type { Topology } from "../topology/topology.ts";
import { finish, type Work } from "../work.ts";

/** Right-hand sides solved at once. */
const COLUMNS = 3;
/** Edges weigh at least this much: obtuse triangles make none negative, and everything hangs together. */
const LEAST_WEIGHT = 1e-3;
/** Places weigh at least this share of the mean: a sliver does not tear a hole into the sums. */
const LEAST_MASS = 0.1;
/** Weights below this are rounding. */
const EPSILON = 1e-6;
/** Nanoseconds a place takes for three joints. */
const PLACE_COST = 60;

/** What {@linkcode inpaintWeights} did. */
export interface InpaintReport {
  /** Places that were solved for. */
  inpainted: number;
  /** Whether slopes went on into what was solved; else there were too many places for the memory, and values level out. */
  isSmooth: boolean;
  /** Islands where nothing was known: each follows the nearest known place. Ascending; at most eight. */
  unmatchedIslands: number[];
  /** How many such islands there are. */
  unmatchedIslandCount: number;
}

/** What the bytes follow from. */
export interface InpaintSizes {
  /** Faces of the mesh. */
  faceCount: number;
  /** Places of the mesh. */
  weldedCount: number;
  /** Edges of the mesh. */
  edgeCount: number;
  /** Islands of the mesh. */
  islandCount: number;
  /** Joints the weights name: all are below. */
  jointCount: number;
}

/**
 * The room for the system, whatever the data: it holds the harmonic one of any
 * surface (up to 590 bytes a place at 10k), and the smooth one of about a third of it.
 */
function roomBytes(weldedCount: number): number {
  return 8 * Math.ceil(weldedCount * (34 + 3 * Math.log2(Math.max(2, weldedCount))) + 4096);
}

/** What {@linkcode inpaintWeights} leases from scratch. */
export function inpaintWeightsBytes(
  { faceCount, weldedCount, edgeCount, islandCount, jointCount }: InpaintSizes,
): number {
  const laplacian = 16 * edgeCount + 16 * weldedCount;
  const system = pageBytes(roomBytes(weldedCount)) + 4 * weldedCount + (8 + 48) * weldedCount + weldedCount +
    jointCount;
  return laplacian + 8 * weldedCount + 4 * islandCount +
    Math.max(cotanLaplacianBytes({ faceCount, weldedCount }), system);
}

/**
 * Fills in the weights of places where they are not known from those around,
 * island by island: along the surface and never through the air, each joint as
 * smoothly as it can go on. Results lie within 0 and 1 and sum to 1.
 *
 * The energy is `L M⁻¹ L`, which has no unit: metres or centimetres, the weights
 * are the same. One direct factorization serves all joints. Where the unknown
 * part is so large that its factor does not fit into the stated room, `L` alone
 * is taken. An island where nothing is known follows the nearest place where
 * something is, as a whole.
 *
 * Source: Abdrashitov, Raichstat, Monsen & Hill 2023, "Robust Skin Weights
 * Transfer via Weight Inpainting", without its term that depends on the unit.
 *
 * @param mesh Read only.
 * @param topology Of `mesh`.
 * @param isKnown `weldedCount` flags.
 * @param skin One entry a *place*, `weldedCount` of them; those that are not known are overwritten.
 * @param jointCount All joints are below it.
 * @param scratch {@linkcode inpaintWeightsBytes}.
 * @throws {RangeError} If an array has the wrong length or no place is known.
 */
export function* inpaintWeightsWork(
  mesh: TriangleMesh,
  topology: Topology,
  isKnown: Uint8Array,
  skin: SkinWeights,
  jointCount: number,
  scratch: Scratch,
): Work<InpaintReport> {
  const { weldedCount, ringVertices, islandCount } = topology;
  assertInputs(isKnown, skin, weldedCount);
  using frame = scratch.frame("inpaint");
  const laplacian = {
    edgeWeights: frame.f64(ringVertices.length),
    degrees: frame.f64(weldedCount),
    mass: frame.f64(weldedCount),
  };
  const unknownOf = frame.i32(weldedCount), unknowns = frame.u32(weldedCount), nearestKnown = frame.u32(islandCount);
  cotanLaplacian(mesh, topology, { edgeWeights: laplacian.edgeWeights, lumpedMass: laplacian.mass }, frame);
  yield;
  holdAboveZero(topology, laplacian);
  yield;
  const { named, unmatched } = yield* followNearestIsland(mesh, topology, isKnown, skin, nearestKnown, unknownOf);
  let count = 0;
  for (let w = 0; w < weldedCount; w++) {
    if (unknownOf[w] < 0) continue;
    unknownOf[w] = count;
    unknowns[count++] = w;
  }
  const isSmooth = yield* solve(topology, laplacian, { unknownOf, unknowns, count }, skin, jointCount, frame);
  return { inpainted: count, isSmooth, unmatchedIslands: named, unmatchedIslandCount: unmatched };
}

/**
 * Runs {@linkcode inpaintWeightsWork} without a pause; same arguments, same result.
 *
 * @throws {RangeError} As {@linkcode inpaintWeightsWork}.
 * @example Between two joints a strip gets the ramp
 * ```ts
 * import { buildTopology, inpaintWeights } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const positions = Float32Array.of(0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 2, 0, 0, 2, 1, 0);
 * const mesh = { positions, indices: Uint32Array.of(0, 2, 1, 1, 2, 3, 2, 4, 3, 3, 4, 5) };
 * const topology = buildTopology(mesh, scope, scope);
 * const skin = { skinJoints: Uint16Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0), skinWeights: new Float32Array(12), influencesPerVertex: 2 };
 * for (const w of [0, 1, 4, 5]) skin.skinWeights[2 * w] = 1; // the ends are known
 * const report = inpaintWeights(mesh, topology, Uint8Array.of(1, 1, 0, 0, 1, 1), skin, 2, scope);
 * assertEquals(report.inpainted, 2);
 * assertAlmostEquals(skin.skinWeights[4], 0.5, 0.05);
 * ```
 */
export function inpaintWeights(
  mesh: TriangleMesh,
  topology: Topology,
  isKnown: Uint8Array,
  skin: SkinWeights,
  jointCount: number,
  scratch: Scratch,
): InpaintReport {
  return finish(inpaintWeightsWork(mesh, topology, isKnown, skin, jointCount, scratch));
}

function assertInputs(isKnown: Uint8Array, skin: SkinWeights, weldedCount: number): void {
  assertSkinWeights(skin, weldedCount);
  if (isKnown.length !== weldedCount) {
    throw new RangeError(
      `Cannot inpaint weights as isKnown must hold ${weldedCount} flags: it holds ${isKnown.length}`,
    );
  }
  if (weldedCount > 0 && !isKnown.includes(1)) {
    throw new RangeError("Cannot inpaint weights as one place at least must be known: none is");
  }
}

/** Raises weights and masses that are too small or negative, and sums each ring's weights. */
function holdAboveZero({ ringOffsets }: Topology, { edgeWeights, degrees, mass }: Laplacian): void {
  let area = 0;
  for (let w = 0; w < mass.length; w++) {
    area += mass[w];
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      edgeWeights[r] = Math.max(LEAST_WEIGHT, edgeWeights[r]);
      degrees[w] += edgeWeights[r];
    }
  }
  const least = LEAST_MASS * area / Math.max(1, mass.length) || 1;
  for (let w = 0; w < mass.length; w++) mass[w] = Math.max(least, mass[w]);
}

/** @returns Whether the smooth energy was solved. */
function* solve(
  topology: Topology,
  laplacian: Laplacian,
  unknowns: Unknowns,
  skin: SkinWeights,
  jointCount: number,
  scratch: Scratch,
): Work<boolean> {
  const { weldedCount } = topology;
  using frame = scratch.frame("inpaint system");
  const room = new Room(new Uint8Array(memoryOf(frame.pages(roomBytes(weldedCount))).buffer)); // pages are not zeroed at once
  const solving: Solving = {
    topology,
    laplacian,
    unknowns,
    skin,
    stamps: frame.u32(weldedCount),
    sums: frame.f64(weldedCount),
    known: frame.f64(COLUMNS * weldedCount),
    bent: frame.f64(COLUMNS * weldedCount),
    isNear: frame.u8(weldedCount),
    isUsed: frame.u8(jointCount),
    effort: new Effort(),
  };
  if (unknowns.count === 0) return true;
  markNear(solving);
  if (yield* tryToSolve(solving, 2, room)) return true;
  if (!(yield* tryToSolve(solving, 1, room))) spread(solving);
  return false;
}

/** What no system holds, such as a tangle where everything touches everything, follows the known place that is the fewest edges away. */
function spread({ topology: { ringOffsets, ringVertices }, unknowns, skin, stamps, isNear }: Solving): void {
  const { unknownOf } = unknowns;
  let count = 0; // stamps is the queue
  for (let w = 0; w < unknownOf.length; w++) {
    isNear[w] = unknownOf[w] < 0 ? 1 : 0;
    if (isNear[w] === 1) stamps[count++] = w;
  }
  for (let next = 0; next < count; next++) {
    for (let r = ringOffsets[stamps[next]]; r < ringOffsets[stamps[next] + 1]; r++) {
      const k = ringVertices[r];
      if (isNear[k] === 1) continue;
      isNear[k] = 1;
      copyPlace(skin, stamps[next], k);
      stamps[count++] = k;
    }
  }
}

/** What the parts of a solve share. */
interface Solving {
  readonly topology: Topology;
  readonly laplacian: Laplacian;
  readonly unknowns: Unknowns;
  readonly skin: SkinWeights;
  readonly stamps: Uint32Array;
  readonly sums: Float64Array;
  /** Three joints' weights where they are known, 0 elsewhere. */
  readonly known: Float64Array;
  /** Their Laplacian, over the mass. */
  readonly bent: Float64Array;
  /** 1: unknown or next to one; 2: next to those. */
  readonly isNear: Uint8Array;
  /** Joints that are known near an unknown place. */
  readonly isUsed: Uint8Array;
  readonly effort: Effort;
}

function markNear({ topology: { ringOffsets, ringVertices }, unknowns, isNear, skin, isUsed }: Solving): void {
  for (let u = 0; u < unknowns.count; u++) {
    const w = unknowns.unknowns[u];
    isNear[w] = 1;
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) isNear[ringVertices[r]] = 1;
  }
  for (let w = 0; w < isNear.length; w++) {
    if (isNear[w] !== 1) continue;
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      if (isNear[ringVertices[r]] === 0) isNear[ringVertices[r]] = 2;
    }
  }
  const { skinJoints, skinWeights, influencesPerVertex } = skin;
  for (let w = 0; w < isNear.length; w++) {
    if (isNear[w] === 0 || unknowns.unknownOf[w] >= 0) continue;
    for (let i = w * influencesPerVertex; i < (w + 1) * influencesPerVertex; i++) {
      if (isWeight(skinWeights[i])) isUsed[skinJoints[i]] = 1;
    }
  }
}

/** @returns Whether it fitted into the room and could be solved. */
function* tryToSolve(solving: Solving, reach: 1 | 2, room: Room): Work<boolean> {
  const { topology, laplacian, unknowns, stamps, sums, effort } = solving;
  try {
    using frame = room.keep();
    using scratch = room.scratch();
    stamps.fill(0);
    const pattern = yield* inpaintPattern(topology, unknowns, reach, frame, stamps, effort);
    const symbolic = yield* analyzeLdltWork(pattern, frame, scratch);
    const factor = leaseLdltFactor(symbolic, frame);
    const x = frame.f64(COLUMNS * unknowns.count);
    {
      using values = scratch.frame();
      const matrix = { diagonal: values.f64(unknowns.count), offDiagonal: values.f64(pattern.ringVertices.length) };
      yield* inpaintMatrix(topology, unknowns, laplacian, reach, pattern, matrix, sums, effort);
      if (!(yield* factorLdltWork(matrix, factor, values))) return false;
    }
    yield* solveJoints(solving, reach, factor, x);
    return true;
  } catch (error) {
    if (error instanceof RoomFull) return false;
    throw error;
  }
}

function* solveJoints(solving: Solving, reach: 1 | 2, factor: LdltFactor, x: Float64Array): Work<void> {
  const { unknowns: { unknowns, count }, skin, isUsed, effort } = solving;
  const { skinWeights, influencesPerVertex: slots } = skin;
  for (let u = 0; u < count; u++) skinWeights.fill(0, unknowns[u] * slots, (unknowns[u] + 1) * slots);
  const joints: number[] = [];
  for (let joint = 0; joint < isUsed.length; joint++) if (isUsed[joint] === 1) joints.push(joint);
  for (let first = 0; first < joints.length; first += COLUMNS) {
    const a = joints[first], b = joints[first + 1] ?? -1, c = joints[first + 2] ?? -1;
    gatherKnown(solving, a, b, c);
    writeRightSides(solving, reach, x);
    yield* effort.spend(skinWeights.length / slots, PLACE_COST);
    yield* solveLdltWork(factor, x);
    for (let u = 0; u < count; u++) {
      offer(skin, unknowns[u], a, x[COLUMNS * u]);
      if (b >= 0) offer(skin, unknowns[u], b, x[COLUMNS * u + 1]);
      if (c >= 0) offer(skin, unknowns[u], c, x[COLUMNS * u + 2]);
    }
  }
  for (let u = 0; u < count; u++) normalize(skin, unknowns[u]);
}

/** Spreads out what is known of three joints; -1 is none. */
function gatherKnown({ isNear, unknowns, skin, known }: Solving, a: number, b: number, c: number): void {
  const { skinJoints, skinWeights, influencesPerVertex: slots } = skin;
  for (let w = 0; w < isNear.length; w++) {
    if (isNear[w] === 0 || unknowns.unknownOf[w] >= 0) continue;
    const k = COLUMNS * w;
    known[k] = known[k + 1] = known[k + 2] = 0;
    for (let i = w * slots; i < (w + 1) * slots; i++) {
      if (!(skinWeights[i] > 0)) continue;
      const joint = skinJoints[i];
      if (joint === a) known[k] += skinWeights[i];
      else if (joint === b) known[k + 1] += skinWeights[i];
      else if (joint === c) known[k + 2] += skinWeights[i];
    }
  }
}

/** Moves what is known to the right-hand sides. */
function writeRightSides(
  { topology: { ringOffsets, ringVertices }, laplacian, unknowns, isNear, known, bent }: Solving,
  reach: 1 | 2,
  x: Float64Array,
): void {
  const { edgeWeights, degrees, mass } = laplacian;
  if (reach === 2) {
    for (let w = 0; w < isNear.length; w++) {
      if (isNear[w] !== 1) continue;
      for (let k = 0; k < COLUMNS; k++) {
        let sum = degrees[w] * known[COLUMNS * w + k];
        for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
          sum -= edgeWeights[r] * known[COLUMNS * ringVertices[r] + k];
        }
        bent[COLUMNS * w + k] = sum / mass[w];
      }
    }
  }
  for (let u = 0; u < unknowns.count; u++) {
    const w = unknowns.unknowns[u];
    for (let k = 0; k < COLUMNS; k++) {
      let sum = reach === 2 ? -degrees[w] * bent[COLUMNS * w + k] : 0;
      for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
        sum += edgeWeights[r] * (reach === 2 ? bent : known)[COLUMNS * ringVertices[r] + k];
      }
      x[COLUMNS * u + k] = sum;
    }
  }
}

/** Takes a weight into the slots of a place, in the stead of its smallest; ties keep the earlier joint. */
function offer(
  { skinJoints, skinWeights, influencesPerVertex: slots }: SkinWeights,
  w: number,
  joint: number,
  weight: number,
): void {
  if (!(weight > EPSILON)) return;
  let least = w * slots;
  for (let i = least + 1; i < (w + 1) * slots; i++) if (skinWeights[i] < skinWeights[least]) least = i;
  if (!(weight > skinWeights[least])) return;
  skinJoints[least] = joint;
  skinWeights[least] = Math.min(1, weight);
}

function normalize({ skinWeights, influencesPerVertex: slots }: SkinWeights, w: number): void {
  let sum = 0;
  for (let i = w * slots; i < (w + 1) * slots; i++) sum += skinWeights[i];
  for (let i = w * slots; i < (w + 1) * slots; i++) skinWeights[i] /= sum || 1;
}

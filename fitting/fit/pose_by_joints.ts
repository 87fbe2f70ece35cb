import type { Scratch } from "../../pool/scratch.ts";
import { extractRotation, rotationMatrix } from "../_rotation.ts";
import { assertSkinWeights, type SkinWeights } from "../weights/skin_weights.ts";

/** The joints of a skeleton, and where another skeleton has them. */
export interface JointMoves {
  /** The joint above each, `-1` for roots. */
  readonly parentJoint: Int32Array;
  /** `3 * jointCount` places in the pose the mesh is in, metres. */
  readonly from: Float64Array;
  /** `3 * jointCount` places in the other skeleton, metres; NaN for a joint it does not have. */
  readonly to: Float64Array;
}

/** A bone shorter than this share of the longest one has no direction. */
const SHORTEST_BONE = 1e-4;

/** Bytes {@linkcode poseByJoints} leases from scratch. */
export function poseByJointsBytes({ jointCount }: { jointCount: number }): number {
  return jointCount * (8 * (9 + 9 + 9 + 4 + 6 + 2) + 4 * (1 + 1 + 1));
}

/**
 * Poses a skinned mesh so that its joints come to where another skeleton has
 * them: every joint turns the way its bones do, a bone stretches along itself to
 * its new length, and all else grows as the skeleton does. The vertices follow by
 * linear blend skinning. A joint the other skeleton lacks goes with the nearest
 * one above it that it has.
 *
 * The turn of a joint is the rotation that best takes its bones to the others'
 * (Kabsch 1976), started from the turn of the joint above, as one bone alone does
 * not say how it rolls.
 *
 * @param positions `3 * vertexCount`, metres; read only.
 * @param skin Of the mesh; a vertex without weights goes with the first joint that is known.
 * @param joints Where its joints are and go to.
 * @param out Caller-owned, `3 * vertexCount`; may alias `positions`.
 * @param scratch Leases {@linkcode poseByJointsBytes}.
 * @returns How many joints the other skeleton has; with fewer than two nothing moves.
 * @throws {RangeError} If the skin does not belong to the mesh, or parents go round in a circle.
 *
 * @example An upright bar of one bone is laid down
 * ```ts
 * import { poseByJoints } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * using scope = new BufferScope();
 * const positions = Float32Array.of(0, 0.5, 0), out = new Float32Array(3);
 * const skin = { skinJoints: new Uint16Array(1), skinWeights: Float32Array.of(1), influencesPerVertex: 1 };
 * const parentJoint = Int32Array.of(-1, 0);
 * const joints = { parentJoint, from: Float64Array.of(0, 0, 0, 0, 1, 0), to: Float64Array.of(0, 0, 0, 1, 0, 0) };
 * assertEquals(poseByJoints(positions, skin, joints, out, scope), 2);
 * assertAlmostEquals(out[0], 0.5);
 * assertAlmostEquals(out[1], 0, 1e-6);
 * ```
 */
export function poseByJoints(
  positions: Float32Array,
  skin: SkinWeights,
  joints: JointMoves,
  out: Float32Array,
  scratch: Scratch,
): number {
  const n = joints.parentJoint.length;
  assertSkinWeights(skin, positions.length / 3);
  using frame = scratch.frame("poseByJoints");
  const bones: Bones = {
    order: frame.i32(n),
    anchor: frame.i32(n),
    count: frame.i32(n),
    length: frame.f64(2 * n),
    sum: frame.f64(6 * n),
    covariance: frame.f64(9 * n),
    rotation: frame.f64(4 * n),
    turned: frame.f64(9 * n),
    map: frame.f64(9 * n),
  };
  orderFromRoots(joints.parentJoint, bones.order);
  const known = gatherBones(joints, bones);
  if (known < 2) out.set(positions);
  else {
    mapJoints(joints.parentJoint, bones);
    skinInto(positions, skin, joints, bones, out);
  }
  return known;
}

/** What leaves each joint, and what becomes of it. */
interface Bones {
  /** Joints, each after the one above it. */
  readonly order: Int32Array;
  /** The joint whose map each takes: itself where it is known; -1 when none is. */
  readonly anchor: Int32Array;
  /** Bones that leave each joint. */
  readonly count: Int32Array;
  /** `2 *` their summed length, as it was and as it is to be. */
  readonly length: Float64Array;
  /** `6 *` their sum, as it was and as it is to be. */
  readonly sum: Float64Array;
  /** `9 *` Σ v uᵀ over bones u that become v. */
  readonly covariance: Float64Array;
  /** `4 *` unit quaternions: how each turns. */
  readonly rotation: Float64Array;
  /** `9 *` the same as row-major matrices. */
  readonly turned: Float64Array;
  /** `9 *` row-major: how what hangs on the joint turns and grows. */
  readonly map: Float64Array;
}

function orderFromRoots(parentJoint: Int32Array, order: Int32Array): void {
  let size = 0;
  for (let j = 0; j < parentJoint.length; j++) if (parentJoint[j] < 0) order[size++] = j;
  for (let next = 0; next < size; next++) {
    for (let j = 0; j < parentJoint.length; j++) if (parentJoint[j] === order[next]) order[size++] = j;
  }
  if (size < order.length) {
    throw new RangeError(
      `Cannot pose by joints as every joint must hang on a root: ${order.length - size} of ${order.length} do not`,
    );
  }
}

/** Finds the bones between known joints; returns how many joints are known. */
function gatherBones({ parentJoint, from, to }: JointMoves, bones: Bones): number {
  const { order, anchor, count, length, sum, covariance } = bones;
  let known = 0, first = -1;
  for (let i = 0; i < order.length; i++) {
    const j = order[i], above = parentJoint[j] < 0 ? -1 : anchor[parentJoint[j]];
    anchor[j] = above;
    if (!Number.isFinite(to[3 * j])) continue;
    anchor[j] = j;
    if (known++ === 0) first = j;
    if (above < 0) continue;
    const ux = from[3 * j] - from[3 * above], vx = to[3 * j] - to[3 * above];
    const uy = from[3 * j + 1] - from[3 * above + 1], vy = to[3 * j + 1] - to[3 * above + 1];
    const uz = from[3 * j + 2] - from[3 * above + 2], vz = to[3 * j + 2] - to[3 * above + 2];
    count[above]++;
    length[2 * above] += Math.sqrt(ux * ux + uy * uy + uz * uz);
    length[2 * above + 1] += Math.sqrt(vx * vx + vy * vy + vz * vz);
    addProduct(sum, 6 * above, 1, ux, uy, uz);
    addProduct(sum, 6 * above + 3, 1, vx, vy, vz);
    addProduct(covariance, 9 * above, vx, ux, uy, uz);
    addProduct(covariance, 9 * above + 3, vy, ux, uy, uz);
    addProduct(covariance, 9 * above + 6, vz, ux, uy, uz);
  }
  for (let j = 0; j < order.length; j++) if (anchor[j] < 0) anchor[j] = first;
  return known;
}

function addProduct(out: Float64Array, at: number, v: number, x: number, y: number, z: number): void {
  out[at] += v * x;
  out[at + 1] += v * y;
  out[at + 2] += v * z;
}

/** map = turn · (across · I + (along − across) · e eᵀ), with e along a bone that is alone. */
function mapJoints(parentJoint: Int32Array, bones: Bones): void {
  const { order, anchor, count, length, sum, covariance, rotation, turned, map } = bones;
  let before = 0, after = 0, longest = 0;
  for (let j = 0; j < order.length; j++) {
    before += length[2 * j];
    after += length[2 * j + 1];
    if (length[2 * j] > longest) longest = length[2 * j];
  }
  const growth = before > 0 ? after / before : 1;
  for (let i = 0; i < order.length; i++) {
    const j = order[i];
    if (anchor[j] !== j) continue;
    const above = parentJoint[j] < 0 ? -1 : anchor[parentJoint[j]], hasAbove = above >= 0 && above !== j;
    for (let k = 0; k < 4; k++) rotation[4 * j + k] = hasAbove ? rotation[4 * above + k] : k === 3 ? 1 : 0;
    const hasBone = length[2 * j] > SHORTEST_BONE * longest,
      ratio = hasBone ? length[2 * j + 1] / length[2 * j] : growth;
    if (hasBone) {
      turnOnto(rotation, j, sum); // a start from which one bone is there, and several nearly
      extractRotation(covariance, rotation, j);
    }
    rotationMatrix(rotation, turned, j);
    const across = count[j] > 1 ? ratio : growth;
    const x = sum[6 * j], y = sum[6 * j + 1], z = sum[6 * j + 2], lengthSq = x * x + y * y + z * z;
    const stretch = lengthSq > 0 ? (ratio - across) / lengthSq : 0;
    for (let r = 9 * j; r < 9 * j + 9; r += 3) {
      const along = stretch * (turned[r] * x + turned[r + 1] * y + turned[r + 2] * z);
      map[r] = across * turned[r] + along * x;
      map[r + 1] = across * turned[r + 1] + along * y;
      map[r + 2] = across * turned[r + 2] + along * z;
    }
  }
}

/** Adds to the rotation of joint `j` the least turn that takes the sum of its bones where it is to point. */
function turnOnto(rotation: Float64Array, j: number, sum: Float64Array): void {
  const o = 4 * j, s = 6 * j, qx = rotation[o], qy = rotation[o + 1], qz = rotation[o + 2], qw = rotation[o + 3];
  const ux = sum[s], uy = sum[s + 1], uz = sum[s + 2], vx = sum[s + 3], vy = sum[s + 4], vz = sum[s + 5];
  const cx = 2 * (qy * uz - qz * uy), cy = 2 * (qz * ux - qx * uz), cz = 2 * (qx * uy - qy * ux);
  const ax = ux + qw * cx + qy * cz - qz * cy,
    ay = uy + qw * cy + qz * cx - qx * cz,
    az = uz + qw * cz + qx * cy - qy * cx;
  const size = Math.sqrt((ax * ax + ay * ay + az * az) * (vx * vx + vy * vy + vz * vz));
  let w = size + ax * vx + ay * vy + az * vz, x = ay * vz - az * vy, y = az * vx - ax * vz, z = ax * vy - ay * vx;
  if (w < 1e-9 * size) { // straight back: about any axis across
    w = 0;
    x = Math.abs(ax) < Math.abs(ay) ? 0 : az;
    y = Math.abs(ax) < Math.abs(ay) ? az : 0;
    z = Math.abs(ax) < Math.abs(ay) ? -ay : -ax;
  }
  const norm = Math.sqrt(w * w + x * x + y * y + z * z);
  if (!(norm > 0)) return;
  rotation[o] = (w * qx + x * qw + y * qz - z * qy) / norm;
  rotation[o + 1] = (w * qy + y * qw + z * qx - x * qz) / norm;
  rotation[o + 2] = (w * qz + z * qw + x * qy - y * qx) / norm;
  rotation[o + 3] = (w * qw - x * qx - y * qy - z * qz) / norm;
}

/** Linear blend skinning: Σ w (to_j + map_j (x − from_j)) / Σ w. */
function skinInto(
  positions: Float32Array,
  skin: SkinWeights,
  { from, to }: JointMoves,
  bones: Bones,
  out: Float32Array,
) {
  const { skinJoints, skinWeights, influencesPerVertex } = skin, { anchor, order, map } = bones;
  const root = anchor[order[0]];
  for (let v = 0; v < positions.length; v += 3) {
    const px = positions[v], py = positions[v + 1], pz = positions[v + 2];
    let x = 0, y = 0, z = 0, sum = 0;
    const slot = v / 3 * influencesPerVertex;
    for (let s = slot; s < slot + influencesPerVertex || sum === 0; s++) {
      const isUnweighted = s >= slot + influencesPerVertex, w = isUnweighted ? 1 : skinWeights[s];
      if (w === 0) continue;
      const j = isUnweighted ? root : anchor[skinJoints[s]], m = 9 * j, o = 3 * j;
      const dx = px - from[o], dy = py - from[o + 1], dz = pz - from[o + 2];
      x += w * (to[o] + map[m] * dx + map[m + 1] * dy + map[m + 2] * dz);
      y += w * (to[o + 1] + map[m + 3] * dx + map[m + 4] * dy + map[m + 5] * dz);
      z += w * (to[o + 2] + map[m + 6] * dx + map[m + 7] * dy + map[m + 8] * dz);
      sum += w;
    }
    out[v] = x / sum;
    out[v + 1] = y / sum;
    out[v + 2] = z / sum;
  }
}

import type { Frame } from "../../pool/scratch.ts";
import { type ElasticSystem, elasticSystemBytes, leaseElasticSystem } from "./_elastic_system.ts";
import { extractRotation, rotationMatrix } from "../_rotation.ts";
import type { RigidParts } from "./_rigid_parts.ts";
import type { Topology } from "../topology/topology.ts";

/**
 * A surface that keeps its shape as rigid as possible: its rest edges, a rotation
 * for every place, and the linear system of the global step.
 *
 * Source: Sorkine & Alexa 2007, "As-Rigid-As-Possible Surface Modeling", with the
 * mean rotation of both ends at an edge (their eq. 9).
 */
export interface Arap {
  readonly topology: Topology;
  /** `3 *` places at rest. */
  readonly rest: Float64Array;
  /** `3 *` places now. */
  readonly p: Float64Array;
  /** `3 *` rest edge of every directed edge, as it was carried. */
  readonly edges: Float64Array;
  /** Unit quaternion of each place. */
  readonly rotations: Float64Array;
  /** The same as matrices. */
  readonly turned: Float64Array;
  readonly covariance: Float64Array;
  readonly rhs: Float64Array;
  readonly system: ElasticSystem;
}

/** Leases a surface; rotations start as none. */
export function leaseArap(topology: Topology, frame: Frame): Arap {
  const n = topology.weldedCount;
  const rotations = frame.f64(4 * n);
  for (let v = 0; v < n; v++) rotations[4 * v + 3] = 1;
  return {
    topology,
    rest: frame.f64(3 * n),
    p: frame.f64(3 * n),
    edges: frame.f64(3 * topology.ringVertices.length),
    rotations,
    turned: frame.f64(9 * n),
    covariance: frame.f64(9 * n),
    rhs: frame.f64(3 * n),
    system: leaseElasticSystem(topology, frame),
  };
}

/** Bytes {@linkcode leaseArap} leases. */
export function arapBytes(sizes: { weldedCount: number; edgeCount: number }): number {
  return 8 * (31 * sizes.weldedCount + 6 * sizes.edgeCount) + elasticSystemBytes(sizes);
}

/** The rest edges as they are, scaled. */
export function scaleEdges({ topology, rest, edges }: Arap, scale: number): void {
  const { ringOffsets, ringVertices, weldedCount } = topology;
  for (let i = 0; i < weldedCount; i++) {
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) {
      const j = ringVertices[r];
      for (let k = 0; k < 3; k++) edges[3 * r + k] = scale * (rest[3 * i + k] - rest[3 * j + k]);
    }
  }
}

/** Every input edge as the skin beneath turns and scales it. */
export function carryEdges({ topology, rest, edges }: Arap, frames: Float64Array): void {
  const { ringOffsets, ringVertices, weldedCount } = topology;
  for (let i = 0; i < weldedCount; i++) {
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) {
      const j = ringVertices[r], f = 9 * i, g = 9 * j;
      const x = rest[3 * i] - rest[3 * j], y = rest[3 * i + 1] - rest[3 * j + 1], z = rest[3 * i + 2] - rest[3 * j + 2];
      edges[3 * r] = 0.5 *
        ((frames[f] + frames[g]) * x + (frames[f + 1] + frames[g + 1]) * y + (frames[f + 2] + frames[g + 2]) * z);
      edges[3 * r + 1] = 0.5 *
        ((frames[f + 3] + frames[g + 3]) * x + (frames[f + 4] + frames[g + 4]) * y +
          (frames[f + 5] + frames[g + 5]) * z);
      edges[3 * r + 2] = 0.5 *
        ((frames[f + 6] + frames[g + 6]) * x + (frames[f + 7] + frames[g + 7]) * y +
          (frames[f + 8] + frames[g + 8]) * z);
    }
  }
}

/** Places {@linkcode turnToFit} goes over in one call, and nanoseconds each takes. */
export const TURN_CHUNK = 4096, TURN_COST = 500;

/** Local step: the rotation that best takes the carried edges of each place, {@linkcode TURN_CHUNK} of them from `from` on, to where they are. */
export function turnToFit(
  { topology, p, edges, covariance, rotations, turned, system: { edgeWeight } }: Arap,
  from: number,
): void {
  const { ringOffsets, ringVertices, weldedCount } = topology, end = Math.min(from + TURN_CHUNK, weldedCount);
  for (let i = from; i < end; i++) {
    let c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0, c7 = 0, c8 = 0;
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) {
      const j = ringVertices[r], w = edgeWeight[r];
      const x = w * (p[3 * i] - p[3 * j]), y = w * (p[3 * i + 1] - p[3 * j + 1]), z = w * (p[3 * i + 2] - p[3 * j + 2]);
      const ex = edges[3 * r], ey = edges[3 * r + 1], ez = edges[3 * r + 2];
      c0 += x * ex;
      c1 += x * ey;
      c2 += x * ez;
      c3 += y * ex;
      c4 += y * ey;
      c5 += y * ez;
      c6 += z * ex;
      c7 += z * ey;
      c8 += z * ez;
    }
    const o = 9 * i;
    covariance[o] = c0;
    covariance[o + 1] = c1;
    covariance[o + 2] = c2;
    covariance[o + 3] = c3;
    covariance[o + 4] = c4;
    covariance[o + 5] = c5;
    covariance[o + 6] = c6;
    covariance[o + 7] = c7;
    covariance[o + 8] = c8;
    extractRotation(covariance, rotations, i);
    rotationMatrix(rotations, turned, i);
  }
}

/** One rotation for all places of a part that keeps its shape and is solved along. */
export function turnAsOne({ covariance, rotations, turned }: Arap, parts: RigidParts): void {
  for (let part = 0; part < parts.count; part++) {
    if (parts.rides[part] === 1) continue;
    const start = parts.offsets[part], end = parts.offsets[part + 1], first = parts.places[start];
    for (let i = start + 1; i < end; i++) {
      for (let k = 0; k < 9; k++) covariance[9 * first + k] += covariance[9 * parts.places[i] + k];
    }
    extractRotation(covariance, rotations, first);
    rotationMatrix(rotations, turned, first);
    for (let i = start + 1; i < end; i++) {
      const v = parts.places[i];
      rotations.copyWithin(4 * v, 4 * first, 4 * first + 4);
      turned.copyWithin(9 * v, 9 * first, 9 * first + 9);
    }
  }
}

/** The one scale of all rest edges, turned as they are, that is closest to what they are now. */
export function bestScale({ topology, p, edges, turned: R, system: { edgeWeight } }: Arap): number {
  const { ringOffsets, ringVertices, weldedCount } = topology;
  let along = 0, size = 0;
  for (let i = 0; i < weldedCount; i++) {
    const f = 9 * i;
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) {
      const j = ringVertices[r], w = edgeWeight[r], ex = edges[3 * r], ey = edges[3 * r + 1], ez = edges[3 * r + 2];
      const x = R[f] * ex + R[f + 1] * ey + R[f + 2] * ez;
      const y = R[f + 3] * ex + R[f + 4] * ey + R[f + 5] * ez;
      const z = R[f + 6] * ex + R[f + 7] * ey + R[f + 8] * ez;
      along += w * (x * (p[3 * i] - p[3 * j]) + y * (p[3 * i + 1] - p[3 * j + 1]) + z * (p[3 * i + 2] - p[3 * j + 2]));
      size += w * (ex * ex + ey * ey + ez * ez);
    }
  }
  return along > 0 && size > 0 ? along / size : 1;
}

/** Shape and anchors of the global step: rhs = Σ_j w_ij ½(R_i + R_j) σ g_ij + a_i b_i, with σ the scale of all edges. */
export function setRightHandSide(
  { topology, edges, turned: R, rhs, system }: Arap,
  goal: Float64Array,
  scale: number = 1,
): void {
  const { ringOffsets, ringVertices, weldedCount } = topology, { edgeWeight, anchor } = system;
  for (let i = 0; i < weldedCount; i++) {
    const a = anchor[i], f = 9 * i;
    let x = a * goal[3 * i], y = a * goal[3 * i + 1], z = a * goal[3 * i + 2];
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) {
      const g = 9 * ringVertices[r], w = 0.5 * scale * edgeWeight[r];
      const ex = edges[3 * r], ey = edges[3 * r + 1], ez = edges[3 * r + 2];
      x += w * ((R[f] + R[g]) * ex + (R[f + 1] + R[g + 1]) * ey + (R[f + 2] + R[g + 2]) * ez);
      y += w * ((R[f + 3] + R[g + 3]) * ex + (R[f + 4] + R[g + 4]) * ey + (R[f + 5] + R[g + 5]) * ez);
      z += w * ((R[f + 6] + R[g + 6]) * ex + (R[f + 7] + R[g + 7]) * ey + (R[f + 8] + R[g + 8]) * ez);
    }
    rhs[3 * i] = x;
    rhs[3 * i + 1] = y;
    rhs[3 * i + 2] = z;
  }
}

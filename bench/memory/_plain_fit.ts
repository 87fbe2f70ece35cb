/**
 * The iterative fit of `fitting/fit/shrinkwrap.ts` as it is written where nobody
 * thinks of memory: the same arithmetic in the same order, so the same numbers.
 *
 * @module
 */
import { meanEdgeLength } from "../../fitting/bounds.ts";
import type { TriangleMesh } from "../../fitting/mesh.ts";
import { SurfaceHit } from "../../fitting/surface/surface_hit.ts";
import type { SurfaceIndex } from "../../fitting/surface/surface_index.ts";
import type { Topology } from "../../fitting/topology/topology.ts";
import type { FitSettings } from "./_scene.ts";

/** What a fit is asked for; see {@linkcode unpooledFit}. */
export type PlainFit = (
  mesh: TriangleMesh,
  topology: Topology,
  target: SurfaceIndex,
  settings: FitSettings,
) => Float32Array;

const SMOOTHING = 0.5, MAX_PASSES = 24, FINAL_PROJECTIONS = 16, TOLERANCE = 1e-4;

/** (b) Typed arrays, and a new one for whatever is computed. */
export const unpooledFit: PlainFit = (mesh, topology, target, settings) => {
  const { weldedCount: n, representative, positionRemap } = topology;
  const { clearance, stepSize, iterations } = settings;
  const rest = Float64Array.from(
    { length: 3 * n },
    (_, i) => mesh.positions[3 * representative[(i - i % 3) / 3] + i % 3],
  );
  const { passes, damping } = smoothingOf(mesh, topology, settings), hit = new SurfaceHit();
  const lastFace = new Int32Array(n).fill(-1);
  let move = new Float64Array(3 * n);
  for (let done = 0; done < iterations; done++) {
    if (done > 0 && passes > 0) {
      for (let pass = 0; pass < passes; pass++) move = average(move, topology);
      move = move.map((value) => value * damping);
    }
    const projected = project(stepSize);
    move = projected.move;
    if (projected.worst <= TOLERANCE) break;
  }
  for (let i = 0; i < FINAL_PROJECTIONS; i++) {
    const projected = project(1);
    move = projected.move;
    if (projected.worst <= 0) break;
  }
  return Float32Array.from(mesh.positions, (_, i) => {
    const at = 3 * positionRemap[(i - i % 3) / 3] + i % 3;
    return rest[at] + move[at];
  });

  function project(push: number): { move: Float64Array<ArrayBuffer>; worst: number } {
    const places = rest.map((value, i) => value + move[i]);
    const { distances, closest } = distancesOf(places);
    const moved = move.slice();
    let worst = 0;
    for (let v = 0; v < n; v++) {
      const distance = distances[v], lack = clearance - distance;
      if (lack > worst) worst = lack;
      if (!(lack > 0)) continue;
      const scale = push * lack / distance;
      for (let i = 3 * v; i < 3 * v + 3; i++) moved[i] += scale * (places[i] - closest[i]);
    }
    return { move: moved, worst };
  }

  function distancesOf(places: Float64Array): { distances: Float64Array; closest: Float64Array } {
    const distances = new Float64Array(n), closest = new Float64Array(3 * n);
    for (let v = 0; v < n; v++) {
      const x = places[3 * v], y = places[3 * v + 1], z = places[3 * v + 2];
      target.closestPoint(x, y, z, hit, Infinity, lastFace[v]);
      lastFace[v] = hit.face;
      distances[v] = target.isInside(x, y, z) ? -Math.sqrt(hit.distanceSq) : Math.sqrt(hit.distanceSq);
      closest[3 * v] = hit.x;
      closest[3 * v + 1] = hit.y;
      closest[3 * v + 2] = hit.z;
    }
    return { distances, closest };
  }
};

/** A pass of smoothing into a new array. */
function average(
  from: Float64Array<ArrayBuffer>,
  { weldedCount, ringOffsets, ringVertices }: Topology,
): Float64Array<ArrayBuffer> {
  const to = new Float64Array(3 * weldedCount);
  for (let v = 0; v < weldedCount; v++) {
    const begin = ringOffsets[v], end = ringOffsets[v + 1];
    for (let k = 0; k < 3; k++) {
      let sum = 0;
      for (let r = begin; r < end; r++) sum += from[3 * ringVertices[r] + k];
      to[3 * v + k] = begin === end
        ? from[3 * v + k]
        : (1 - SMOOTHING) * from[3 * v + k] + SMOOTHING / (end - begin) * sum;
    }
  }
  return to;
}

/** A point or a direction, as every three-dimensional library has one. */
class Vector {
  constructor(public x: number, public y: number, public z: number) {}

  static at(array: Float64Array, v: number): Vector {
    return new Vector(array[3 * v], array[3 * v + 1], array[3 * v + 2]);
  }

  plus({ x, y, z }: Vector): Vector {
    return new Vector(this.x + x, this.y + y, this.z + z);
  }

  minus({ x, y, z }: Vector): Vector {
    return new Vector(this.x - x, this.y - y, this.z - z);
  }

  times(factor: number): Vector {
    return new Vector(factor * this.x, factor * this.y, factor * this.z);
  }

  length(): number {
    return Math.sqrt(this.x * this.x + this.y * this.y + this.z * this.z);
  }

  writeTo(array: Float64Array, v: number): void {
    array[3 * v] = this.x;
    array[3 * v + 1] = this.y;
    array[3 * v + 2] = this.z;
  }
}

/** (a) A vector object for every vertex and every intermediate result, a new array for every pass. */
export const objectFit: PlainFit = (mesh, topology, target, settings) => {
  const { weldedCount: n, representative, positionRemap, ringOffsets, ringVertices } = topology;
  const { clearance, stepSize, iterations } = settings;
  const rest = Array.from({ length: n }, (_, v) => {
    const i = 3 * representative[v];
    return new Vector(mesh.positions[i], mesh.positions[i + 1], mesh.positions[i + 2]);
  });
  const { passes, damping } = smoothingOf(mesh, topology, settings), lastFace: number[] = [];
  let move = new Float64Array(3 * n);
  for (let done = 0; done < iterations; done++) {
    if (done > 0 && passes > 0) {
      for (let pass = 0; pass < passes; pass++) move = averageObjects(move);
      move = move.map((value) => value * damping);
    }
    if (project(stepSize) <= TOLERANCE) break;
  }
  for (let i = 0; i < FINAL_PROJECTIONS; i++) if (project(1) <= 0) break;
  const places = rest.map((place, v) => place.plus(Vector.at(move, v)));
  return Float32Array.from([...positionRemap].flatMap((v) => [places[v].x, places[v].y, places[v].z]));

  function project(push: number): number {
    const moved = new Float64Array(3 * n);
    let worst = 0;
    for (let v = 0; v < n; v++) {
      const own = Vector.at(move, v), place = rest[v].plus(own), hit = new SurfaceHit();
      target.closestPoint(place.x, place.y, place.z, hit, Infinity, lastFace[v] ?? -1);
      lastFace[v] = hit.face;
      const away = place.minus(new Vector(hit.x, hit.y, hit.z));
      const distance = target.isInside(place.x, place.y, place.z) ? -away.length() : away.length();
      const lack = clearance - distance;
      if (lack > worst) worst = lack;
      const out = away.times(push * lack / distance);
      (lack > 0 ? own.plus(out) : own).writeTo(moved, v);
    }
    move = moved;
    return worst;
  }

  function averageObjects(from: Float64Array): Float64Array<ArrayBuffer> {
    const to = new Float64Array(3 * n);
    for (let v = 0; v < n; v++) {
      const begin = ringOffsets[v], end = ringOffsets[v + 1], own = Vector.at(from, v);
      let sum = new Vector(0, 0, 0);
      for (let r = begin; r < end; r++) sum = sum.plus(Vector.at(from, ringVertices[r]));
      const mean = begin === end ? own : own.times(1 - SMOOTHING).plus(sum.times(SMOOTHING / (end - begin)));
      mean.writeTo(to, v);
    }
    return to;
  }
};

function smoothingOf(
  mesh: TriangleMesh,
  topology: Topology,
  { smoothRadius, iterations }: FitSettings,
): { passes: number; damping: number } {
  const edge = meanEdgeLength(mesh, topology);
  if (smoothRadius === 0 || edge === 0) return { passes: 0, damping: 1 };
  const passes = Math.min(MAX_PASSES, Math.max(1, Math.ceil(4 * (smoothRadius / edge) ** 2 / iterations)));
  return { passes, damping: (1 / (1 + (edge / smoothRadius) ** 2)) ** passes };
}

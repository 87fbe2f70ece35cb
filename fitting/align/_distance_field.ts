import { SurfaceHit } from "../surface/surface_hit.ts";
import { INSIDE_WINDING_NUMBER, type SurfaceIndex } from "../surface/surface_index.ts";
import type { Work } from "../work.ts";

/**
 * Signed distance to a target, negative inside, with its gradient. One answer at
 * a time stands in the fields; they start as `NaN` so that the engine keeps
 * doubles in place and a query creates nothing.
 */
export interface DistanceField {
  /** Metres, negative inside. */
  distance: number;
  /** Gradient: points away from the surface outside, towards it inside. */
  gx: number;
  gy: number;
  gz: number;
  /** Asks about one place. */
  ask(x: number, y: number, z: number): void;
}

/** The distance as the index knows it: exact, some microseconds a query. */
export class ExactDistance implements DistanceField {
  distance: number = NaN;
  gx: number = NaN;
  gy: number = NaN;
  gz: number = NaN;
  readonly #index: SurfaceIndex;
  readonly #hit: SurfaceHit = new SurfaceHit();

  constructor(index: SurfaceIndex) {
    this.#index = index;
  }

  ask(x: number, y: number, z: number): void {
    const hit = this.#hit;
    const distance = this.distance = this.#index.signedDistance(x, y, z, hit);
    const scale = distance === 0 ? 0 : 1 / distance;
    this.gx = (x - hit.x) * scale;
    this.gy = (y - hit.y) * scale;
    this.gz = (z - hit.z) * scale;
  }
}

/** Most nodes a {@linkcode DistanceGrid} has: about 3 cm apart around a person. */
export const GRID_NODES = 32_000;

/** Nearer than this the side of a node is asked for: a hole of this radius in an open body misleads nobody. */
const FAR_STEPS = 2;

/** How far the grid reaches beyond the bounds, in longest sides of them. */
const MARGIN = 0.02;

/** The distance on a regular grid, linear between nodes: rough, some ten nanoseconds a query. */
export class DistanceGrid implements DistanceField {
  distance: number = NaN;
  gx: number = NaN;
  gy: number = NaN;
  gz: number = NaN;
  /** Distances, z fastest; the first `nx * ny * nz` are used. */
  readonly values: Float32Array;
  /** Face closest to each node. */
  readonly faces: Uint32Array;
  /** Space between nodes, metres. */
  readonly step: number;
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
  /** Where the first node lies. */
  readonly x0: number;
  readonly y0: number;
  readonly z0: number;

  private constructor(values: Float32Array, faces: Uint32Array, min: Float64Array, max: Float64Array, size: number) {
    const margin = MARGIN * size;
    const wx = max[0] - min[0] + 2 * margin, wy = max[1] - min[1] + 2 * margin, wz = max[2] - min[2] + 2 * margin;
    let step = size; // finer as long as the nodes suffice; no cube root, which engines round differently
    while (nodesAcross(wx, 0.98 * step) * nodesAcross(wy, 0.98 * step) * nodesAcross(wz, 0.98 * step) <= GRID_NODES) {
      step *= 0.98;
    }
    this.values = values;
    this.faces = faces;
    this.step = step;
    this.nx = nodesAcross(wx, step);
    this.ny = nodesAcross(wy, step);
    this.nz = nodesAcross(wz, step);
    this.x0 = (min[0] + max[0] - (this.nx - 1) * step) / 2;
    this.y0 = (min[1] + max[1] - (this.ny - 1) * step) / 2;
    this.z0 = (min[2] + max[2] - (this.nz - 1) * step) / 2;
  }

  /**
   * Measures the distance at every node.
   *
   * @param index Of the target, with at least one face.
   * @param min Lower corner of the target's bounds, as `max` is the upper one.
   * @param size Longest side of the bounds, above 0.
   * @param values {@linkcode GRID_NODES} floats that the grid keeps.
   * @param faces As many integers, likewise.
   */
  static *buildWork(
    index: SurfaceIndex,
    min: Float64Array,
    max: Float64Array,
    size: number,
    values: Float32Array,
    faces: Uint32Array,
  ): Work<DistanceGrid> {
    const grid = new DistanceGrid(values, faces, min, max, size);
    const { step, nx, ny, nz } = grid, hit = new SurfaceHit();
    for (let i = 0, node = 0; i < nx; i++) {
      for (let j = 0; j < ny; j++) {
        for (let k = 0; k < nz; k++, node++) {
          const x = grid.x0 + i * step, y = grid.y0 + j * step, z = grid.z0 + k * step;
          index.closestPoint(x, y, z, hit, Infinity, hit.face);
          const distance = Math.sqrt(hit.distanceSq);
          faces[node] = hit.face;
          // far from the surface the side is that of the node before, if it is as far
          const before = node === 0 ? 0 : k > 0 ? values[node - 1] : j > 0 ? values[node - nz] : values[node - nz * ny];
          const isFar = distance >= FAR_STEPS * step && Math.abs(before) >= FAR_STEPS * step;
          const inside = isFar ? before < 0 : index.windingNumber(x, y, z) > INSIDE_WINDING_NUMBER;
          values[node] = inside ? -distance : distance;
        }
        if (j % 8 === 7) yield;
      }
      yield;
    }
    return grid;
  }

  /** The face closest to the node nearest to a place. */
  faceNear(x: number, y: number, z: number): number {
    const { step, nx, ny, nz } = this;
    const i = Math.max(0, Math.min(nx - 1, Math.round((x - this.x0) / step)));
    const j = Math.max(0, Math.min(ny - 1, Math.round((y - this.y0) / step)));
    const k = Math.max(0, Math.min(nz - 1, Math.round((z - this.z0) / step)));
    return this.faces[(i * ny + j) * nz + k];
  }

  /** Beyond the grid, the distance to the point that is closest for the nearest place on its border. */
  ask(x: number, y: number, z: number): void {
    const { values, step, nx, ny, nz } = this;
    let u = (x - this.x0) / step, v = (y - this.y0) / step, w = (z - this.z0) / step;
    const cu = u < 0 ? 0 : u > nx - 1 ? nx - 1 : u,
      cv = v < 0 ? 0 : v > ny - 1 ? ny - 1 : v,
      cw = w < 0 ? 0 : w > nz - 1 ? nz - 1 : w;
    const ex = (u - cu) * step, ey = (v - cv) * step, ez = (w - cw) * step;
    const i = Math.min(nx - 2, Math.floor(cu)),
      j = Math.min(ny - 2, Math.floor(cv)),
      k = Math.min(nz - 2, Math.floor(cw));
    u = cu - i;
    v = cv - j;
    w = cw - k;
    const o = (i * ny + j) * nz + k, p = o + nz, q = o + ny * nz, r = q + nz;
    const d000 = values[o], d001 = values[o + 1], d010 = values[p], d011 = values[p + 1];
    const d100 = values[q], d101 = values[q + 1], d110 = values[r], d111 = values[r + 1];
    const d00 = d000 + w * (d001 - d000),
      d01 = d010 + w * (d011 - d010),
      d10 = d100 + w * (d101 - d100),
      d11 = d110 + w * (d111 - d110);
    const d0 = d00 + v * (d01 - d00), d1 = d10 + v * (d11 - d10);
    let distance = d0 + u * (d1 - d0);
    let gx = (d1 - d0) / step, gy = (d01 - d00 + u * (d11 - d10 - d01 + d00)) / step;
    let gz = ((d001 - d000) * (1 - u) * (1 - v) + (d011 - d010) * (1 - u) * v + (d101 - d100) * u * (1 - v) +
      (d111 - d110) * u * v) / step;
    if (ex !== 0 || ey !== 0 || ez !== 0) {
      const px = ex + distance * gx, py = ey + distance * gy, pz = ez + distance * gz;
      distance = Math.sqrt(px * px + py * py + pz * pz);
      const scale = distance === 0 ? 0 : 1 / distance;
      gx = px * scale;
      gy = py * scale;
      gz = pz * scale;
    }
    this.distance = distance;
    this.gx = gx;
    this.gy = gy;
    this.gz = gz;
  }
}

function nodesAcross(width: number, step: number): number {
  return Math.floor(width / step) + 2;
}

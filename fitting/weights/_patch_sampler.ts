import type { InfluenceMix } from "./_influence_mix.ts";
import { SurfaceHit } from "../surface/surface_hit.ts";
import type { WeightSource } from "./transfer_weights.ts";

/** How far from the point the surface is asked too, as a share of the gap between them. */
const SPREAD = 0.5;
/** Points around that are closer than this share of the face's longest side say nothing new. */
const LEAST_SPREAD = 0.05;
/** A point has a say if joints that were found before have this share of its weight: else it is on another limb. */
const LEAST_KNOWN = 0.3;
/** How much a face may turn away from the closest one before it has no say: the cosine, and one more. */
const FACING = 0.2;
/** Corners of faces that have a say at most: of the closest point and four around it. */
export const CORNERS = 15;

/**
 * Asks a surface what moves a point near it: the closest point, and where there
 * is a gap, four points around it, half as far away as the surface is. Cloth that
 * hangs away from the skin follows a patch of it and not one point: closest
 * points jump where the surface bends or two limbs meet, and patches do not.
 */
export class PatchSampler {
  /** Where the surface is closest. */
  readonly hit: SurfaceHit = new SurfaceHit();
  readonly #source: WeightSource;
  readonly #mix: InfluenceMix;
  readonly #aside = new SurfaceHit();
  /** The point asked about; the normal of its face; two directions along the surface. */
  readonly #at = new Float64Array(3);
  readonly #normal = new Float64Array(3);
  readonly #along = new Float64Array(6);
  readonly #other = new Float64Array(3);

  /** @param mix Gets the weights; room for {@linkcode CORNERS} vertices. */
  constructor(source: WeightSource, mix: InfluenceMix) {
    this.#source = source;
    this.#mix = mix;
  }

  /** Finds the closest point of vertex `i`. */
  find(positions: Float32Array, i: number): void {
    this.#source.index.closestPointAt(positions, i, this.hit, Infinity, this.hit.face);
    this.#faceNormal(this.hit.face, this.#normal);
  }

  /** The cosine between a direction and the face the closest point is on. */
  agreement(directions: Float64Array, i: number): number {
    const n = this.#normal;
    return directions[3 * i] * n[0] + directions[3 * i + 1] * n[1] + directions[3 * i + 2] * n[2];
  }

  /** Copies the normal of the face the closest point is on to the `i`-th of a list. */
  copyNormal(out: Float32Array, i: number): void {
    for (let k = 0; k < 3; k++) out[3 * i + k] = this.#normal[k];
  }

  /** Adds what the closest point gives; `false` when its face has no weights there. */
  addPoint(): boolean {
    return this.#add(this.hit, 1);
  }

  /** Adds the corner the closest point is nearest to. */
  addCorner(): boolean {
    const { hit: { face, w0, w1, w2 } } = this, { mesh: { indices }, skin } = this.#source;
    return this.#mix.add(skin, indices[3 * face + (w0 >= w1 && w0 >= w2 ? 0 : w1 >= w2 ? 1 : 2)], 1);
  }

  /** Adds what the surface around the closest point gives. */
  addPatch(positions: Float32Array, i: number): void {
    const { hit } = this, along = this.#along;
    const gap = Math.sqrt(hit.distanceSq);
    if (!(gap > 0)) return;
    const x = positions[3 * i], y = positions[3 * i + 1], z = positions[3 * i + 2];
    if (!this.#spread((x - hit.x) / gap, (y - hit.y) / gap, (z - hit.z) / gap, SPREAD * gap)) return;
    for (let a = 0; a < 6; a += 3) {
      this.#addAside(x + along[a], y + along[a + 1], z + along[a + 2]);
      this.#addAside(x - along[a], y - along[a + 1], z - along[a + 2]);
    }
  }

  /** Adds what the closest point of another point gives, if it faces about the same way. */
  #addAside(x: number, y: number, z: number): void {
    const at = this.#at, aside = this.#aside, n = this.#normal, o = this.#other;
    at[0] = x;
    at[1] = y;
    at[2] = z;
    this.#source.index.closestPointAt(at, 0, aside, Infinity, this.hit.face);
    this.#faceNormal(aside.face, o);
    const facing = (n[0] * o[0] + n[1] * o[1] + n[2] * o[2] + FACING) / (1 + FACING);
    if (facing > 0 && this.#knownShare(aside) > LEAST_KNOWN) this.#add(aside, facing);
  }

  /** Two directions across (nx, ny, nz) of a length; the first lies along the longest side of the closest face, so that they turn with the mesh. False where they lead nowhere. */
  #spread(nx: number, ny: number, nz: number, length: number): boolean {
    const { mesh: { positions: p, indices } } = this.#source, along = this.#along, c = 3 * this.hit.face;
    let longestSq = 0, ux = 0, uy = 0, uz = 0;
    for (let k = 0; k < 3; k++) {
      const a = 3 * indices[c + k], b = 3 * indices[c + (k + 1) % 3];
      const dx = p[b] - p[a], dy = p[b + 1] - p[a + 1], dz = p[b + 2] - p[a + 2], away = dx * nx + dy * ny + dz * nz;
      const vx = dx - away * nx, vy = dy - away * ny, vz = dz - away * nz, sq = vx * vx + vy * vy + vz * vz;
      if (!(sq > longestSq)) continue;
      longestSq = sq;
      ux = vx;
      uy = vy;
      uz = vz;
    }
    if (!(longestSq > 0) || length * length < LEAST_SPREAD * LEAST_SPREAD * longestSq) return false;
    const scale = length / Math.sqrt(longestSq);
    along[0] = scale * ux;
    along[1] = scale * uy;
    along[2] = scale * uz;
    along[3] = scale * (ny * uz - nz * uy);
    along[4] = scale * (nz * ux - nx * uz);
    along[5] = scale * (nx * uy - ny * ux);
    return true;
  }

  /** How much of what a point gives is of joints that have been found before. */
  #knownShare({ face, w0, w1, w2 }: SurfaceHit): number {
    const { mesh: { indices }, skin } = this.#source, mix = this.#mix, c = 3 * face;
    return (w0 > 0 ? w0 * mix.knownShare(skin, indices[c]) : 0) +
      (w1 > 0 ? w1 * mix.knownShare(skin, indices[c + 1]) : 0) +
      (w2 > 0 ? w2 * mix.knownShare(skin, indices[c + 2]) : 0);
  }

  #add({ face, w0, w1, w2 }: SurfaceHit, share: number): boolean {
    const { mesh: { indices }, skin } = this.#source, c = 3 * face;
    let has = false;
    if (w0 > 0) has = this.#mix.add(skin, indices[c], share * w0) || has;
    if (w1 > 0) has = this.#mix.add(skin, indices[c + 1], share * w1) || has;
    if (w2 > 0) has = this.#mix.add(skin, indices[c + 2], share * w2) || has;
    return has;
  }

  #faceNormal(face: number, out: Float64Array): void {
    const { positions: p, indices } = this.#source.mesh;
    const a = 3 * indices[3 * face], b = 3 * indices[3 * face + 1], c = 3 * indices[3 * face + 2];
    const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz), scale = length > 0 ? 1 / length : 0;
    out[0] = scale * nx;
    out[1] = scale * ny;
    out[2] = scale * nz;
  }
}

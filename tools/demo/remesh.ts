/**
 * Makes the triangles of a half body even: split, collapse, flip, relax, and back onto the field each time.
 * Source: Botsch & Kobbelt 2004, "A Remeshing Approach to Multiresolution Modeling"; ours: edge length varies over space,
 * points return to the field instead of to the old mesh, the rim stays on the middle plane x = 0.
 *
 * @module
 */
import { type Field, normalAt, projectTo } from "./field.ts";
import type { Soup } from "./isosurface.ts";
import { addScaled, between, cross, dot, length, subtract, unit, type Vec3 } from "./vec.ts";

/** The wanted edge length around a point, metres. */
export type Sizing = (p: Vec3) => number;

/**
 * @param soup Half a body, manifold, open at x = 0 only; overwritten.
 * @param field What it is the surface of.
 * @param sizing Wanted edge lengths; should change slowly.
 * @param rounds How often the four operations are repeated.
 * @returns The new half, without unused points.
 */
export function remeshHalf(soup: Soup, field: Field, sizing: Sizing, rounds: number): Soup {
  const mesh = new EditableMesh(soup, field, sizing);
  for (let round = 0; round < rounds; round++) {
    mesh.splitLong();
    mesh.collapseShort();
    mesh.flipForValence();
    mesh.relax();
    mesh.relax();
  }
  return mesh.compact();
}

/** A face may turn by at most 60 degrees in one operation. */
const LEAST_COSINE = 0.5;
/** No interior point comes nearer to the middle plane than this part of its edge length. */
const RIM_GAP = 0.3;

class EditableMesh {
  readonly #points: Vec3[];
  readonly #faces: ([number, number, number] | undefined)[];
  /** Faces around each point. */
  readonly #fans: number[][];
  readonly #onRim: boolean[] = [];
  readonly #field: Field;
  readonly #sizing: Sizing;

  constructor(soup: Soup, field: Field, sizing: Sizing) {
    this.#points = soup.points;
    this.#faces = soup.faces;
    this.#field = field;
    this.#sizing = sizing;
    this.#fans = soup.points.map(() => []);
    soup.faces.forEach((face, f) => face.forEach((v) => this.#fans[v].push(f)));
    for (const p of soup.points) this.#onRim.push(p[0] === 0);
  }

  /** Halves edges longer than 4/3 of what is wanted. */
  splitLong(): void {
    for (const [a, b] of this.#edges()) {
      const middle = between(this.#points[a], this.#points[b], 0.5);
      if (length(subtract(this.#points[a], this.#points[b])) > this.#sizing(middle) * 4 / 3) this.#split(a, b, middle);
    }
  }

  /** Merges the ends of edges shorter than 4/5 of what is wanted, where that changes nothing else. */
  collapseShort(): void {
    for (const [a, b] of this.#edges()) {
      if (this.#sharedFaces(a, b).length === 0) continue; // an earlier collapse took it
      const middle = between(this.#points[a], this.#points[b], 0.5);
      if (length(subtract(this.#points[a], this.#points[b])) < this.#sizing(middle) * 4 / 5) this.#collapse(a, b);
    }
  }

  /** Turns the diagonal of two triangles where that brings their four points nearer to six neighbours each. */
  flipForValence(): void {
    for (const [a, b] of this.#edges()) {
      const shared = this.#sharedFaces(a, b);
      if (shared.length !== 2) continue;
      const [c, d] = shared.map((f) => this.#faces[f]!.find((v) => v !== a && v !== b)!);
      if (this.#sharedFaces(c, d).length > 0) continue;
      const cost = (v: number, change: number) => {
        const off = this.#fans[v].length + change - (this.#onRim[v] ? 3 : 6);
        return off * off;
      };
      const now = cost(a, 0) + cost(b, 0) + cost(c, 0) + cost(d, 0);
      if (cost(a, -1) + cost(b, -1) + cost(c, 1) + cost(d, 1) < now) this.#flip(a, b, c, d, shared);
    }
  }

  /** Moves every point towards the middle of its neighbours within the surface, then onto the surface. */
  relax(): void {
    for (let v = 0; v < this.#points.length; v++) {
      if (this.#fans[v].length === 0) continue;
      this.#points[v] = this.#onRim[v] ? this.#relaxedOnRim(v) : this.#relaxedInside(v);
    }
  }

  /** The mesh without unused points and faces. */
  compact(): Soup {
    const renamed = new Map<number, number>();
    const points: Vec3[] = [], faces: [number, number, number][] = [];
    for (const face of this.#faces) {
      if (face === undefined) continue;
      faces.push(face.map((v) => {
        if (!renamed.has(v)) renamed.set(v, points.push(this.#points[v]) - 1);
        return renamed.get(v)!;
      }) as [number, number, number]);
    }
    return { points, faces };
  }

  #relaxedInside(v: number): Vec3 {
    const p = this.#points[v];
    let sum: Vec3 = [0, 0, 0], weight = 0;
    for (const n of this.#ring(v)) {
      const w = 1 / this.#sizing(this.#points[n]);
      sum = addScaled(sum, this.#points[n], w);
      weight += w;
    }
    const pull = subtract([sum[0] / weight, sum[1] / weight, sum[2] / weight], p);
    const normal = normalAt(this.#field, p);
    const moved = projectTo(this.#field, addScaled(addScaled(p, pull, 0.8), normal, -0.8 * dot(pull, normal)), 0, 2);
    return [Math.max(moved[0], this.#sizing(p) * RIM_GAP), moved[1], moved[2]];
  }

  #relaxedOnRim(v: number): Vec3 {
    const [a, b] = this.#ring(v).filter((n) => this.#onRim[n] && this.#sharedFaces(v, n).length === 1);
    const middle = between(this.#points[a], this.#points[b], 0.5);
    const moved = projectTo(this.#field, between(this.#points[v], middle, 0.5), 0, 3);
    return [0, moved[1], moved[2]];
  }

  #split(a: number, b: number, middle: Vec3): void {
    const shared = this.#sharedFaces(a, b);
    const rim = shared.length === 1;
    const p = projectTo(this.#field, middle, 0, 2);
    const m = this.#points.push(rim ? [0, p[1], p[2]] : p) - 1;
    this.#onRim.push(rim);
    this.#fans.push([]);
    for (const f of shared) {
      const face = this.#faces[f]!;
      this.#addFace(face.map((v) => v === a ? m : v) as [number, number, number]);
      this.#setFace(f, face.map((v) => v === b ? m : v) as [number, number, number]);
    }
  }

  #collapse(a: number, b: number): void {
    const shared = this.#sharedFaces(a, b);
    const bothOnRim = this.#onRim[a] && this.#onRim[b];
    if (bothOnRim && shared.length === 2) return; // a chord: merging its ends would pinch the rim
    const [gone, kept] = this.#onRim[a] ? [b, a] : [a, b];
    const common = this.#ring(gone).filter((n) => n !== kept && this.#sharedFaces(n, kept).length > 0);
    if (common.length !== shared.length) return; // link condition
    if (common.some((n) => this.#fans[n].length <= 3)) return;
    const stays = this.#onRim[kept] && !bothOnRim;
    let target = this.#points[kept];
    if (!stays) target = projectTo(this.#field, between(this.#points[gone], target, 0.5), 0, 2);
    if (bothOnRim) target = [0, target[1], target[2]];
    if (!this.#canMove(gone, target, shared) || !this.#canMove(kept, target, shared)) return;
    for (const f of shared) this.#dropFace(f);
    for (const f of [...this.#fans[gone]]) {
      this.#setFace(f, this.#faces[f]!.map((v) => v === gone ? kept : v) as [number, number, number]);
    }
    this.#points[kept] = target;
  }

  /** Whether the faces around `v`, but for `except`, keep their direction and size when `v` moves to `target`. */
  #canMove(v: number, target: Vec3, except: readonly number[]): boolean {
    for (const f of this.#fans[v]) {
      if (except.includes(f)) continue;
      const before = this.#faces[f]!.map((n) => this.#points[n]);
      const after = this.#faces[f]!.map((n) => n === v ? target : this.#points[n]);
      if (dot(faceNormal(before), faceNormal(after)) < LEAST_COSINE) return false;
      const limit = this.#sizing(target) * 4 / 3;
      if (after.some((p) => length(subtract(p, target)) > limit)) return false;
    }
    return true;
  }

  #flip(a: number, b: number, c: number, d: number, shared: readonly number[]): void {
    // Faces (a b c) and (b a d), or the other way round, become (c d b) and (d c a).
    const first = this.#faces[shared[0]]!;
    const [p, q] = first[(first.indexOf(a) + 1) % 3] === b ? [a, b] : [b, a];
    const made: [number, number, number][] = [[c, d, q], [d, c, p]];
    const old = shared.map((f) => faceNormal(this.#faces[f]!.map((v) => this.#points[v])));
    const turned = made.map((face) => faceNormal(face.map((v) => this.#points[v])));
    if (old.some((normal) => turned.some((other) => dot(normal, other) < LEAST_COSINE))) return;
    this.#setFace(shared[0], made[0]);
    this.#setFace(shared[1], made[1]);
  }

  /** Every edge once, as `[a, b]`; a list of its own, so that the mesh may change meanwhile. */
  #edges(): [number, number][] {
    const edges: [number, number][] = [];
    for (const face of this.#faces) {
      if (face === undefined) continue;
      for (let k = 0; k < 3; k++) {
        const a = face[k], b = face[(k + 1) % 3];
        if (a < b || this.#sharedFaces(a, b).length === 1) edges.push([a, b]);
      }
    }
    return edges;
  }

  #sharedFaces(a: number, b: number): number[] {
    return this.#fans[a].filter((f) => this.#faces[f]!.includes(b));
  }

  #ring(v: number): number[] {
    return [...new Set(this.#fans[v].flatMap((f) => this.#faces[f]!))].filter((n) => n !== v);
  }

  #addFace(face: [number, number, number]): void {
    const f = this.#faces.push(face) - 1;
    for (const v of face) this.#fans[v].push(f);
  }

  #setFace(f: number, face: [number, number, number]): void {
    for (const v of this.#faces[f]!) this.#fans[v] = this.#fans[v].filter((n) => n !== f);
    this.#faces[f] = face;
    for (const v of face) this.#fans[v].push(f);
  }

  #dropFace(f: number): void {
    for (const v of this.#faces[f]!) this.#fans[v] = this.#fans[v].filter((n) => n !== f);
    this.#faces[f] = undefined;
  }
}

/** The unit normal of a triangle; zero for one without area. */
function faceNormal([a, b, c]: readonly Vec3[]): Vec3 {
  return unit(cross(subtract(b, a), subtract(c, a)));
}

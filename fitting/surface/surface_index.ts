import type { TriangleMesh } from "../mesh.ts";
import { faceCountOf } from "../mesh.ts";
import { finish, type Work } from "../work.ts";
import type { Frame } from "../../pool/scratch.ts";
import type { SurfaceHit } from "./surface_hit.ts";
import { type Bvh, bvhBytes, LEAF_SIZE, leaseBvh } from "./_bvh.ts";
import { crossingsInTree } from "./_bvh_crossings.ts";
import { facesInBoxOfTree } from "./_bvh_overlap.ts";
import { rayInTree } from "./_bvh_ray.ts";
import { windingInTree } from "./_bvh_winding.ts";
import { isClosed } from "./_is_closed.ts";
import { buildTree, refitTree } from "./_build_tree.ts";
import { findClosest } from "./_simd_closest.ts";
import { sumMoments } from "./_winding_moments.ts";

export { SurfaceHit } from "./surface_hit.ts";

/** More than two computations of one distance differ by. */
const ROUNDING = 1e-9;

/** Options for {@linkcode SurfaceIndex.build}. */
export interface SurfaceIndexOptions {
  /**
   * From how many radii on a part of the surface counts as a point for the
   * winding number; more is slower and more exact. Errors at 2 stay below 0.01.
   *
   * @default {2}
   */
  windingBeta?: number;
}

/** Defaults of {@linkcode SurfaceIndexOptions}. */
export const SURFACE_INDEX_DEFAULTS: Readonly<Required<SurfaceIndexOptions>> = {
  windingBeta: 2,
};

/** A place is inside where the winding number lies above this: half way between out (0) and in (1). */
export const INSIDE_WINDING_NUMBER = 0.5;

/** What an index reads once its loan has ended. */
const ENDED: Bvh = new Proxy({} as Bvh, {
  get() {
    throw new TypeError("Cannot ask a surface index that was lent as the loan has ended");
  },
});

/** The tree of an index that may be asked, for the batch; not public. */
export let treeOf: (index: SurfaceIndex) => Bvh;

/** An index in the hands of a borrower, see {@linkcode SurfaceIndex.lend}. */
export interface LentSurfaceIndex {
  /** Answers as its lender does, until the loan ends. */
  readonly index: SurfaceIndex;
  /** Ends the loan: from now on every question throws a `TypeError`. */
  readonly end: () => void;
}

/**
 * Answers questions about the surface of a mesh: closest point, first hit of a
 * ray, inside or outside. A tree of boxes over a copy of the triangles; the mesh
 * may be open, non-manifold, have zero-area or duplicate faces, or none at all.
 *
 * Queries create nothing. They share one stack: a query may not be started
 * inside another one of the same index (none calls back, so it takes two threads
 * to try).
 *
 * @example Distance to a triangle, above and beside it
 * ```ts
 * import { SurfaceHit, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]), indices: new Uint32Array([0, 1, 2]) };
 * using scope = new BufferScope();
 * const index = SurfaceIndex.build(mesh, scope), hit = new SurfaceHit();
 * assertEquals(index.closestPoint(-3, 0.5, 4, hit), true);
 * assertEquals([hit.x, hit.y, hit.z, hit.distanceSq], [0, 0.5, 0, 25]);
 * assertEquals(index.closestPoint(-3, 0.5, 4, hit, 4.9), false);
 * ```
 *
 * @example Inside and outside of a tetrahedron
 * ```ts
 * import { SurfaceHit, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const positions = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
 * const indices = new Uint32Array([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]);
 * using scope = new BufferScope();
 * const index = SurfaceIndex.build({ positions, indices }, scope), hit = new SurfaceHit();
 * assertEquals(index.signedDistance(0.125, 0.25, 0.25, hit), -0.125);
 * assertEquals(index.signedDistance(-0.125, 0.25, 0.25, hit), 0.125);
 * ```
 */
export class SurfaceIndex {
  /** The mesh the index was built over; positions may move, see {@linkcode SurfaceIndex.refit}. */
  readonly mesh: TriangleMesh;
  #bvh: Bvh;
  readonly #windingBeta: number;
  #isLent = false;
  #hasMoments = false;
  #closed: boolean | undefined;

  static {
    treeOf = (index) => index.#tree;
  }

  private constructor(mesh: TriangleMesh, bvh: Bvh, windingBeta: number) {
    this.mesh = mesh;
    this.#bvh = bvh;
    this.#windingBeta = windingBeta;
  }

  /**
   * Builds an index. O(n log n) time.
   *
   * @param mesh Indices in range, coordinates finite; read now and by `refit`.
   * @param out Keeps the index: it is valid while this frame is open; {@linkcode surfaceIndexBytes} are leased from it.
   * @param options Missing keys take {@linkcode SURFACE_INDEX_DEFAULTS}.
   * @throws {RangeError} If `windingBeta` is not above 1.
   */
  static build(mesh: TriangleMesh, out: Frame, options: SurfaceIndexOptions = {}): SurfaceIndex {
    return finish(SurfaceIndex.buildWork(mesh, out, options));
  }

  /** {@linkcode SurfaceIndex.build} with pauses. */
  static *buildWork(
    mesh: TriangleMesh,
    out: Frame,
    options: SurfaceIndexOptions = {},
  ): Work<SurfaceIndex> {
    const { windingBeta } = { ...SURFACE_INDEX_DEFAULTS, ...options };
    if (!(windingBeta > 1)) {
      throw new RangeError(
        `Cannot build a surface index as windingBeta must be > 1: current value is ${windingBeta}`,
      );
    }
    const bvh = leaseBvh(faceCountOf(mesh), out);
    yield* buildTree(mesh, bvh);
    return new SurfaceIndex(mesh, bvh, windingBeta);
  }

  /** The tree, as long as its memory is leased: pages of WebAssembly memory go on as somebody else's. */
  get #tree(): Bvh {
    const bvh = this.#bvh;
    if (!bvh.pages.isOpen) {
      throw new TypeError("Cannot ask a surface index as the frame it was built in has closed");
    }
    return bvh;
  }

  /**
   * What answers closest points: WebAssembly with `simd`, or TypeScript, `scalar`.
   * The answers are the same to the last bit.
   */
  get path(): "simd" | "scalar" {
    return this.#tree.kernels === undefined ? "scalar" : "simd";
  }

  /** How many faces the index holds. */
  get faceCount(): number {
    return this.#tree.faceCount;
  }

  /**
   * Takes over positions of the mesh that changed in place. O(n); far cheaper
   * than a build. Queries stay exact; they slow down as faces that were
   * neighbours at the build move apart.
   *
   * @throws {TypeError} If the index is lent.
   */
  refit(): void {
    finish(this.refitWork());
  }

  /** {@linkcode SurfaceIndex.refit} with pauses; queries between them are wrong. */
  *refitWork(): Work<void> {
    this.#assertOwn("refit");
    this.#hasMoments = false;
    this.#closed = undefined;
    yield* refitTree(this.mesh, this.#tree);
  }

  /**
   * Lends the index to code that might keep it: a second object over the same
   * tree that can be taken back, and whose memory nobody can get hold of. The
   * lender stays as it is, so it must neither be refitted nor closed before the
   * loan ends.
   *
   * @param mesh What the borrower sees as the index's mesh; the same values.
   * @throws {TypeError} If this index is itself lent.
   * @example A borrower that keeps the index has nothing
   * ```ts
   * import { SurfaceHit, SurfaceIndex } from "@meshtailor/meshtailor/fitting";
   * import { BufferScope } from "@meshtailor/meshtailor/pool";
   * import { assertEquals, assertThrows } from "@std/assert";
   *
   * const mesh = { positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]), indices: new Uint32Array([0, 1, 2]) };
   * using scope = new BufferScope();
   * const { index, end } = SurfaceIndex.build(mesh, scope).lend(), hit = new SurfaceHit();
   * assertEquals(index.closestPoint(0, 0, 2, hit), true);
   * end();
   * assertThrows(() => index.closestPoint(0, 0, 2, hit), TypeError, "the loan has ended");
   * ```
   */
  lend(mesh: TriangleMesh = this.mesh): LentSurfaceIndex {
    this.#assertOwn("lend");
    const index = new SurfaceIndex(mesh, this.#tree, this.#windingBeta);
    index.#isLent = true;
    index.#hasMoments = this.#hasMoments;
    index.#closed = this.#closed;
    return { index, end: () => index.#bvh = ENDED };
  }

  #assertOwn(verb: string): void {
    if (this.#isLent) throw new TypeError(`Cannot ${verb} a surface index that was lent as only its owner may`);
  }

  /**
   * Finds the point of the surface closest to `(x, y, z)`, exactly: of points at
   * the same distance the one on the lower face is taken.
   *
   * @param hit Overwritten if something is found, else left alone.
   * @param maxDistance What lies farther is not found; metres, inclusive.
   * @param startFace A face thought to be near, such as that of the last answer: no point farther than it is looked at. Changes the time, not the answer.
   * @returns Whether a point was found: `false` for a mesh without faces, beyond `maxDistance`, or a query that is `NaN`.
   */
  closestPoint(
    x: number,
    y: number,
    z: number,
    hit: SurfaceHit,
    maxDistance: number = Infinity,
    startFace: number = -1,
  ): boolean {
    const { query } = this.#tree;
    query[0] = x;
    query[1] = y;
    query[2] = z;
    return this.#findClosest(hit, maxDistance, startFace);
  }

  /**
   * {@linkcode SurfaceIndex.closestPoint} of `points[3 * i]` and the two numbers
   * after it. For loops: an engine passes numbers with a fraction as objects, an
   * array and an index as they are.
   */
  closestPointAt(
    points: Float32Array | Float64Array,
    i: number,
    hit: SurfaceHit,
    maxDistance: number = Infinity,
    startFace: number = -1,
  ): boolean {
    const { query } = this.#tree;
    query[0] = points[3 * i];
    query[1] = points[3 * i + 1];
    query[2] = points[3 * i + 2];
    return this.#findClosest(hit, maxDistance, startFace);
  }

  #findClosest(hit: SurfaceHit, maxDistance: number, startFace: number): boolean {
    const bvh = this.#tree, { query, faceCount, leafOfFace, triangles } = bvh;
    if (faceCount === 0 || !(maxDistance >= 0)) return false;
    query[6] = maxDistance * maxDistance;
    if (!(startFace >= 0 && startFace < faceCount)) startFace = -1;
    else if (bvh.kernels === undefined) {
      // no point is farther than a corner in the leaf of that face
      const t = 9 * LEAF_SIZE * leafOfFace[startFace];
      const x = triangles[t] - query[0], y = triangles[t + 1] - query[1], z = triangles[t + 2] - query[2];
      const bound = (x * x + y * y + z * z) * (1 + ROUNDING);
      if (bound < query[6]) query[6] = bound;
    }
    return findClosest(bvh, startFace, hit);
  }

  /**
   * Finds the first point of the surface on a ray, from either side of a face; of
   * faces hit at the same point the lower one is taken. Edges are watertight: a
   * ray at a shared edge or corner hits one of the faces.
   *
   * @param dx,dy,dz Direction, of any length above zero.
   * @param hit Overwritten if something is found; `distanceSq` is measured from the origin in metres, whatever the length of the direction.
   * @param maxDistance What lies farther is not found; metres, inclusive.
   * @returns Whether something was hit.
   */
  rayHit(
    ox: number,
    oy: number,
    oz: number,
    dx: number,
    dy: number,
    dz: number,
    hit: SurfaceHit,
    maxDistance: number = Infinity,
  ): boolean {
    const bvh = this.#tree, { query } = bvh;
    query[0] = ox;
    query[1] = oy;
    query[2] = oz;
    query[3] = dx;
    query[4] = dy;
    query[5] = dz;
    query[6] = maxDistance;
    return bvh.faceCount > 0 && rayInTree(bvh, hit);
  }

  /**
   * Lists the faces whose bounds meet a box, in no particular order; touching
   * counts. For overlaps: what is found still has to be tested.
   *
   * @param box Least x, y and z, then greatest, metres.
   * @param faces Caller-owned, at least as long as there are faces; overwritten from 0 on.
   * @returns How many were found.
   * @example One of two triangles
   * ```ts
   * import { SurfaceIndex } from "@meshtailor/meshtailor/fitting";
   * import { BufferScope } from "@meshtailor/meshtailor/pool";
   * import { assertEquals } from "@std/assert";
   *
   * const positions = new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 5, 0, 0, 6, 0, 0, 5, 1, 0]);
   * using scope = new BufferScope();
   * const index = SurfaceIndex.build({ positions, indices: new Uint32Array([0, 1, 2, 3, 4, 5]) }, scope);
   * const faces = new Uint32Array(2);
   * assertEquals(index.facesInBox(Float64Array.of(4, -1, -1, 7, 1, 1), faces), 1);
   * assertEquals(faces[0], 1);
   * ```
   */
  facesInBox(box: Float64Array, faces: Uint32Array): number {
    const bvh = this.#tree, { query } = bvh;
    for (let k = 0; k < 6; k++) query[k] = box[k];
    return bvh.faceCount === 0 ? 0 : facesInBoxOfTree(bvh, faces);
  }

  /**
   * How often the surface winds around a point: 1 inside and 0 outside of a closed
   * surface that faces outwards, something between where it is open, 2 inside of
   * two overlapping ones. Away from the surface within 0.01 of the exact value.
   *
   * Source: Barill, Dickson, Schmidt, Levin & Jacobson 2018, "Fast Winding Numbers
   * for Soups and Clouds". The first call after a build or refit sums moments over
   * the tree, O(n).
   *
   * @returns 0 for a mesh without faces.
   */
  windingNumber(x: number, y: number, z: number): number {
    const { query } = this.#tree;
    query[0] = x;
    query[1] = y;
    query[2] = z;
    return this.#findWindingNumber();
  }

  #findWindingNumber(): number {
    if (!this.#hasMoments) finish(this.#sumMomentsWork());
    return windingInTree(this.#tree, this.#windingBeta);
  }

  /**
   * Whether a point lies inside: its winding number is above
   * {@linkcode INSIDE_WINDING_NUMBER}, on open meshes too; on the surface either.
   * A closed mesh is decided exactly, by crossings of a ray, in a tenth of the
   * time. The first call after a build or refit finds out which it is, O(n).
   */
  isInside(x: number, y: number, z: number): boolean {
    const { query } = this.#tree;
    query[0] = x;
    query[1] = y;
    query[2] = z;
    return this.#findInside();
  }

  /** {@linkcode SurfaceIndex.isInside} of `points[3 * i]` and the two numbers after it; see {@linkcode SurfaceIndex.closestPointAt}. */
  isInsideAt(points: Float32Array | Float64Array, i: number): boolean {
    const { query } = this.#tree;
    query[0] = points[3 * i];
    query[1] = points[3 * i + 1];
    query[2] = points[3 * i + 2];
    return this.#findInside();
  }

  /**
   * Does, with pauses, what the first {@linkcode SurfaceIndex.isInside} after a build or refit has to do and cannot
   * pause in: finds out whether the mesh is closed, and sums moments if it is not. Later it does nothing.
   */
  *prepareInsideWork(): Work<void> {
    this.#closed ??= yield* isClosed(this.#tree);
    if (!this.#closed && !this.#hasMoments) yield* this.#sumMomentsWork();
  }

  /** Whether the mesh has no open edge, vertices at one place being one: then inside is no guess. The first call after a build or refit finds out, O(n), unless `prepareInsideWork` has. */
  get isClosed(): boolean {
    return this.#closed ??= finish(isClosed(this.#tree));
  }

  *#sumMomentsWork(): Work<void> {
    yield* sumMoments(this.#tree);
    this.#hasMoments = true;
  }

  #findInside(): boolean {
    const crossings = this.isClosed ? crossingsInTree(this.#tree) : NaN;
    const winding = Number.isNaN(crossings) ? this.#findWindingNumber() : crossings;
    return winding > INSIDE_WINDING_NUMBER;
  }

  /**
   * The distance to the surface, **negative inside** (see {@linkcode SurfaceIndex.isInside}).
   *
   * @param hit Receives the closest point.
   * @returns Metres; `0` on the surface; `NaN` for a mesh without faces.
   */
  signedDistance(x: number, y: number, z: number, hit: SurfaceHit): number {
    if (!this.closestPoint(x, y, z, hit)) return NaN;
    const distance = Math.sqrt(hit.distanceSq);
    return distance > 0 && this.#findInside() ? -distance : distance;
  }
}

/**
 * Bytes {@linkcode SurfaceIndex.build} leases from `out`, whatever the shape of the mesh: about 195 a face.
 *
 * @example What a build leases
 * ```ts
 * import { SurfaceIndex, surfaceIndexBytes } from "@meshtailor/meshtailor/fitting";
 * import { BufferScope } from "@meshtailor/meshtailor/pool";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { positions: new Float32Array(9), indices: new Uint32Array([0, 1, 2]) };
 * using out = new BufferScope();
 * using scratch = new BufferScope();
 * SurfaceIndex.build(mesh, out);
 * assertEquals(out.peakBytes, surfaceIndexBytes({ faceCount: 1 }));
 * ```
 */
export function surfaceIndexBytes({ faceCount }: { faceCount: number }): number {
  return bvhBytes(faceCount);
}

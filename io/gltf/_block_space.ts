import type { Work } from "../../fitting/work.ts";
import { AFFINE, invert, multiply } from "./_affine.ts";
import { fault } from "./_check.ts";
import type { MeshPart } from "./mesh_header.ts";
import type { GltfDocument } from "./open.ts";
import type { VertexSpace } from "./_vertex_space.ts";

/** Vertices between two pauses. */
const PAUSE_EVERY = 16_384;
/** Linear parts that differ by less are one: what f32 inverse bind matrices leave of an identity. */
const LINEAR_TOLERANCE = 5e-7;
/** Translations that differ by less are one; metres. */
const TRANSLATION_TOLERANCE = 5e-7;

/**
 * The space a block of vertices was read from and the one it is written to.
 * They differ when the mesh is bound to a skeleton: what lay in its node's space
 * goes to bind space.
 */
export class BlockSpace {
  /** Whether numbers mean something else after writing than before; known once the spaces were compared. */
  isMoving = false;
  readonly #toWorld = new Float64Array(AFFINE);
  readonly #fromWorld = new Float64Array(AFFINE);
  readonly #from = new Float64Array(AFFINE);
  readonly #between = new Float64Array(AFFINE);
  readonly #isConstant: boolean;

  constructor(
    readonly document: GltfDocument,
    readonly part: MeshPart,
    readonly from: VertexSpace,
    readonly to: VertexSpace,
  ) {
    this.#isConstant = from.constant !== undefined && to.constant !== undefined;
    if (this.#isConstant) this.#load(0);
  }

  /** World to the written space, for a vertex; reused by the next call. */
  fromWorld(vertex: number): Float64Array {
    if (!this.#isConstant) this.#load(vertex);
    return this.#fromWorld;
  }

  /** Written space to the world, for a vertex; reused by the next call. */
  toWorld(vertex: number): Float64Array {
    if (!this.#isConstant) this.#load(vertex);
    return this.#toWorld;
  }

  /** The space as read to the space as written, for a vertex; reused by the next call. */
  between(vertex: number): Float64Array {
    const inverse = this.fromWorld(vertex);
    this.from.transformOf(vertex, this.#from);
    multiply(inverse, 0, this.#from, 0, this.#between, 0);
    return this.#between;
  }

  #load(vertex: number): void {
    this.to.transformOf(vertex, this.#toWorld);
    if (invert(this.#toWorld, this.#fromWorld)) return;
    const pointer = `/meshes/${this.part.mesh}/primitives/${this.part.primitive}`;
    throw fault(
      this.document.path,
      pointer,
      "the joints must move every vertex by a matrix that has an inverse",
      `that of vertex ${vertex} flattens it`,
    );
  }

  /** Compares the two spaces, vertex by vertex where they are no constants. */
  *compare(): Work<void> {
    this.isMoving = this.from !== this.to && (yield* this.#differs());
  }

  *#differs(): Work<boolean> {
    const a = new Float64Array(AFFINE), b = new Float64Array(AFFINE);
    const end = this.#isConstant ? 1 : this.part.vertexCount;
    for (let v = 0; v < end; v++) {
      if (v % PAUSE_EVERY === PAUSE_EVERY - 1) yield;
      this.from.transformOf(v, a);
      this.to.transformOf(v, b);
      let size = 0, linear = 0, translation = 0;
      for (let i = 0; i < 9; i++) {
        size = Math.max(size, Math.abs(a[i]));
        linear = Math.max(linear, Math.abs(a[i] - b[i]));
      }
      for (let i = 9; i < AFFINE; i++) {
        translation = Math.max(translation, Math.abs(a[i] - b[i]));
      }
      if (
        !(linear <= LINEAR_TOLERANCE * size &&
          translation <= TRANSLATION_TOLERANCE)
      ) return true;
    }
    return false;
  }
}

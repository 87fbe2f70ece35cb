import { memoryOf, type Pages } from "../../pool/pages.ts";
import { KERNELS_BINARY } from "./_kernels_binary.ts";

/** What `kernels/` exports; each works on the memory it is bound to. */
export interface Kernels {
  /** See `kernels/closest.ts`. */
  readonly closest: (startFace: number) => number;
  readonly closestBatch: (count: number, maxSq: number) => void;
  /** See `kernels/frames.ts`. */
  readonly frameLeaves: (begin: number, end: number) => void;
  /** See `kernels/normals.ts`. */
  readonly addVotes: (
    positions: number,
    indices: number,
    remap: number,
    sums: number,
    table: number,
    begin: number,
    end: number,
  ) => void;
  readonly writeNormals: (
    sums: number,
    remap: number,
    out: number,
    doubtful: number,
    hasCrease: boolean,
    first: number,
    last: number,
  ) => number;
  /** See `kernels/smooth.ts`. */
  readonly umbrella: (
    ringOffsets: number,
    ringVertices: number,
    pinned: number,
    from: number,
    to: number,
    factor: number,
    first: number,
    last: number,
  ) => void;
  /** See `kernels/sort_faces.ts`. */
  readonly beginSort: () => void;
  readonly sortFaces: (budget: number) => number;
  readonly listSlots: () => void;
  /** See `kernels/read_triangles.ts`. */
  readonly readChildren: (begin: number, end: number) => void;
  readonly readOnlyLeaf: () => void;
  /** See `kernels/wide_tree.ts`. */
  readonly beginWideTree: (bounds: number) => void;
  readonly growWideTree: (count: number) => number;
}

/** Compiled at the first use; `null` where the engine refuses: no SIMD, or a page that allows no WebAssembly. */
let module: WebAssembly.Module | null | undefined;

/** One set of kernels a memory, which is reused as often as the memory is. */
const bound = new WeakMap<WebAssembly.Memory, Kernels>();

/**
 * The kernels, bound to the memory of `pages`; `undefined` where TypeScript has
 * to do: the pool has no WebAssembly memory, or the engine no SIMD.
 */
export function kernelsOf(pages: Pages): Kernels | undefined {
  const { wasm } = memoryOf(pages);
  if (wasm === undefined) return undefined;
  let kernels = bound.get(wasm);
  if (kernels === undefined) {
    if (!hasSimd()) return undefined;
    kernels = new WebAssembly.Instance(module!, { env: { memory: wasm } }).exports as unknown as Kernels;
    bound.set(wasm, kernels);
  }
  return kernels;
}

/** Whether this engine runs the kernels. */
export function hasSimd(): boolean {
  module ??= compile();
  return module !== null;
}

function compile(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(KERNELS_BINARY), (char) => char.charCodeAt(0)));
  } catch (error) {
    if (error instanceof WebAssembly.CompileError || error instanceof RangeError || error instanceof EvalError) {
      return null;
    }
    throw error;
  }
}

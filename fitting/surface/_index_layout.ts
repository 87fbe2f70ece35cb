/**
 * Where things lie in the pages of a surface index, bytes from their begin. Read
 * by TypeScript and by the kernels in `kernels/` alike, so no types beside the
 * numbers. What has a fixed size comes first; arrays follow at {@linkcode ARRAYS}.
 */

/** 7 f64: what is asked. */
export const QUERY = 0;
/** 3 f64: what a thin triangle answers. */
export const ANSWER = 56;
/** 19 f64: where moments are summed. */
export const SUMS = 80;
/** 64 f64: keys of the stack of the binary tree. */
export const STACK_KEY = 232;
/** 64 i32: the stack of the binary tree. */
export const STACK_REF = 744;
/** 4 f64: centre of the surface and the power of two that brings it into [-1, 1]. */
export const GRID = 1000;
/** 7 f64: `x y z w0 w1 w2 distanceSq` of a single query. */
export const RESULT = 1032;
/** 16 i32: begins of the arrays and counts the kernels need, in the order of `_surface_pages.ts`. */
export const FIELDS = 1088;
/** Where in the wide tree to go on, 4 i32. */
export const PROGRESS = 1152;
/** 4 f32 or i32: a vector taken apart. */
export const LANES = 1168;
/** 8 bytes an entry, reference and squared distance: children of the wide tree still to visit. */
export const WIDE_STACK = 1184;
/** 8 bytes an entry, slot and squared distance: triangles that may be closest. */
export const CANDIDATES = 3232;
/** How many fit. */
export const CANDIDATE_COUNT = 64;
/** 3 f64 a query of a batch. */
export const BATCH_POINTS = 3744;
/** Queries of a batch. */
export const BATCH_SIZE = 512;
/** i32 a query: the face it starts from, then the face it found. */
export const BATCH_FACES = 16032;
/** 4 f64 a query: `w0 w1 w2 distanceSq`. */
export const BATCH_RESULTS = 18080;
/** The first array. */
export const ARRAYS = 34464;

/** Bytes of a node of the wide tree: four boxes, `minX maxX minY maxY minZ maxZ` by fours, and four references. */
export const WIDE_NODE_BYTES = 112;
/** Bytes of a leaf of the wide tree: seventeen numbers of four triangles, see `kernels/frames.ts`. */
export const WIDE_LEAF_BYTES = 272;

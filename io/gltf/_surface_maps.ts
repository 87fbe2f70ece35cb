import type { Work } from "../../fitting/work.ts";

/** Faces or vertices between two pauses. */
const PAUSE_EVERY = 8192;
/** A neighbourhood flatter than this, as a share of a round one, tells no map of its own. */
const FLAT = 1e-6;

/**
 * How a surface turned and stretched around each vertex: the linear map that best takes the edges of the faces around it,
 * and their normal, from where they were to where they are (deformation gradient by least squares,
 * M = Σ e′eᵀ (Σ eeᵀ)⁻¹). Vertices that lay in one place share one map, so that seams stay closed; one without a telling
 * neighbourhood takes the map of the whole surface.
 *
 * @param old Positions as they were, `3 * vertexCount`.
 * @param now As they are, in any space.
 * @param indices Faces.
 * @returns `9 * vertexCount`, column-major.
 */
export function* surfaceMaps(old: Float32Array, now: ArrayLike<number>, indices: Uint32Array): Work<Float64Array> {
  const n = old.length / 3, placeOf = yield* placesOf(old);
  const before = new Float64Array(9 * (n + 1)), after = new Float64Array(9 * (n + 1));
  const edge = new Float64Array(6), inverse = new Float64Array(9), all = 9 * n;
  for (let c = 0; c < indices.length; c += 3) {
    if (c % (3 * PAUSE_EVERY) === 0) yield;
    for (let k = 0; k < 3; k++) {
      const a = 3 * indices[c + k], b = 3 * indices[c + (k + 1) % 3];
      edgeOf(old, a, b, edge, 0);
      edgeOf(now, a, b, edge, 3);
      for (let corner = 0; corner < 3; corner++) addPair(before, after, 9 * placeOf[indices[c + corner]], edge);
      addPair(before, after, all, edge);
    }
    normalOf(old, indices, c, edge, 0);
    normalOf(now, indices, c, edge, 3);
    for (let corner = 0; corner < 3; corner++) addPair(before, after, 9 * placeOf[indices[c + corner]], edge);
    addPair(before, after, all, edge);
  }
  if (!solve(before, after, all, inverse)) { for (let i = 0; i < 9; i++) before[all + i] = i % 4 === 0 ? 1 : 0; }
  for (let v = 0; v < n; v++) {
    if (v % PAUSE_EVERY === 0) yield;
    if (placeOf[v] === v && !solve(before, after, 9 * v, inverse)) before.copyWithin(9 * v, all, all + 9);
    before.copyWithin(9 * v, 9 * placeOf[v], 9 * placeOf[v] + 9);
  }
  return before;
}

/** The first vertex at the same place, for each. */
function* placesOf(p: Float32Array): Work<Uint32Array> {
  const n = p.length / 3, placeOf = new Uint32Array(n);
  let size = 16;
  while (size < 2 * n) size *= 2;
  const table = new Int32Array(size).fill(-1), bits = new Int32Array(p.buffer, p.byteOffset, p.length);
  for (let v = 0, i = 0; v < n; v++, i += 3) {
    if (v % PAUSE_EVERY === 0) yield;
    let at = (Math.imul(bits[i], 73856093) ^ Math.imul(bits[i + 1], 19349663) ^ Math.imul(bits[i + 2], 83492791)) >>> 0;
    at = (at ^ at >>> 15) & (size - 1);
    while (table[at] >= 0) {
      const w = 3 * table[at];
      if (p[w] === p[i] && p[w + 1] === p[i + 1] && p[w + 2] === p[i + 2]) break;
      at = (at + 1) & (size - 1);
    }
    if (table[at] < 0) table[at] = v;
    placeOf[v] = table[at];
  }
  return placeOf;
}

function edgeOf(p: ArrayLike<number>, a: number, b: number, out: Float64Array, at: number): void {
  for (let k = 0; k < 3; k++) out[at + k] = p[b + k] - p[a + k];
}

/** The normal of a face, as long as the root of its double area: a length, as edges are. */
function normalOf(p: ArrayLike<number>, indices: Uint32Array, c: number, out: Float64Array, at: number): void {
  const a = 3 * indices[c], b = 3 * indices[c + 1], d = 3 * indices[c + 2];
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[d] - p[a], vy = p[d + 1] - p[a + 1], vz = p[d + 2] - p[a + 2];
  const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
  const root = Math.sqrt(Math.sqrt(x * x + y * y + z * z));
  out[at] = root > 0 ? x / root : 0;
  out[at + 1] = root > 0 ? y / root : 0;
  out[at + 2] = root > 0 ? z / root : 0;
}

/** Adds `e eᵀ` and `e′ eᵀ`, column-major. */
function addPair(before: Float64Array, after: Float64Array, at: number, edge: Float64Array): void {
  for (let column = 0; column < 3; column++) {
    for (let row = 0; row < 3; row++) {
      before[at + 3 * column + row] += edge[row] * edge[column];
      after[at + 3 * column + row] += edge[3 + row] * edge[column];
    }
  }
}

/** Replaces the symmetric matrix S in `before` by A S⁻¹, with A in `after`; false where S is flat. */
function solve(before: Float64Array, after: Float64Array, at: number, inverse: Float64Array): boolean {
  const a = before[at],
    b = before[at + 1],
    c = before[at + 2],
    d = before[at + 4],
    e = before[at + 5],
    f = before[at + 8];
  const mean = (a + d + f) / 3, c00 = d * f - e * e, c01 = c * e - b * f, c02 = b * e - c * d;
  const det = a * c00 + b * c01 + c * c02;
  if (!(det > FLAT * mean * mean * mean && det < Infinity)) return false;
  inverse[0] = c00;
  inverse[1] = inverse[3] = c01;
  inverse[2] = inverse[6] = c02;
  inverse[4] = a * f - c * c;
  inverse[5] = inverse[7] = b * c - a * e;
  inverse[8] = a * d - b * b;
  for (let column = 0; column < 3; column++) {
    for (let row = 0; row < 3; row++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += after[at + 3 * k + row] * inverse[3 * column + k];
      before[at + 3 * column + row] = sum / det;
    }
  }
  return true;
}

/**
 * Vertex normals, two faces at a time in f64: `fitting/normals/vertex_normals.ts`, number
 * for number. Votes are added face by face, so sums come out the same too.
 */

/** `fitting/normals/vertex_normals.ts` says what they mean. */
const LEAST_AGREEMENT: f64 = 0.05;
const VOTE_EPSILON: f64 = 1e-5;

/** Steps of the table in `fitting/normals/_corner_angle.ts`. */
const STEPS: f64 = 2048;

/** The x of two places, and their y in the upper half; reads four bytes behind each, which are no further than the indices. */
// @ts-ignore: decorator
@inline
function pairXY(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5);
}

// @ts-ignore: decorator
@inline
function low(pairs: v128): v128 {
  return f64x2.promote_low_f32x4(pairs);
}

// @ts-ignore: decorator
@inline
function high(pairs: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(pairs, pairs, 2, 3, 2, 3));
}

/** The z of two places. */
// @ts-ignore: decorator
@inline
function pairZ(a: v128, b: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(a, b, 2, 6, 2, 6));
}

// @ts-ignore: decorator
@inline
function dot(ax: v128, ay: v128, az: v128, bx: v128, by: v128, bz: v128): v128 {
  return f64x2.add(f64x2.add(f64x2.mul(ax, bx), f64x2.mul(ay, by)), f64x2.mul(az, bz));
}

/** Where in the table the angle stands. */
// @ts-ignore: decorator
@inline
function placeOf(sin: v128, cos: v128): v128 {
  const ratio = f64x2.div(cos, f64x2.add(sin, f64x2.abs(cos)));
  return f64x2.mul(f64x2.add(ratio, f64x2.splat(1)), f64x2.splat(STEPS / 2));
}

/** The angles there: between the entries around each place, which lie side by side. */
// @ts-ignore: decorator
@inline
function lookUp(table: usize, place: v128): v128 {
  const entries = i32x4.trunc_sat_f64x2_s_zero(place), part = f64x2.sub(place, f64x2.floor(place));
  const first = v128.load(table + 8 * <usize> i32x4.extract_lane(entries, 0));
  const second = v128.load(table + 8 * <usize> i32x4.extract_lane(entries, 1));
  const angle = v128.shuffle<f64>(first, second, 0, 2), next = v128.shuffle<f64>(first, second, 1, 3);
  return f64x2.add(angle, f64x2.mul(part, f64x2.sub(next, angle)));
}

/** Adds a vote; `zw` are its z and 1. */
// @ts-ignore: decorator
@inline
function addVote(sum: usize, xy: v128, zw: v128, weight: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(xy, weight)));
  v128.store(sum, f64x2.add(v128.load(sum, 16), f64x2.mul(zw, weight)), 16);
}

// @ts-ignore: decorator
@inline
function addArea(sum: usize, xy: v128, zw: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), xy));
  v128.store(sum, f64x2.add(v128.load(sum, 16), zw), 16);
}

/**
 * Adds the votes of faces `begin` to `end - 1`.
 *
 * @param sums 4 f64 a place.
 * @param table Of angles; 0 for votes by area.
 */
export function addVotes(
  positions: usize,
  indices: usize,
  remap: usize,
  sums: usize,
  table: usize,
  begin: i32,
  end: i32,
): void {
  for (let f = begin; f < end; f += 2) {
    const isPair = f + 1 < end, first = indices + 12 * <usize> f, second = isPair ? first + 12 : first;
    const i0 = load<u32>(first), j0 = load<u32>(first, 4), k0 = load<u32>(first, 8);
    const i1 = load<u32>(second), j1 = load<u32>(second, 4), k1 = load<u32>(second, 8);
    const a0 = v128.load(positions + 12 * <usize> i0), a1 = v128.load(positions + 12 * <usize> i1);
    const b0 = v128.load(positions + 12 * <usize> j0), b1 = v128.load(positions + 12 * <usize> j1);
    const c0 = v128.load(positions + 12 * <usize> k0), c1 = v128.load(positions + 12 * <usize> k1);
    const axy = pairXY(a0, a1), bxy = pairXY(b0, b1), cxy = pairXY(c0, c1);
    const ax = low(axy), ay = high(axy), az = pairZ(a0, a1);
    const ux = f64x2.sub(low(bxy), ax), uy = f64x2.sub(high(bxy), ay), uz = f64x2.sub(pairZ(b0, b1), az);
    const vx = f64x2.sub(low(cxy), ax), vy = f64x2.sub(high(cxy), ay), vz = f64x2.sub(pairZ(c0, c1), az);
    let nx = f64x2.sub(f64x2.mul(uy, vz), f64x2.mul(uz, vy)), ny = f64x2.sub(f64x2.mul(uz, vx), f64x2.mul(ux, vz));
    let nz = f64x2.sub(f64x2.mul(ux, vy), f64x2.mul(uy, vx));
    const twiceArea = f64x2.sqrt(dot(nx, ny, nz, nx, ny, nz));
    const s0 = sums + 32 * <usize> load<u32>(remap + 4 * <usize> i0), s1 = sums + 32 * <usize> load<u32>(remap + 4 * <usize> j0);
    const s2 = sums + 32 * <usize> load<u32>(remap + 4 * <usize> k0), s3 = sums + 32 * <usize> load<u32>(remap + 4 * <usize> i1);
    const s4 = sums + 32 * <usize> load<u32>(remap + 4 * <usize> j1), s5 = sums + 32 * <usize> load<u32>(remap + 4 * <usize> k1);
    if (table == 0) {
      const xy = v128.shuffle<f64>(nx, ny, 0, 2), zw = v128.shuffle<f64>(nz, twiceArea, 0, 2);
      addArea(s0, xy, zw);
      addArea(s1, xy, zw);
      addArea(s2, xy, zw);
      if (!isPair) return;
      const otherXY = v128.shuffle<f64>(nx, ny, 1, 3), otherZW = v128.shuffle<f64>(nz, twiceArea, 1, 3);
      addArea(s3, otherXY, otherZW);
      addArea(s4, otherXY, otherZW);
      addArea(s5, otherXY, otherZW);
      continue;
    }
    const scale = f64x2.div(f64x2.splat(1), twiceArea);
    nx = f64x2.mul(nx, scale);
    ny = f64x2.mul(ny, scale);
    nz = f64x2.mul(nz, scale);
    const uv = dot(ux, uy, uz, vx, vy, vz), uu = dot(ux, uy, uz, ux, uy, uz);
    const angleA = lookUp(table, placeOf(twiceArea, uv)), angleB = lookUp(table, placeOf(twiceArea, f64x2.sub(uu, uv)));
    const angleC = f64x2.sub(f64x2.sub(f64x2.splat(Math.PI), angleA), angleB), one = f64x2.splat(1);
    if (f64x2.extract_lane(twiceArea, 0) != 0) {
      const xy = v128.shuffle<f64>(nx, ny, 0, 2), zw = v128.shuffle<f64>(nz, one, 0, 2);
      addVote(s0, xy, zw, v128.shuffle<f64>(angleA, angleA, 0, 0));
      addVote(s1, xy, zw, v128.shuffle<f64>(angleB, angleB, 0, 0));
      addVote(s2, xy, zw, v128.shuffle<f64>(angleC, angleC, 0, 0));
    }
    if (isPair && f64x2.extract_lane(twiceArea, 1) != 0) {
      const xy = v128.shuffle<f64>(nx, ny, 1, 3), zw = v128.shuffle<f64>(nz, one, 1, 3);
      addVote(s3, xy, zw, v128.shuffle<f64>(angleA, angleA, 1, 1));
      addVote(s4, xy, zw, v128.shuffle<f64>(angleB, angleB, 1, 1));
      addVote(s5, xy, zw, v128.shuffle<f64>(angleC, angleC, 1, 1));
    }
  }
}

/** Gives two vertices the direction of their votes; `false`, with nothing done, where those of one may cancel. */
// @ts-ignore: decorator
@inline
function writeTwo(sum: usize, next: usize, to: usize): bool {
  const xy0 = v128.load(sum), zw0 = v128.load(sum, 16), xy1 = v128.load(next), zw1 = v128.load(next, 16);
  const x = v128.shuffle<f64>(xy0, xy1, 0, 2), y = v128.shuffle<f64>(xy0, xy1, 1, 3);
  const z = v128.shuffle<f64>(zw0, zw1, 0, 2), weight = v128.shuffle<f64>(zw0, zw1, 1, 3);
  const lengthSq = dot(x, y, z, x, y, z), least = f64x2.mul(f64x2.splat(LEAST_AGREEMENT), weight);
  if (v128.any_true(f64x2.le(lengthSq, f64x2.mul(least, least)))) return false;
  const scale = f64x2.div(f64x2.splat(1), f64x2.sqrt(lengthSq));
  const nx = f32x4.demote_f64x2_zero(f64x2.mul(x, scale)), ny = f32x4.demote_f64x2_zero(f64x2.mul(y, scale));
  const nz = f32x4.demote_f64x2_zero(f64x2.mul(z, scale)), nxy = v128.shuffle<f32>(nx, ny, 0, 4, 1, 5);
  v128.store(to, v128.shuffle<f32>(nxy, nz, 0, 1, 4, 2));
  v128.store64_lane(to, v128.shuffle<f32>(nxy, nz, 3, 5, 3, 5), 0, 16);
  return true;
}

/**
 * Gives vertices `first` to `last - 1` the direction of their place's votes.
 *
 * @param out 3 f32 a vertex; 0 where the votes cancel.
 * @param doubtful Receives the vertices at which TypeScript has to look for seams; after their count.
 * @returns How many got 0.
 */
export function writeNormals(
  sums: usize,
  remap: usize,
  out: usize,
  doubtful: usize,
  hasCrease: bool,
  first: i32,
  last: i32,
): i32 {
  let without = 0, count = 0, v = first;
  while (v < last) {
    const sum = sums + 32 * <usize> load<u32>(remap + 4 * <usize> v), to = out + 12 * <usize> v;
    if (!hasCrease && v + 1 < last && writeTwo(sum, sums + 32 * <usize> load<u32>(remap + 4 * <usize> v, 4), to)) {
      v += 2;
      continue;
    }
    const xy = v128.load(sum), z = load<f64>(sum, 16), weight = load<f64>(sum, 24);
    const x = f64x2.extract_lane(xy, 0), y = f64x2.extract_lane(xy, 1);
    const lengthSq = x * x + y * y + z * z, least = LEAST_AGREEMENT * weight, noise = VOTE_EPSILON * weight;
    if (weight > 0 && (hasCrease || lengthSq <= least * least)) {
      count++;
      store<i32>(doubtful + 4 * <usize> count, v);
    }
    v++;
    if (lengthSq <= noise * noise) {
      store<u64>(to, 0);
      store<u32>(to, 0, 8);
      without++;
      continue;
    }
    const scale = 1 / sqrt(lengthSq);
    store<f32>(to, <f32> (x * scale));
    store<f32>(to, <f32> (y * scale), 4);
    store<f32>(to, <f32> (z * scale), 8);
  }
  store<i32>(doubtful, count);
  return without;
}

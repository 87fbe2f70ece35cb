/**
 * Vertex normals, two faces at a time in f64: `fitting/normals/vertex_normals.ts`, number
 * for number. Votes are added face by face, so sums come out the same too.
 */

/** `fitting/normals/vertex_normals.ts` says what they mean. */
const LEAST_AGREEMENT: f64 = 0.05;
const VOTE_EPSILON: f64 = 1e-5;

/** Steps of the table in `fitting/normals/_corner_angle.ts`. */
const STEPS: f64 = 2048;

/** Coordinate `axis` of two places. */
// @ts-ignore: decorator
@inline
function pair(a: usize, b: usize, axis: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load32_lane(b + 4 * axis, v128.load32_zero(a + 4 * axis), 1));
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

// @ts-ignore: decorator
@inline
function lookUp(table: usize, place: f64): f64 {
  const i = <i32> place, entry = table + 8 * <usize> i;
  const angle = load<f64>(entry);
  return angle + (place - <f64> i) * (load<f64>(entry, 8) - angle);
}

// @ts-ignore: decorator
@inline
function addVote(sum: usize, xy: v128, z: f64, weight: f64): void {
  const w = f64x2.splat(weight);
  v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(xy, w)));
  const zw = f64x2.replace_lane(w, 0, z * weight);
  v128.store(sum, f64x2.add(v128.load(sum, 16), zw), 16);
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
    const a0 = positions + 12 * <usize> i0, b0 = positions + 12 * <usize> j0, c0 = positions + 12 * <usize> k0;
    const a1 = positions + 12 * <usize> i1, b1 = positions + 12 * <usize> j1, c1 = positions + 12 * <usize> k1;
    const ax = pair(a0, a1, 0), ay = pair(a0, a1, 1), az = pair(a0, a1, 2);
    const ux = f64x2.sub(pair(b0, b1, 0), ax), uy = f64x2.sub(pair(b0, b1, 1), ay);
    const uz = f64x2.sub(pair(b0, b1, 2), az), vx = f64x2.sub(pair(c0, c1, 0), ax);
    const vy = f64x2.sub(pair(c0, c1, 1), ay), vz = f64x2.sub(pair(c0, c1, 2), az);
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
    const atA = placeOf(twiceArea, uv), atB = placeOf(twiceArea, f64x2.sub(uu, uv));
    if (f64x2.extract_lane(twiceArea, 0) != 0) {
      const angleA = lookUp(table, f64x2.extract_lane(atA, 0)), angleB = lookUp(table, f64x2.extract_lane(atB, 0));
      const xy = v128.shuffle<f64>(nx, ny, 0, 2), z = f64x2.extract_lane(nz, 0);
      addVote(s0, xy, z, angleA);
      addVote(s1, xy, z, angleB);
      addVote(s2, xy, z, Math.PI - angleA - angleB);
    }
    if (isPair && f64x2.extract_lane(twiceArea, 1) != 0) {
      const angleA = lookUp(table, f64x2.extract_lane(atA, 1)), angleB = lookUp(table, f64x2.extract_lane(atB, 1));
      const xy = v128.shuffle<f64>(nx, ny, 1, 3), z = f64x2.extract_lane(nz, 1);
      addVote(s3, xy, z, angleA);
      addVote(s4, xy, z, angleB);
      addVote(s5, xy, z, Math.PI - angleA - angleB);
    }
  }
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
  let without = 0, count = 0;
  for (let v = first; v < last; v++) {
    const sum = sums + 32 * <usize> load<u32>(remap + 4 * <usize> v), to = out + 12 * <usize> v;
    const xy = v128.load(sum), z = load<f64>(sum, 16), weight = load<f64>(sum, 24);
    const x = f64x2.extract_lane(xy, 0), y = f64x2.extract_lane(xy, 1);
    const lengthSq = x * x + y * y + z * z, least = LEAST_AGREEMENT * weight, noise = VOTE_EPSILON * weight;
    if (weight > 0 && (hasCrease || lengthSq <= least * least)) {
      count++;
      store<i32>(doubtful + 4 * <usize> count, v);
    }
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

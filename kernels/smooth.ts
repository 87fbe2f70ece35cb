/**
 * One pass of neighbour averaging: `fitting/smooth/_umbrella.ts`, number for number. Three
 * coordinates are two overlapping pairs, `xy` and `yz`.
 *
 * @param pinned A byte a place.
 */
export function umbrella(
  ringOffsets: usize,
  ringVertices: usize,
  pinned: usize,
  from: usize,
  to: usize,
  factor: f64,
  first: i32,
  last: i32,
): void {
  const kept = f64x2.splat(1 - factor);
  let at = ringVertices + 4 * <usize> load<u32>(ringOffsets + 4 * <usize> first);
  for (let w = first; w < last; w++) {
    const end = ringVertices + 4 * <usize> load<u32>(ringOffsets + 4 * <usize> w, 4), i = 24 * <usize> w;
    let xy = v128.load(from + i), yz = v128.load(from + i, 8);
    const count = <i32> (end - at) >> 2;
    if (count == 0 || load<u8>(pinned + <usize> w) != 0) {
      at = end;
    } else {
      let sumXY = f64x2.splat(0), sumYZ = sumXY;
      for (; at < end; at += 4) {
        const j = from + 24 * <usize> load<u32>(at);
        sumXY = f64x2.add(sumXY, v128.load(j));
        sumYZ = f64x2.add(sumYZ, v128.load(j, 8));
      }
      const share = f64x2.splat(factor / <f64> count);
      xy = f64x2.add(f64x2.mul(kept, xy), f64x2.mul(share, sumXY));
      yz = f64x2.add(f64x2.mul(kept, yz), f64x2.mul(share, sumYZ));
    }
    v128.store(to + i, xy);
    v128.store(to + i, yz, 8);
  }
}

import type { Bvh } from "./_bvh.ts";
import type { Work } from "../work.ts";

/** Faces between two pauses. */
const CHUNK_SIZE = 32_768;

/**
 * Whether the surface is closed: every side of a face lies against an equal side
 * that runs the other way, corners at one place being one. Then its winding
 * number is a whole number everywhere off the surface.
 *
 * O(faceCount), without tables: each directed side counts as a pseudo-random
 * number that is the negative for the opposite direction. The sum over a closed
 * surface is zero; that of any other is zero in two independent 32-bit sums by a
 * chance of 2^-64. (The idea is that of the set hashes of Clarke et al. 2003,
 * "Incremental Multiset Hash Functions and Their Application to Memory Integrity Checking".)
 */
export function* isClosed({ faceCount, triangles }: Bvh): Work<boolean> {
  const bits = new Int32Array(triangles.buffer, triangles.byteOffset, triangles.length);
  let first = 0, second = 0;
  for (let t = 0; t < 9 * faceCount; t += 9) {
    if (t % (9 * CHUNK_SIZE) === 9 * CHUNK_SIZE - 9) yield;
    const a = placeHash(bits, t, FIRST), b = placeHash(bits, t + 3, FIRST), c = placeHash(bits, t + 6, FIRST);
    first = (first + sideHash(a, b) + sideHash(b, c) + sideHash(c, a)) | 0;
    const d = placeHash(bits, t, SECOND), e = placeHash(bits, t + 3, SECOND), f = placeHash(bits, t + 6, SECOND);
    second = (second + sideHash(d, e) + sideHash(e, f) + sideHash(f, d)) | 0;
  }
  return first === 0 && second === 0;
}

/** Multipliers of two hashes: odd, else of no meaning. */
const FIRST = 0x9e3779b1, SECOND = 0x85ebca77;

/** Bits of -0, which is the same place as 0. */
const NEGATIVE_ZERO = -0x80000000;

function placeHash(bits: Int32Array, t: number, multiplier: number): number {
  let hash = multiplier;
  for (let k = t; k < t + 3; k++) {
    hash = Math.imul(hash ^ (bits[k] === NEGATIVE_ZERO ? 0 : bits[k]), multiplier);
    hash ^= hash >>> 15;
  }
  return scramble(hash);
}

/** Turns sign with the direction. */
function sideHash(from: number, to: number): number {
  return (scramble((from + Math.imul(to, 3)) | 0) - scramble((to + Math.imul(from, 3)) | 0)) | 0;
}

/** The finalizer of MurmurHash3 (Appleby 2011, public domain). */
function scramble(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

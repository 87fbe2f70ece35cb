import { multiplyInto } from "./_pose.ts";

const HALF = Math.SQRT1_2;
const SIN15 = 0.25881904510252074, COS15 = 0.9659258262890683;
const SIN22 = 0.3826834323650898, COS22 = 0.9238795325112867; // of 22.5°

/** Turns tried first, as quaternions (x, y, z, w): none, 30° about each axis and about pairs of them, quarter and half turns about the vertical. */
export const NEAR_TURNS: readonly number[] = [...smallTurns(), 0, HALF, 0, HALF, 0, -HALF, 0, HALF, 0, 1, 0, 0];

/** Turns tried when those find nothing good: each side of a cube up, in eight directions about the vertical. */
export const WIDE_TURNS: readonly number[] = cubeTurns();

/** Numbers of the longest list of turns. */
export const MAX_TURNS: number = WIDE_TURNS.length / 4;

/** None first, then by every combination of -1, 0 and 1 for at most two axes. */
function smallTurns(): number[] {
  const turns = [0, 0, 0, 1];
  for (let i = 0; i < 27; i++) {
    const axis = [i % 3 - 1, Math.floor(i / 3) % 3 - 1, Math.floor(i / 9) - 1];
    const count = axis.filter((k) => k !== 0).length;
    if (count === 1 || count === 2) turns.push(...axis.map((k) => k * SIN15 / Math.sqrt(count)), COS15);
  }
  return turns;
}

function cubeTurns(): number[] {
  const sidesUp = [[0, 0, 0, 1], [1, 0, 0, 0], [HALF, 0, 0, HALF], [-HALF, 0, 0, HALF], [0, 0, HALF, HALF], [
    0,
    0,
    -HALF,
    HALF,
  ]];
  const turns: number[] = [], turn = new Float64Array(4);
  for (const side of sidesUp) {
    turn.set(side);
    for (let k = 0; k < 8; k++) {
      turns.push(...turn);
      multiplyInto(turn, 0, 0, SIN22, 0, COS22, turn[0], turn[1], turn[2], turn[3]);
    }
  }
  return turns;
}

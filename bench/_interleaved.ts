/** A contestant: does the whole job once and returns a number the answers can be compared by. */
export type Contestant = () => number;

/** What {@linkcode raceInterleaved} measured. */
export interface RaceResult {
  /** Shortest time of each contestant, milliseconds. */
  readonly bestMs: readonly number[];
  /** What each returned last. */
  readonly answers: readonly number[];
}

/**
 * Times contestants in turn, round after round, so that a slow minute of the
 * machine hits all of them; one round more than asked is not counted.
 */
export function raceInterleaved(contestants: readonly Contestant[], rounds: number): RaceResult {
  const bestMs = contestants.map(() => Infinity), answers = contestants.map(() => NaN);
  for (let round = 0; round <= rounds; round++) {
    contestants.forEach((run, i) => {
      const start = performance.now();
      answers[i] = run();
      const elapsedMs = performance.now() - start;
      if (round > 0) bestMs[i] = Math.min(bestMs[i], elapsedMs);
    });
  }
  return { bestMs, answers };
}

/** Throws if two contestants do not agree: a race between different jobs says nothing. */
export function assertAgree({ answers }: RaceResult, relativeTolerance: number): void {
  const [first] = answers;
  for (const answer of answers) {
    if (Math.abs(answer - first) <= relativeTolerance * Math.abs(first)) continue;
    throw new RangeError(`Cannot compare speeds as the answers must agree: they are ${answers.join(", ")}`);
  }
}

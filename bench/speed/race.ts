import process from "node:process";

/** CPU time of this process so far, all its threads, milliseconds: what others on the machine do does not count. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A contestant does its job once and returns a number its answers can be compared by; one in another process brings its own time. */
export type Contestant = () => number | Promise<Answer>;

/** What a contestant in another process measured. */
export interface Answer {
  /** CPU time, milliseconds. */
  readonly ms: number;
  /** What the answers are compared by. */
  readonly checksum: number;
}

/** Median times of contestants in milliseconds, in their order. */
export interface RaceResult {
  readonly medians: readonly number[];
  readonly checksums: readonly number[];
}

/** Times contestants in turn, round after round; the first two rounds warm up. */
export async function race(contestants: readonly Contestant[], rounds: number): Promise<RaceResult> {
  const times = contestants.map((): number[] => []), checksums = contestants.map(() => NaN);
  for (let round = -2; round < rounds; round++) {
    for (const [i, run] of contestants.entries()) {
      const start = cpuMs();
      const found = run();
      const elapsed = cpuMs() - start;
      const { ms, checksum } = typeof found === "number" ? { ms: elapsed, checksum: found } : await found;
      if (round >= 0) times[i].push(ms);
      checksums[i] = checksum;
    }
  }
  return { medians: times.map(median), checksums };
}

/** The middle value, or the higher of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Throws if answers differ by more than a share of the first: a race between different jobs says nothing. */
export function assertAgree({ checksums }: RaceResult, tolerance: number, what: string): void {
  const [first] = checksums;
  for (const checksum of checksums) {
    if (Math.abs(checksum - first) <= tolerance * Math.abs(first)) continue;
    throw new RangeError(
      `Cannot compare speeds of ${what} as the answers must agree: they are ${checksums.join(", ")}`,
    );
  }
}

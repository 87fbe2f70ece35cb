import type { Iterations } from "../fitting/work.ts";
import type { CliIO } from "./io.ts";

/** How often the line is drawn anew, milliseconds: short enough to live, too long to flicker. */
const PERIOD_MS = 100;

/** Before so many milliseconds, or so many iterations, what is left is anybody's guess. */
const SOON_MS = 1000, FEW = 3;

/**
 * One line on a terminal that says how far a run is: the step, its name, its iteration where it has some, how long it
 * has been at it and how long it may be yet. Work shorter than a tenth of a second shows nothing.
 */
export class Progress implements Disposable {
  readonly #show: ((text: string) => void) | undefined;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #isOver = false;
  #label = "";
  #iterations: Iterations | undefined;
  #since = performance.now();

  /** @param io Without a `status`, nothing is shown. */
  constructor(io: CliIO) {
    this.#show = io.status === undefined ? undefined : (text) => io.status!(text);
    this.#timer = this.#show === undefined ? undefined : setInterval(() => this.#draw(), PERIOD_MS);
  }

  /** Something else begins. */
  begin(label: string): void {
    this.#label = label;
    this.#iterations = undefined;
    this.#since = performance.now();
  }

  /** What is under way is so far. */
  reach(iterations: Iterations): void {
    this.#iterations = iterations;
  }

  /** Takes the line away. */
  [Symbol.dispose](): void {
    if (this.#timer === undefined || this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#show!("");
  }

  #draw(): void {
    if (this.#label === "") return;
    const elapsedMs = performance.now() - this.#since;
    this.#show!([this.#label, seconds(elapsedMs), ...progressWords(this.#iterations, elapsedMs)].join("  "));
  }
}

/** The iteration, and what is left at the rate so far: at most, as a fit ends when nothing moves any more. */
function progressWords(iterations: Iterations | undefined, elapsedMs: number): string[] {
  if (iterations === undefined) return [];
  const { done, most } = iterations;
  const leftMs = elapsedMs / done * (most - done);
  const isKnown = done >= FEW && elapsedMs >= SOON_MS;
  return [`iteration ${done + 1} of ${most}`, ...isKnown ? [`at most ${Math.ceil(leftMs / 1000)} s left`] : []];
}

/** Whole tenths, so that the line changes no more than it has to. */
function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

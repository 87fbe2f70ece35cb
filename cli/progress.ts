import type { CliIO } from "./io.ts";

/** How often the line is drawn anew, milliseconds: short enough to live, too long to flicker. */
const PERIOD_MS = 100;

/**
 * One line on a terminal that says how far a run is: the step, its name, and how long it has been at it. What is left
 * is not guessed: steps differ too much. Work shorter than a tenth of a second shows nothing.
 */
export class Progress implements Disposable {
  readonly #show: ((text: string) => void) | undefined;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #isOver = false;
  #label = "";
  #since = performance.now();

  /** @param io Without a `status`, nothing is shown. */
  constructor(io: CliIO) {
    this.#show = io.status === undefined ? undefined : (text) => io.status!(text);
    this.#timer = this.#show === undefined ? undefined : setInterval(() => this.#draw(), PERIOD_MS);
  }

  /** Something else begins. */
  begin(label: string): void {
    this.#label = label;
    this.#since = performance.now();
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
    this.#show!(`${this.#label}  ${seconds(performance.now() - this.#since)}`);
  }
}

/** Whole tenths, so that the line changes no more than it has to. */
function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

import type { BufferPoolStats } from "../pool/buffer_pool.ts";
import type { Measures } from "./measures.ts";

/** What one operation of the plan did. */
export interface OpReport {
  /** `read`, `weld`, `index`, `step` or `write`. */
  readonly kind: string;
  /** What a person reads: `fit armor`. */
  readonly label: string;
  /** The step's `id:`, when it has one. */
  readonly id?: string;
  /** Wall time. */
  readonly elapsedMs: number;
  /** The most bytes on lease while it ran, measured. */
  readonly peakBytes: number;
  /** The same as planned. */
  readonly plannedBytes: number;
  /** What it measured; empty for operations that lowering inserted. */
  readonly measures: Measures;
  /** The same in a few words. */
  readonly summary: string;
  /** What the person should look at although nothing failed. */
  readonly warnings: readonly string[];
  /** What a gate found wanting. */
  readonly failures: readonly string[];
}

/** A file that was written. */
export interface OutputReport {
  /** Name of the output in the recipe. */
  readonly name: string;
  /** Where it went. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
}

/** What a run did, measured and used. */
export interface RunReport {
  /** The recipe's name. */
  readonly recipe: string;
  /** Every operation, in order. */
  readonly ops: readonly OpReport[];
  /** Files written. */
  readonly outputs: readonly OutputReport[];
  /** The most bytes on lease at one time, measured. */
  readonly peakBytes: number;
  /** The same as planned before the first step. */
  readonly plannedPeakBytes: number;
  /** Bytes on lease after the run: 0, or the run would have failed. */
  readonly inUseBytes: number;
  /** What the pool did. */
  readonly pool: BufferPoolStats;
  /** Which kernels could run: with SIMD, or in TypeScript; the outputs are the same to the last byte. */
  readonly kernels: "simd" | "scalar";
  /** Wall time of the whole run. */
  readonly elapsedMs: number;
}

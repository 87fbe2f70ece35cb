import type { ClosestPointsOut, TriangleMesh } from "../../fitting/mod.ts";

/** What a worker is asked for. */
export type Order = {
  readonly kind: "closest";
  readonly mesh: TriangleMesh;
  readonly points: Float32Array;
  readonly out: ClosestPointsOut;
  /** Whether arrays came as copies, and answers go back so. */
  readonly isCopied: boolean;
} | { readonly kind: "fit"; readonly count: number };

/** What it says. */
export interface Answer {
  /** Time of its thread for this order; for its start in the first. */
  readonly ms: number;
  /** Answers, where they are copied. */
  readonly out?: ClosestPointsOut;
}

import { shrinkwrap } from "../../fitting/fit/shrinkwrap.ts";
import { SurfaceIndex } from "../../fitting/surface/surface_index.ts";
import { buildTopology } from "../../fitting/topology/topology.ts";
import { BufferPool, type BufferPoolStats, BufferScope } from "../../pool/mod.ts";
import { objectFit, type PlainFit, unpooledFit } from "./_plain_fit.ts";
import { scene, settings } from "./_scene.ts";

/**
 * The three ways, by the letter they have in the table; and (c) started anew for
 * every iteration, on a pool that is kept or on one that is thrown away.
 */
export type Variant = "a" | "b" | "c" | "kept" | "thrown";

/** What a fit came to. */
export interface Fitted {
  readonly positions: Float32Array;
  /** Of our pool, for (c). */
  readonly stats?: BufferPoolStats;
}

/** A fit, ready to run: reading, welding and indexing are not part of it. */
export interface PreparedFit {
  run(iterations: number): Fitted;
}

/** Prepares a way to fit. Connectivity and index are ours in all of them; only (c) keeps them in the pool of the fit. */
export function prepare(variant: Variant): PreparedFit {
  const { garment, body } = scene(), pool = new BufferPool({ idleMs: Infinity }), arena = new BufferScope(pool);
  const topology = buildTopology(garment, arena, arena), target = SurfaceIndex.build(body, arena);
  if (variant === "c") {
    const positions = new Float32Array(garment.positions.length);
    return {
      run(iterations) {
        shrinkwrap(garment, topology, target, positions, arena, settings(iterations));
        return { positions, stats: pool.getStats() };
      },
    };
  }
  if (variant === "kept" || variant === "thrown") {
    const positions = new Float32Array(garment.positions.length);
    return {
      run(iterations) {
        for (let i = 0; i < iterations; i++) {
          using own = new BufferScope(variant === "kept" ? pool : new BufferPool({ idleMs: Infinity }));
          shrinkwrap(garment, topology, target, positions, own, settings(1));
        }
        return { positions, stats: pool.getStats() };
      },
    };
  }
  const fit: PlainFit = variant === "a" ? objectFit : unpooledFit;
  return { run: (iterations) => ({ positions: fit(garment, topology, target, settings(iterations)) }) };
}

import { FIT_GARMENT_DEFAULTS, fitGarment } from "../fitting/fit/fit_garment.ts";
import { type FitReport, shrinkwrap, SHRINKWRAP_DEFAULTS } from "../fitting/fit/shrinkwrap.ts";
import type { Frame } from "../pool/scratch.ts";
import type { FitToTargetOptions } from "./fit_to_target.ts";
import { assertKeys, pickOptions } from "./_options.ts";
import type { Stage } from "./_stage.ts";

/** Keys of the options each method reads. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  elastic: ["method", "from", "pool", ...Object.keys(FIT_GARMENT_DEFAULTS)],
  shrinkwrap: ["method", "pool", ...Object.keys(SHRINKWRAP_DEFAULTS)],
};

/**
 * Refuses options before anything is read.
 *
 * @param failed What cannot be done, such as `Cannot fit "coat"`.
 * @param more Keys that are not of the fit.
 */
export function assertFitOptions(failed: string, options: FitToTargetOptions, more: readonly string[] = []): void {
  const { method = "elastic", clearance = 0, iterations = 0 } = options;
  if (!Object.hasOwn(KEYS, method)) {
    throw new RangeError(`${failed} as method must be "elastic" or "shrinkwrap": current value is "${method}"`);
  }
  assertKeys(`${failed} with method "${method}"`, options, [...KEYS[method], ...more]);
  if (!(clearance >= 0 && clearance < Infinity)) {
    throw new RangeError(`${failed} as clearance must be >= 0 m and finite: current value is ${clearance}`);
  }
  if (!(Number.isInteger(iterations) && iterations >= 0)) {
    throw new RangeError(`${failed} as iterations must be a whole number >= 0: current value is ${iterations}`);
  }
}

/** Fits the piece to the body; options have been checked. */
export function fitOnStage(
  { piece, topology, index, source }: Stage,
  options: FitToTargetOptions,
  out: Float32Array,
  scratch: Frame,
): FitReport {
  if (options.method === "shrinkwrap") {
    return shrinkwrap(piece, topology, index, out, scratch, pickOptions(options, SHRINKWRAP_DEFAULTS));
  }
  return fitGarment(piece, topology, index, source, out, scratch, pickOptions(options, FIT_GARMENT_DEFAULTS));
}

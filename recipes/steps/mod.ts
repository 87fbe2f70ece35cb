/**
 * The catalogue: every step that comes with Meshtailor, one definition a file.
 *
 * @module
 */
import { builtIn } from "../_built_in.ts";
import type { Step } from "../step.ts";
import { align } from "./align.ts";
import { expect } from "./expect.ts";
import { fit } from "./fit.ts";
import { measure } from "./measure.ts";
import { recomputeNormals } from "./recompute_normals.ts";
import { resolvePenetration } from "./resolve_penetration.ts";
import { select } from "./select.ts";
import { smooth } from "./smooth.ts";
import { transferWeights } from "./transfer_weights.ts";

/** In the order a recipe usually has them. */
export const BUILT_IN_STEPS: readonly Step[] = builtIn([
  align,
  select,
  fit,
  resolvePenetration,
  smooth,
  recomputeNormals,
  transferWeights,
  measure,
  expect,
]);

import { addLayers, type Layers, NO_LAYERS } from "./_layers.ts";
import { addTies, NO_TIES, type Ties } from "./_ties.ts";

/** What two sheets that come too close weigh against the mean stiffness of a vertex. */
export const LAYER_WEIGHT = 2;

/** What sheets of a garment have to do with each other: those over each other keep their order, islands beside each other their distance. */
export interface Couplings {
  readonly layers: Layers;
  readonly ties: Ties;
}

/** A surface that touches nothing of its own. */
export const NO_COUPLINGS: Couplings = { layers: NO_LAYERS, ties: NO_TIES };

/** Adds couplings to the right-hand side, and to the diagonal of the matrix. */
export function addCouplings({ layers, ties }: Couplings, rhs: Float64Array, diagonal: Float64Array): void {
  addLayers(layers, LAYER_WEIGHT, rhs, diagonal);
  addTies(ties, rhs, diagonal);
}

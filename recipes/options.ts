/**
 * Kinds of options: what a step lets a recipe set. Each is one value that types, checks, messages, defaults, JSON
 * Schema and reference pages are made of; {@linkcode scalar} makes a new kind out of a reader and a printer.
 *
 * @module
 */
export { group, type GroupValues, list, optional } from "./_composite.ts";
export type { RecipeNode } from "./_node.ts";
export {
  type JsonSchema,
  Misreading,
  type Option,
  type OptionContext,
  type OptionDefinition,
  Problem,
  type ResolvedText,
  scalar,
  type ScalarKind,
} from "./_option.ts";
export {
  angle,
  integer,
  length,
  type LengthDefinition,
  memory,
  number,
  type NumberDefinition,
  ratio,
  time,
} from "./_quantity_options.ts";
export { RelativeLength, resolveLengths } from "./_relative_length.ts";
export { fileNames, type SelectionMatch, selections, selectionsOr, type SelectionUse } from "./_selection_options.ts";
export { boolean, oneOf, prose, text } from "./_word_options.ts";

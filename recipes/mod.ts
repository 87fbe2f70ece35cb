/**
 * The language: recipes in, checked steps, a plan, a run and its report.
 *
 * @module
 */
export * from "./describe.ts";
export * from "./find_input_errors.ts";
export * from "./options.ts";
export * from "./params_file.ts";
export * from "./parse.ts";
export * from "./plan.ts";
export type * from "./plan_ops.ts";
export * from "./recipe.ts";
export * from "./recipe_io.ts";
export * from "./report.ts";
export * from "./errors.ts";
export * from "./issue.ts";
export * from "./locate.ts";
export * from "./measures.ts";
export * from "./plan_error.ts";
export * from "./plan_inputs.ts";
export * from "./run.ts";
export * from "./schema.ts";
export * from "./step.ts";
export { StepDefinitionError } from "./_assert_definition.ts";
export { BUILT_IN_STEPS } from "./steps/mod.ts";

import { nearest } from "../recipes/nearest.ts";
import { recipeSchema } from "../recipes/schema.ts";
import type { Step } from "../recipes/step.ts";
import type { Arguments } from "./arguments.ts";
import { INSPECT_SCHEMA } from "./_inspect_schema.ts";
import { CHECK_SCHEMA, PLAN_SCHEMA } from "./report_schemas.ts";
import { UsageError } from "./errors.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import type { CliIO } from "./io.ts";
import { loadSteps } from "./load_steps.ts";

const SCHEMAS: Readonly<Record<string, (steps: readonly Step[]) => unknown>> = {
  recipe: recipeSchema,
  check: () => CHECK_SCHEMA,
  plan: () => PLAN_SCHEMA,
  inspect: () => INSPECT_SCHEMA,
};

/** `meshtailor schema [recipe|check|plan|inspect]`: a JSON Schema, of recipes where nothing is named. */
export async function schemaCommand(args: Arguments, io: CliIO): Promise<number> {
  const { operands: [name = "recipe"] } = args;
  if (!Object.hasOwn(SCHEMAS, name)) {
    const meant = nearest(name, Object.keys(SCHEMAS));
    throw new UsageError(
      `Cannot print the schema of "${name}" as there are those of ${Object.keys(SCHEMAS).join(", ")}${
        meant === undefined ? "" : `: did you mean "${meant}"?`
      }`,
    );
  }
  io.print(JSON.stringify(SCHEMAS[name](await loadSteps(args, io)), null, 2));
  return EXIT_CODES.done;
}

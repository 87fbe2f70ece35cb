import { nearest } from "../recipes/nearest.ts";
import { recipeSchema } from "../recipes/schema.ts";
import { BUILT_IN_STEPS } from "../recipes/steps/mod.ts";
import type { Arguments } from "./arguments.ts";
import { CHECK_SCHEMA, PLAN_SCHEMA } from "./report_schemas.ts";
import { UsageError } from "./errors.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import type { CliIO } from "./io.ts";

const SCHEMAS: Readonly<Record<string, () => unknown>> = {
  recipe: () => recipeSchema(BUILT_IN_STEPS),
  check: () => CHECK_SCHEMA,
  plan: () => PLAN_SCHEMA,
};

/** `meshtailor schema [recipe|check|plan]`: a JSON Schema, of recipes where nothing is named. */
export function schemaCommand({ operands: [name = "recipe"] }: Arguments, io: CliIO): Promise<number> {
  if (!Object.hasOwn(SCHEMAS, name)) {
    const meant = nearest(name, Object.keys(SCHEMAS));
    throw new UsageError(
      `Cannot print the schema of "${name}" as there are those of ${Object.keys(SCHEMAS).join(", ")}${
        meant === undefined ? "" : `: did you mean "${meant}"?`
      }`,
    );
  }
  io.print(JSON.stringify(SCHEMAS[name](), null, 2));
  return Promise.resolve(EXIT_CODES.done);
}

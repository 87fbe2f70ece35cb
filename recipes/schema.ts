import type { BESIDE } from "./_beside.ts";
import { INPUT_OPTIONS, OUTPUT_OPTIONS } from "./_check_files.ts";
import { optionsSchema, withReference } from "./_composite.ts";
import { COMPANIONS_DOC } from "./_output_companions.ts";
import { NAME_PATTERN } from "./_names.ts";
import { PARAMETER_OPTIONS, PARAMETER_TYPES, RANGED } from "./_parameters.ts";
import { RECIPE_OPTIONS, REQUIRED } from "./check.ts";
import { boolean, type JsonSchema, type Option } from "./options.ts";
import type { Step } from "./step.ts";

/**
 * The JSON Schema (2020-12) of recipes, from which editors complete and check as one types. Printed from the same
 * definitions the check reads, so it accepts what the check accepts, as far as a schema can tell: names, units and
 * kinds, but neither ranges of values with units nor whether a mesh exists.
 *
 * @param steps The steps a recipe may use.
 *
 * @example
 * ```ts
 * import { defineStep, recipeSchema } from "@meshtailor/meshtailor/recipes";
 * import { assertEquals } from "@std/assert";
 *
 * const schema = recipeSchema([]);
 * assertEquals(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
 * assertEquals(schema.required, ["version", "inputs", "steps", "outputs"]);
 * ```
 */
export function recipeSchema(steps: readonly Step[]): JsonSchema {
  const head = optionsSchema(RECIPE_OPTIONS).properties as Record<string, JsonSchema>;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Meshtailor recipe",
    type: "object",
    properties: {
      version: { description: "The version of the language", enum: [1, "1"], default: 1 },
      name: head.name,
      description: head.description,
      memory: head.memory,
      params: named("Values with a name, set with --set name=value", { $ref: "#/$defs/parameter" }),
      inputs: { ...named("The meshes the recipe reads", { $ref: "#/$defs/input" }), minProperties: 1 },
      steps: { description: "What is done, in this order", type: "array", items: { $ref: "#/$defs/step" } },
      outputs: named("The files the recipe writes", { $ref: "#/$defs/output" }),
    },
    required: REQUIRED,
    additionalProperties: false,
    $defs: {
      name: { type: "string", pattern: `^${NAME_PATTERN}$` },
      reference: {
        description: 'A parameter, $name, or text with parameters, "${name}"',
        type: "string",
        pattern: `\\$(\\{)?${NAME_PATTERN}`,
      },
      parameter: parameterSchema(),
      input: inputSchema(),
      output: outputSchema(),
      step: stepSchema(steps),
      ...Object.fromEntries(steps.map((step) => [`step-${step.name}`, stepOptionsSchema(step)])),
    },
  };
}

/** An item of `steps`: exactly one step, and what stands beside its name. */
function stepSchema(steps: readonly Step[]): JsonSchema {
  const beside: Record<typeof BESIDE[number], JsonSchema> = {
    id: nameSchema("A name for this step in reports"),
    if: withReference(boolean({ doc: "Whether the step runs" }).schema()),
    as: nameSchema("Keep the mesh as it is, and give what the step makes this name: a copy, or a selection"),
  };
  return {
    type: "object",
    properties: {
      ...Object.fromEntries(
        steps.map(({ name, summary }) => [name, { description: summary, $ref: `#/$defs/step-${name}` }]),
      ),
      ...beside,
    },
    ...(steps.length === 0 ? { not: {} } : { oneOf: steps.map(requiredKeys) }),
    additionalProperties: false,
  };
}

/** What makes an item this step: its name, and one for the selection it makes. */
function requiredKeys({ name, writes }: Step): JsonSchema {
  return { required: writes.includes("selection") ? [name, "as"] : [name] };
}

/** The options of a step, its meshes first. */
function stepOptionsSchema(step: Step): JsonSchema {
  const options: Readonly<Record<string, Option>> = step.options;
  const consults = Object.entries(step.consults) as [string, { doc: string; optional: boolean }][];
  return {
    ...mapSchema(
      {
        mesh: nameSchema("The mesh that changes"),
        ...Object.fromEntries(consults.map(([key, { doc }]) => [key, nameSchema(doc)])),
        ...propertiesOf(options),
      },
      [
        "mesh",
        ...consults.flatMap(([key, { optional }]) => optional ? [] : [key]),
        ...Object.keys(options).filter((key) => options[key].required),
      ],
    ),
    description: step.summary,
  };
}

function inputSchema(): JsonSchema {
  return {
    anyOf: [
      withReference({ ...INPUT_OPTIONS.file.schema(), description: INPUT_OPTIONS.file.doc }),
      optionsSchema(INPUT_OPTIONS),
    ],
  };
}

function outputSchema(): JsonSchema {
  const { $ref } = nameSchema("");
  const companions = { description: COMPANIONS_DOC, type: "array", items: { $ref }, uniqueItems: true };
  const properties = {
    mesh: nameSchema("The mesh that is written"),
    ...propertiesOf(OUTPUT_OPTIONS),
    with: companions,
  };
  return mapSchema(properties, ["mesh", "file"]);
}

/** A declaration holds plain values, as it is what others refer to; of which kind, its type says. */
function parameterSchema(): JsonSchema {
  const properties = Object.entries(PARAMETER_OPTIONS).map(([key, option]) => [key, option.schema()]);
  return {
    ...mapSchema(Object.fromEntries(properties), ["type"]),
    allOf: PARAMETER_TYPES.map((type) => ({
      if: { properties: { type: { const: type } }, required: ["type"] },
      then: typedParameterSchema(type),
    })),
  };
}

function typedParameterSchema(type: typeof PARAMETER_TYPES[number]): JsonSchema {
  const isRanged = Object.hasOwn(RANGED, type);
  const value = isRanged
    ? RANGED[type as keyof typeof RANGED]({ doc: "", min: -Infinity, max: Infinity }).schema()
    : {};
  const { description: _, ...plain } = value as Record<string, unknown>;
  return {
    properties: {
      default: type === "boolean" ? boolean({ doc: "" }).schema() : plain,
      ...(isRanged ? { min: plain, max: plain } : { min: false, max: false }),
      values: type === "enum" ? { minItems: 1 } : false,
    },
    ...(type === "enum" ? { required: ["values"] } : {}),
  };
}

function propertiesOf(options: Readonly<Record<string, Option>>): Record<string, JsonSchema> {
  return optionsSchema(options).properties as Record<string, JsonSchema>;
}

function mapSchema(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

function nameSchema(doc: string): JsonSchema {
  return { description: doc, $ref: "#/$defs/name" };
}

function named(doc: string, of: JsonSchema): JsonSchema {
  return { description: doc, type: "object", propertyNames: { $ref: "#/$defs/name" }, additionalProperties: of };
}

const TEXT = { type: "string" };
const COUNT = { type: "integer", minimum: 0 };

function object(properties: Record<string, unknown>, optional: readonly string[] = []): Record<string, unknown> {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: "object", properties, required, additionalProperties: false };
}

function describe(schema: Record<string, unknown>, description: string): Record<string, unknown> {
  return { description, ...schema };
}

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** Of what `check --json` prints. */
export const CHECK_SCHEMA: Readonly<Record<string, unknown>> = {
  $schema: DIALECT,
  title: "Meshtailor check",
  ...object({
    recipe: describe(TEXT, "The recipe as it was named"),
    ok: describe({ type: "boolean" }, "Whether a run would start"),
    exitCode: describe({ enum: [0, 2, 3, 5] }, "The code the process ends with"),
    issues: {
      description: "Everything that is wrong or odd, in the order of the text",
      type: "array",
      items: object({
        code: describe(TEXT, "What it is, in one word that stays the same while messages improve"),
        severity: describe({ enum: ["error", "warning"] }, "Whether it stops a run"),
        message: describe(TEXT, "One sentence"),
        help: describe(TEXT, "The way out"),
        file: describe(TEXT, "The file it is about, as it was named"),
        line: describe({ type: "integer", minimum: 1 }, "Line of the first character"),
        column: describe({ type: "integer", minimum: 1 }, "Column of the first character, in UTF-16 code units"),
        endColumn: describe({ type: "integer", minimum: 1 }, "Column behind the last character on that line"),
        place: describe(TEXT, "Where it was said, if not in the file, such as --set clearance=8mm"),
        see: describe(TEXT, "The command that prints the page to read, such as meshtailor steps fit"),
      }, ["help", "endColumn", "place"]),
    },
    peakBytes: describe(COUNT, "What a run will have on lease at the most; only where nothing is wrong"),
  }, ["peakBytes"]),
};

/** Of what `plan --json` prints. */
export const PLAN_SCHEMA: Readonly<Record<string, unknown>> = {
  $schema: DIALECT,
  title: "Meshtailor plan",
  ...object({
    recipe: describe(TEXT, "The recipe's name"),
    exact: describe({ type: "boolean" }, "Whether the bytes are what a run will lease; else they are an upper bound"),
    peakBytes: describe(COUNT, "The most bytes on lease at one time"),
    maxBytes: describe(COUNT, "The budget; absent without one"),
    ops: {
      description: "The operations, in the order they run",
      type: "array",
      items: object({
        kind: { enum: ["read", "weld", "index", "unite", "step", "write"] },
        label: describe(TEXT, "What a person reads: fit armor"),
        mesh: describe(TEXT, "The mesh it is about"),
        peakBytes: describe(COUNT, "Bytes on lease at the most while it runs"),
        scratchBytes: describe(COUNT, "Of these, temporaries that end with it"),
        makesBytes: describe(COUNT, "Bytes of what it makes for later operations"),
        freesBytes: describe(COUNT, "Bytes that nobody reads after it"),
      }),
    },
    fileBytes: {
      description:
        "Sizes of the input files by the name of the input; reading and writing takes at most four times as much outside the pool",
      type: "object",
      additionalProperties: COUNT,
    },
  }, ["maxBytes"]),
};

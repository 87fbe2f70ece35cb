import type { Arguments } from "./arguments.ts";
import type { FlagName } from "./flags.ts";
import type { CliIO } from "./io.ts";

/** Does what a verb says. @returns The exit code. */
export type Command = (args: Arguments, io: CliIO) => Promise<number>;

/** Something the command line does: parsing, help, suggestions and dispatch all read this. */
export interface Verb {
  /** What a person types. */
  readonly name: string;
  /** What follows it, as help shows it. */
  readonly operands: string;
  /** The least and the most operands it takes. */
  readonly count: readonly [least: number, most: number];
  /** One line. */
  readonly summary: string;
  /** Paragraphs for its own help. */
  readonly details: readonly string[];
  /** The flags it takes beside those that all take. */
  readonly flags: readonly FlagName[];
  /** Command lines without the program's name. */
  readonly examples: readonly string[];
  /** The flags of Deno it needs at least, and for what. */
  readonly permissions: string;
  /** Loads what does it; not before it is asked for. */
  readonly load: () => Promise<Command>;
}

const READS = "-R reads the recipe and its inputs";
const PARAMETERS = ["set", "params", "steps"] as const;

/** All verbs, in the order of help; the first is meant where none is named. */
export const VERBS: readonly Verb[] = [
  {
    name: "run",
    operands: "RECIPE.yaml",
    count: [1, 1],
    summary: "runs a recipe and writes its outputs; may be left out",
    details: [
      "Inputs are relative to the recipe, outputs to --out. Nothing is written unless every step and gate succeeds, and nothing that exists is replaced unless Meshtailor wrote it or --force says so.",
      "RECIPE.yaml --help shows the parameters of that recipe. A recipe called like a verb is named ./check.",
    ],
    flags: [...PARAMETERS, "out", "root", "force", "dry-run", "max-memory", "json", "quiet", "debug-memory"],
    examples: [
      "recipes/library/cuirass.yaml",
      "recipes/library/cuirass.yaml --set clearance=8mm --out build",
      "run armor.yaml --dry-run --max-memory 256MiB",
      "run armor.yaml --out build --json > report.json",
    ],
    permissions:
      `${READS} and the folders of the outputs, -W writes the outputs: -R=. -W=build is enough for --out build`,
    load: async () => (await import("./run_command.ts")).runCommand,
  },
  {
    name: "check",
    operands: "RECIPE.yaml",
    count: [1, 1],
    summary: "says everything that is wrong with a recipe and its inputs; writes nothing",
    details: [
      "Names, types, units and ranges, whether the inputs are there and whole, whether every step finds what it needs, and the memory budget: what check lets through, a run starts.",
      "--json prints { recipe, ok, exitCode, issues, peakBytes }; meshtailor schema check has its JSON Schema.",
    ],
    flags: [...PARAMETERS, "max-memory", "json", "quiet"],
    examples: ["check armor.yaml", "check armor.yaml --set clearance=8mm", "check armor.yaml --json | jq .issues"],
    permissions: READS,
    load: async () => (await import("./check_command.ts")).checkCommand,
  },
  {
    name: "plan",
    operands: "RECIPE.yaml",
    count: [1, 1],
    summary: "shows the operations of a recipe and the memory each leases",
    details: [
      "An upper bound from the headers of the files; with --exact, or where the bound is over the budget, exactly what a run will lease.",
      "--json prints the operations with their bytes; meshtailor schema plan has its JSON Schema.",
    ],
    flags: [...PARAMETERS, "exact", "max-memory", "json"],
    examples: [
      "plan armor.yaml",
      "plan armor.yaml --exact --max-memory 64MiB",
      "plan armor.yaml --json | jq .peakBytes",
    ],
    permissions: READS,
    load: async () => (await import("./plan_command.ts")).planCommand,
  },
  {
    name: "steps",
    operands: "[STEP]",
    count: [0, 1],
    summary: "lists the steps recipes are made of, or shows one with its options",
    details: [],
    flags: ["steps", "markdown", "json"],
    examples: [
      "steps",
      "steps fit",
      "steps --json | jq '.[].name'",
      "steps lift --steps ./lift.ts",
      "steps lift --steps ./lift.ts --markdown > lift.md",
    ],
    permissions: "none; -R reads the modules of --steps",
    load: async () => (await import("./steps_command.ts")).stepsCommand,
  },
  {
    name: "schema",
    operands: "[recipe|check|plan|inspect]",
    count: [0, 1],
    summary:
      "prints a JSON Schema: of recipes, for completion in editors, or of what check, plan and inspect print with --json",
    details: [
      "An editor with yaml-language-server completes and checks a recipe whose first line is:",
      "# yaml-language-server: $schema=./recipe.schema.json",
    ],
    flags: ["steps"],
    examples: ["schema > recipe.schema.json", "schema check", "schema --steps ./lift.ts > recipe.schema.json"],
    permissions: "none; -R reads the modules of --steps",
    load: async () => (await import("./schema_command.ts")).schemaCommand,
  },
  {
    name: "new",
    operands: "[TEMPLATE] [FILE.yaml]",
    count: [0, 2],
    summary: "starts a recipe from a template; lists the templates where none is named",
    details: ["Without a file, the recipe is printed. Its inputs are names to replace by those of your files."],
    flags: ["force"],
    examples: ["new", "new fit armor.yaml", "new refit > coat.yaml"],
    permissions: "none; -W writes FILE.yaml",
    load: async () => (await import("./new_command.ts")).newCommand,
  },
  {
    name: "inspect",
    operands: "FILE",
    count: [1, 1],
    summary: "says what is in a mesh file, what is unusual in it, and what becomes of that",
    details: ["What is unusual is no fault: the exit code is 0 for every file that can be read, and 3 for the others."],
    flags: ["json"],
    examples: ["inspect armor.glb", "inspect armor.glb --json | jq .surface"],
    permissions: "-R reads the file and what it names",
    load: async () => (await import("./inspect_command.ts")).inspectCommand,
  },
  {
    name: "measure",
    operands: "GARMENT",
    count: [1, 1],
    summary: "says how well a garment fits a body and keeps its shape, whatever tool made it",
    details: [
      "At least one of --against, --input and --truth says what it is measured against. Nothing is changed, and the exit code is 0 however badly it fits: gates are the expect step of a recipe.",
    ],
    flags: ["against", "input", "truth", "json"],
    examples: [
      "measure out/armor.glb --against body.glb",
      "measure out/armor.glb --against body.glb --input armor.glb --json",
    ],
    permissions: "-R reads the files and what they name",
    load: async () => (await import("./measure_command.ts")).measureCommand,
  },
  {
    name: "help",
    operands: "[VERB|CODE]",
    count: [0, 1],
    summary: "explains a verb, as VERB --help does, or the code of a message",
    details: ["Codes stand in brackets behind error: unknown-option, lost-result and so on."],
    flags: [],
    examples: ["help check", "help unknown-option"],
    permissions: "none",
    load: async () => (await import("./help_command.ts")).helpCommand,
  },
];

/** The verb of that name. */
export function findVerb(name: string): Verb | undefined {
  return VERBS.find((verb) => verb.name === name);
}

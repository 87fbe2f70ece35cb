import { BESIDE } from "./_beside.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import { nearest } from "./nearest.ts";
import type { Attribute, Step, StepDefinition, WritableAttribute } from "./step.ts";

// As records, so that none can be forgotten here when the types get another.
const READABLE = Object.keys(
  {
    positions: true,
    rest: true,
    normals: true,
    skin: true,
    topology: true,
    index: true,
    restNormals: true,
    uvs: true,
    facts: true,
    skeleton: true,
  } satisfies Record<Attribute, true>,
);
const WRITABLE = Object.keys(
  { positions: true, normals: true, skin: true, selection: true, tangents: true } satisfies Record<
    WritableAttribute,
    true
  >,
);
const PARTS = Object.keys(
  {
    name: true,
    summary: true,
    reads: true,
    writes: true,
    consults: true,
    options: true,
    influencesPerVertex: true,
    skeletonFrom: true,
    keepsSkeleton: true,
    carries: true,
    placedOn: true,
    origin: true,
    scratchBytes: true,
    asks: true,
    wants: true,
    mayWrite: true,
    names: true,
    refuse: true,
    run: true,
    examples: true,
    describe: true,
    warn: true,
    verdict: true,
  } satisfies Record<keyof StepDefinition, true>,
);
const STEP_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const KEY = /^[a-z][A-Za-z0-9]*$/;

/** A step is not defined as one can be. */
export class StepDefinitionError extends TypeError {
  /** Tells it from other errors. */
  override name = "StepDefinitionError";
}

/**
 * Holds the definition of a step against itself. Types do the same where they are checked; code that came in with
 * `--steps` was not.
 *
 * @throws {StepDefinitionError} If something is missing, of another kind, or at odds with the rest.
 */
export function assertDefinition(step: Step): void {
  const why = faultOf(step);
  if (why !== undefined) throw new StepDefinitionError(why);
}

/**
 * Holds the steps of a catalogue against each other.
 *
 * @throws {StepDefinitionError} If one is no step, or two have one name.
 */
export function assertCatalogue(steps: readonly Step[]): void {
  const names = new Set<string>();
  for (const step of steps) {
    assertDefinition(step);
    if (names.has(step.name)) {
      throw new StepDefinitionError(
        `Cannot use two steps called "${step.name}" as a name means one step: give one another name`,
      );
    }
    names.add(step.name);
  }
}

/** Why it is no step, in one sentence. */
function faultOf(step: unknown): string | undefined {
  if (typeof step !== "object" || step === null) {
    return `Cannot use ${describe(step)} as a step: write defineStep({ … })`;
  }
  const { name, summary, reads, writes, consults, options } = step as Step;
  if (typeof name !== "string" || !STEP_NAME.test(name)) return badName(name);
  const cannot = `Cannot use step "${name}" as `;
  const stray = Object.keys(step).find((key) => !PARTS.includes(key));
  if (stray !== undefined) {
    return `${cannot}${quote(stray)} is not a part of a step${didYouMean(nearest(stray, PARTS))}`;
  }
  if (typeof summary !== "string" || summary === "") {
    return `${cannot}its "summary" must say what it does, in one sentence: it is ${describe(summary)}`;
  }
  const problem = attributesFault("reads", reads, READABLE) ?? attributesFault("writes", writes, WRITABLE) ??
    mapFault("consults", consults, (mesh) => Array.isArray(mesh.reads), 'consult([…], "…")') ??
    mapFault("options", options, (option) => typeof option.parse === "function", 'length({ doc: "…" })') ??
    consultsFault(step as Step) ?? functionsFault(step as Step);
  return problem === undefined ? undefined : cannot + problem;
}

function badName(name: unknown): string {
  const rule = 'the name of a step must be small letters, digits and dashes, such as "push-out"';
  return typeof name === "string"
    ? `Cannot use ${quote(name)} as a step as ${rule}${didYouMean(kebab(name))}`
    : `Cannot use a step without a name as ${rule}: it is ${describe(name)}`;
}

/** `myStep`, `my_step` and `My step` as `my-step`, where that is a name. */
function kebab(name: string): string | undefined {
  const fixed = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2").replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(
    /^-|-$/g,
    "",
  )
    .toLowerCase();
  return STEP_NAME.test(fixed) ? fixed : undefined;
}

function attributesFault(key: string, value: unknown, legal: readonly string[]): string | undefined {
  if (!Array.isArray(value)) return `its "${key}" must be a list of ${listed(legal, "or")}: it is ${describe(value)}`;
  const stray = value.find((attribute) => !legal.includes(attribute));
  if (stray === undefined) return undefined;
  const near = typeof stray === "string" ? nearest(stray, legal) : undefined;
  return `its "${key}" may have ${listed(legal)}: ${describe(stray)} is none of them${didYouMean(near)}`;
}

/** Its keys are what a recipe writes, so they have to be told from those that are there already. */
function mapFault(
  key: "consults" | "options",
  value: unknown,
  isRight: (entry: Record<string, unknown>) => boolean,
  example: string,
): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `its "${key}" must be a map: it is ${describe(value)}`;
  }
  for (const [name, entry] of Object.entries(value)) {
    if (!KEY.test(name)) return `a key of its "${key}" must be camelCase: ${quote(name)} is not`;
    if (name === "mesh" || (BESIDE as readonly string[]).includes(name)) {
      return `${quote(name)} means something else in a recipe: give that key of its "${key}" another name`;
    }
    if (typeof entry !== "object" || entry === null || !isRight(entry)) {
      return `${quote(name)} of its "${key}" is ${describe(entry)}: write ${name}: ${example}`;
    }
    const { doc } = entry as { doc?: unknown };
    if (typeof doc !== "string" || doc === "") {
      return `${quote(name)} of its "${key}" needs a doc: one sentence for its page`;
    }
  }
  return undefined;
}

/** What the parts say of the meshes it consults. */
function consultsFault(
  { consults, options, reads, writes, skeletonFrom, carries, origin, placedOn }: Step,
): string | undefined {
  const both = Object.keys(consults).find((key) => Object.hasOwn(options, key));
  if (both !== undefined) {
    return `${quote(both)} is one of its "consults" and one of its "options": a key means one thing`;
  }
  for (const [key, mesh] of Object.entries(consults) as [string, { reads: unknown }][]) {
    const fault = attributesFault(`consults.${key}.reads`, mesh.reads, READABLE);
    if (fault !== undefined) return fault;
  }
  const named = [skeletonFrom, carries?.from, carries?.to, origin?.of, placedOn].find((key) =>
    key !== undefined && !Object.hasOwn(consults, key)
  );
  if (named !== undefined) {
    return `it names ${quote(String(named))}, which is none of its "consults"${
      didYouMean(nearest(String(named), Object.keys(consults)))
    }`;
  }
  if (writes.includes("skin") && skeletonFrom === undefined && !reads.includes("skin")) {
    return 'it writes "skin", whose joints are those of a skeleton: name the mesh that has it with skeletonFrom';
  }
  return undefined;
}

function functionsFault(step: Step): string | undefined {
  for (const key of ["run", "scratchBytes", "describe"] as const) {
    if (typeof step[key] !== "function") return `its "${key}" must be a function: it is ${describe(step[key])}`;
  }
  for (
    const key of [
      "influencesPerVertex",
      "keepsSkeleton",
      "asks",
      "wants",
      "names",
      "refuse",
      "warn",
      "verdict",
    ] as const
  ) {
    const part = step[key];
    if (part !== undefined && typeof part !== "function") {
      return `its "${key}" must be a function, or be left out: it is ${describe(part)}`;
    }
  }
  return undefined;
}

/** What something is, for the end of a sentence. */
function describe(value: unknown): string {
  if (value === undefined || value === null) return "missing";
  if (typeof value === "string") return value === "" ? "empty" : quote(value);
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "a map";
  return typeof value === "function" ? "a function" : `the ${typeof value} ${String(value)}`;
}

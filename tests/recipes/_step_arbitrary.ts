/**
 * Recipes made of what the catalogue says of itself, so that a step that is added
 * to it is in every test over the catalogue from that day on.
 *
 * @module
 */
import * as fc from "fast-check";
import type { JsonSchema, Option, Step } from "../../recipes/mod.ts";

/** Iterations and the like stay small: what is leased does not depend on them. */
const MAX_COUNT = 3;

/** Text of every kind of value that is no bare number. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  angle: ["0deg", "30deg", "3rad"],
  memory: ["1MiB", "64MiB"],
  time: ["1s", "2s"],
  text: ["some text"],
};

/** Selections that options name; {@linkcode recipeText} makes them. */
const SELECTIONS = ["some", "more"];

/** Options a recipe may give a step: any of them left out, any value the schema allows. */
export function stepOptions(step: Step): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const options = partsOf(step.options as Readonly<Record<string, Option>>);
  if (step.name === "align") return options.map(ofOnePlace);
  if (step.name === "expect") return options.map(meetable);
  if (step.name === "recompute-normals") return options.map(ofOneMode);
  if (step.name === "transfer-weights") return options.map(agreeingOnPose);
  return step.name === "select" ? options.map(agreeing) : step.name === "fit" ? options.map(ofOneMethod) : options;
}

/** Options of `align` that go together: sides where there are two, scales where the garment may move. */
function ofOnePlace(
  { region, scale, ...others }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const hasSide = others.side === "left" || others.side === "right";
  const given = { region: hasSide ? "arm" : region, scale: others.place === "keep" ? "none" : scale };
  return { ...others, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

/** Limits of `expect` that one garment can meet: all from below or, but for the first percentiles, all from above. */
function meetable(
  { least, most, clearance, ...others }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (least !== undefined) {
    const { minDistance: _, ...limits } = least as Readonly<Record<string, unknown>>; // air, where others ask for depth
    return Object.keys(limits).length === 0 ? {} : { least: limits };
  }
  const given: Record<string, unknown> = { ...others };
  for (const key of ["edges", "stretch"]) {
    const { p1, p99 } = (others[key] ?? {}) as { p1?: unknown; p99?: unknown };
    if (p99 !== undefined) given[key] = { p99 };
    else if (p1 !== undefined && most !== undefined) delete given[key];
  }
  if (most === undefined) return clearance === undefined ? given : { ...given, clearance };
  const limits = Object.entries(most as Readonly<Record<string, unknown>>).map((
    [name, value],
  ) => [name, typeof value === "number" ? Math.abs(value) : value]);
  return { ...given, most: Object.fromEntries(limits) };
}

/** Options of `recompute-normals` that its mode has. */
function ofOneMode({ crease, ...others }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return others.mode === "keep" || crease === undefined ? others : { ...others, crease };
}

/** Options of `fit` that its method has. */
function ofOneMethod(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const {
    smoothRadius,
    smoothStrength,
    stepSize,
    featureAngle,
    openings,
    stiff,
    rigid,
    symmetry,
    allowInside,
    ...common
  } = options;
  const own = options.method === "shrinkwrap"
    ? { smoothRadius, smoothStrength, stepSize, featureAngle, openings }
    : { stiff, rigid, symmetry, allowInside };
  const given = Object.entries(own).filter(([key, value]) =>
    value !== undefined && !(key === "allowInside" && value === "source" && options.method === "elastic")
  );
  return { ...common, ...Object.fromEntries(given) };
}

/** Options of `transfer-weights` that go together. */
function agreeingOnPose(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { maxAngle, maxDistance, flipped, ...others } = options, { method = "inpaint", pose } = options;
  const ofInpaint = { maxDistance, flipped: maxAngle === undefined ? flipped : false, maxAngle };
  const given = Object.entries(method === "inpaint" ? ofInpaint : {}).filter(([, value]) => value !== undefined);
  return { ...others, ...Object.fromEntries(given), ...pose === "match" ? { skeleton: "keep" } : {} };
}

/** Options of `select` that go together: something is asked, limits are in order, and nothing found is no fault. */
function agreeing(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { material: _, part: __, joint, ...others } = options;
  const { openings, distance } = options as { openings?: { which?: string; count?: number }; distance?: object };
  const fixed: Record<string, unknown> = { ...others, any: "some", allowEmpty: true };
  if (openings !== undefined) fixed.openings = { ...openings, ...openings.count === undefined ? {} : { which: "top" } };
  if (distance !== undefined) fixed.distance = inOrder(distance);
  for (const key of ["box", "uv"]) {
    if (options[key] === undefined) continue;
    const sides = Object.entries(options[key] as Record<string, object>);
    fixed[key] = Object.fromEntries(sides.map(([side, limits]) => [side, inOrder(limits)]));
  }
  if (joint !== undefined && options.invert === true) fixed.joint = { name: "*", least: "40%" }; // few garments have some
  return fixed;
}

function inOrder({ min, max }: { min?: unknown; max?: unknown }): object {
  return { ...min === undefined ? {} : { min }, ...max === undefined || min !== undefined ? {} : { max } };
}

/** The keys of the meshes a step consults with these options, those it need not consult as `isLeft` has it. */
export function consultedKeys(
  step: Step,
  options: Readonly<Record<string, unknown>>,
  isLeft: (key: string) => boolean = () => false,
): string[] {
  if (step.name === "select") return options.distance === undefined ? [] : ["to"];
  if (step.name === "fit" && ["elastic", "shrinkwrap"].includes(String(options.method))) return ["to"];
  if (step.name === "fit" && (options.method === "refit" || options.allowInside === "source")) return ["to", "from"];
  return Object.keys(step.consults).filter((key) => !step.consults[key].optional || !isLeft(key));
}

/** The name of what a step makes: a selection always has one, a copy where one is made. */
export function resultName(step: Step, copies: boolean, name: string): string | undefined {
  return step.writes.includes("selection") ? `${name}-places` : copies && step.writes.length > 0 ? name : undefined;
}

function partsOf(parts: Readonly<Record<string, Option>>): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const values = Object.fromEntries(Object.entries(parts).map(([key, option]) => [key, optionValue(option)]));
  const requiredKeys = Object.keys(parts).filter((key) => parts[key].required);
  return fc.record(values, { requiredKeys });
}

function optionValue(option: Option): fc.Arbitrary<unknown> {
  if (option.parts !== undefined) {
    const isAsked = option.schema().minProperties === 1;
    return partsOf(option.parts).filter((parts) => !isAsked || Object.keys(parts).length > 0);
  }
  if (option.selects !== undefined) return fc.subarray(SELECTIONS, { minLength: 1 });
  if (option.kind === "names") return fc.constant("*");
  if (option.kind === "list") return fc.constant(option.takes.includes("map") ? [] : [0, 2]);
  const texts = TEXTS[option.kind];
  if (texts !== undefined) return fc.constantFrom(...texts);
  const found = schemaValue(option.schema());
  if (found !== undefined) return found;
  throw new TypeError(`Cannot make up values of kind "${option.kind}": teach tests/recipes/_step_arbitrary.ts`);
}

/** Values a schema allows, as far as it tells; of a list, up to two. */
function schemaValue(schema: JsonSchema): fc.Arbitrary<unknown> | undefined {
  for (const { enum: words, type, items, minimum = -1, maximum } of [schema, ...(schema.anyOf as JsonSchema[] ?? [])]) {
    if (Array.isArray(words)) return fc.constantFrom(...words);
    if (Array.isArray(type) && type.includes("string")) return fc.constantFrom(...TEXTS.text);
    const item = type === "array" ? schemaValue(items as JsonSchema) : undefined;
    if (item !== undefined) return fc.array(item, { maxLength: 2 });
    const min = Number(minimum), max = Math.min(Number(maximum ?? Infinity), min + MAX_COUNT);
    if (type === "integer") return fc.integer({ min, max });
    if (type === "number") return fc.double({ min, max, noNaN: true }).map((value) => decimal(value));
  }
  return undefined;
}

/** Recipes take decimals of a few places, and no minus zero. */
function decimal(value: number): number {
  return Number(value.toFixed(4)) || 0;
}

/** A step as the line of a recipe: JSON, which is YAML too. */
export function stepLine(
  step: Step,
  meshes: Readonly<Record<string, string>>,
  options: Readonly<Record<string, unknown>>,
  as?: string,
): string {
  return JSON.stringify({ [step.name]: { ...meshes, ...options }, ...(as === undefined ? {} : { as }) });
}

/** Lines that make the selections others name, and one that uses all there are. */
function withSelections(lines: readonly string[]): string[] {
  const all = lines.join("\n");
  const box = [{ y: { max: "0.9m" } }, { x: { min: "0m" } }];
  const named = SELECTIONS.filter((name) => all.includes(`"${name}"`));
  const made = named.map((name, i) => ({ select: { mesh: "garment", box: box[i], allowEmpty: true }, as: name }));
  const own = lines.flatMap((line) => line.startsWith('{"select"') ? [JSON.parse(line).as as string] : []);
  const used = { smooth: { mesh: "garment", iterations: 0, pin: [...named, ...own] } };
  return [
    ...made.map((step) => JSON.stringify(step)),
    ...lines,
    ...own.length === 0 ? [] : [JSON.stringify(used)],
  ];
}

/** A recipe of lines over the inputs `body`, `old` and `garment`, those that no line names left out. */
export function recipeText(written: readonly string[], outputs: readonly string[] = ["garment"]): string {
  const lines = withSelections(written);
  const all = lines.join("\n");
  const inputs = ["body", "old", "garment"].filter((name) => all.includes(`"${name}"`) || outputs.includes(name));
  return [
    "version: 1",
    "inputs:",
    ...inputs.map((name) => `  ${name}: ${name}.glb`),
    lines.length === 0 ? "steps: []" : "steps:",
    ...lines.map((line) => `  - ${line}`),
    "outputs:",
    ...outputs.map((mesh) => `  ${mesh}: { mesh: ${mesh}, file: ${mesh}.glb }`),
    "",
  ].join("\n");
}

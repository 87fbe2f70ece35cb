import { parseOptions } from "./_composite.ts";
import type { Faults } from "./_faults.ts";
import { checkNameKey } from "./_names.ts";
import { describeNode, isMap, type RecipeNode } from "./_node.ts";
import { type Option, type OptionContext, Problem, type ResolvedText } from "./_option.ts";
import { ParameterScope } from "./_parameter_scope.ts";
import { didYouMean, listed, quote } from "./_words.ts";
import {
  angle,
  boolean,
  integer,
  length,
  list,
  memory,
  number,
  oneOf,
  optional,
  prose,
  ratio,
  RelativeLength,
  text,
  time,
} from "./options.ts";
import type { NodePath } from "./recipe.ts";

/** Types of parameters that have a range. */
export const RANGED = { length, angle, ratio, number, integer, memory, time } as const;
/** Every type a parameter can have; they are the kinds of options. */
export const PARAMETER_TYPES = [
  "length",
  "angle",
  "ratio",
  "number",
  "integer",
  "boolean",
  "enum",
  "text",
  "memory",
  "time",
] as const;
type ParameterType = typeof PARAMETER_TYPES[number];

/** What a parameter's declaration may hold: read, documented and printed as a schema like the options of a step. */
export const PARAMETER_OPTIONS = {
  type: oneOf(PARAMETER_TYPES, { doc: "What kind of value it is" }),
  default: optional(text({ doc: "Its value where --set says nothing; without one, --set has to" })),
  min: optional(text({ doc: "The least it may be" })),
  max: optional(text({ doc: "The most it may be" })),
  values: optional(list(text({ doc: "A word it may be" }), { doc: "The words an enum may be" })),
  doc: optional(prose({ doc: "What it is, for --help" })),
};

/** A value for a parameter that comes from outside the recipe. */
export interface GivenValue {
  /** As it was written. */
  readonly text: string;
  /** What messages call the place it comes from, such as `--set clearance=8mm`. */
  readonly place: string;
}

/** Reads `params:` and the values given from outside. */
export function checkParameters(
  node: RecipeNode | undefined,
  set: ReadonlyMap<string, GivenValue>,
  faults: Faults,
  isMeant: boolean,
): ParameterScope {
  const scope = new ParameterScope(faults);
  if (isMeant) {
    scope.isKnown = false;
    return scope;
  }
  if (node !== undefined && !isMap(node)) {
    faults.add({
      code: node === null ? "no-value" : "bad-shape",
      message: node === null
        ? `"params" has no value`
        : `"params" is a map of names and their declarations: it is ${describeNode(node)}`,
      path: ["params"],
      at: node === null ? "key" : "value",
      help: "Declare parameters as name: { type: length, default: 6mm }, or leave the key out",
    });
    scope.isKnown = false;
    return scope;
  }
  for (const [name, declaration] of node ?? []) declare(scope, name, declaration, set, faults);
  for (const [name, { place }] of set) {
    if (scope.has(name)) continue;
    const help = node === undefined
      ? "The recipe declares no parameters"
      : `Its parameters are ${listed([...scope.names()])}`;
    faults.add({
      code: "unknown-parameter",
      message: `${quote(name)} is not a parameter of this recipe${didYouMean(faults.nearest(name, scope.names()))}`,
      path: node === undefined ? [] : ["params"],
      at: "key",
      place,
      help,
    });
  }
  return scope;
}

function declare(
  scope: ParameterScope,
  name: string,
  node: RecipeNode,
  set: ReadonlyMap<string, GivenValue>,
  faults: Faults,
): void {
  const path: NodePath = ["params", name];
  const parameter = scope.declare(name, path);
  if (!checkNameKey(name, path, faults)) return;
  if (!isMap(node)) {
    const example = typeof node === "string"
      ? `{ type: …, default: ${node.slice(0, 40)} }`
      : "{ type: length, default: 6mm }";
    const message = `Parameter ${quote(name)} is declared with a map: it is ${describeNode(node)}`;
    faults.add({ code: "bad-shape", message, path, at: node === null ? "key" : "value", help: `Write ${example}` });
    return;
  }
  const { values, faults: found } = parseOptions(PARAMETER_OPTIONS, node, {
    context: (key) => new LiteralContext(`${quote(key)} of parameter ${quote(name)}`),
    unknown: (key, near) => ({
      code: "unknown-key",
      message: `${quote(key)} is not part of a parameter${didYouMean(near)}`,
      help: `A parameter has ${listed(Object.keys(PARAMETER_OPTIONS))}`,
    }),
    missing: () => ({
      code: "missing-key",
      message: `Parameter ${quote(name)} needs a type`,
      help: `Add type: ${listed(PARAMETER_TYPES, "or")}`,
    }),
  });
  for (const fault of found) faults.add({ ...fault, path: [...path, ...fault.path] });
  if (values === undefined) return;
  const option = typedOption(name, path, values as unknown as Declaration, faults);
  if (option === undefined) return;
  parameter.type = option.kind;
  parameter.option = option;
  parameter.words = (values as unknown as Declaration).values;
  assign(parameter, values.default as string | undefined, set.get(name), faults);
}

interface Declaration {
  readonly type: ParameterType;
  readonly min?: string;
  readonly max?: string;
  readonly values?: readonly string[];
}

/** The option that reads the parameter's values; undefined when the declaration contradicts itself. */
function typedOption(name: string, path: NodePath, declaration: Declaration, faults: Faults): Option | undefined {
  const { type, values } = declaration;
  const before = faults.list.length;
  const make = Object.hasOwn(RANGED, type) ? RANGED[type as keyof typeof RANGED] : undefined;
  const range: { min?: number; max?: number } = {};
  for (const end of ["min", "max"] as const) {
    const written = declaration[end];
    if (written === undefined) continue;
    if (make === undefined) {
      faults.key(
        [...path, end],
        "bad-shape",
        `${quote(end)} is for parameters with a range: ${quote(name)} is ${article(type)}`,
        "Leave it out",
      );
      continue;
    }
    const limit = make({ doc: "", min: -Infinity, max: Infinity }).parse(
      written,
      new LiteralContext(`${quote(end)} of parameter ${quote(name)}`),
    );
    if (limit instanceof Problem) { for (const fault of limit.faults) faults.add({ ...fault, path: [...path, end] }); }
    else if ((limit as unknown) instanceof RelativeLength) {
      faults.value(
        [...path, end],
        "bad-value",
        `${quote(end)} of parameter ${quote(name)} must be a length for every mesh: ${
          quote(written)
        } depends on the mesh`,
      );
    } else range[end] = limit;
  }
  if (range.min !== undefined && range.max !== undefined && range.min > range.max) {
    faults.value(
      [...path, "max"],
      "out-of-range",
      `"max" of parameter ${quote(name)} must be at least its "min", ${quote(declaration.min!)}: it is ${
        quote(declaration.max!)
      }`,
    );
  }
  if (values !== undefined && type !== "enum") {
    faults.key(
      [...path, "values"],
      "bad-shape",
      `"values" is for parameters of type enum: ${quote(name)} is ${article(type)}`,
      "Leave it out, or write type: enum",
    );
  }
  if (type === "enum" && (values === undefined || values.length === 0)) {
    faults.key(
      path,
      "missing-key",
      `Parameter ${quote(name)} needs values, as it is an enum`,
      "Add values: [first, second]",
    );
  }
  if (faults.list.length > before || faults.isFull) return undefined;
  if (make !== undefined) return make({ doc: "", ...range });
  if (type === "boolean") return boolean({ doc: "" });
  return type === "enum" ? oneOf(values!, { doc: "" }) : text({ doc: "" });
}

/** Gives the parameter its value: from outside, else its default. */
function assign(
  parameter: ReturnType<ParameterScope["declare"]>,
  fallback: string | undefined,
  given: GivenValue | undefined,
  faults: Faults,
): void {
  const { name, at } = parameter;
  const option = parameter.option!;
  let isUsable = true;
  if (fallback !== undefined) {
    const value = option.parse(fallback, new PlainContext(`"default" of parameter ${quote(name)}`));
    if (value instanceof Problem) {
      isUsable = false;
      for (const fault of value.faults) faults.add({ ...fault, path: [...at, "default"] });
    }
  }
  if (given !== undefined) {
    const value = option.parse(given.text, new PlainContext(`Parameter ${quote(name)}`));
    if (value instanceof Problem) {
      isUsable = false;
      for (const fault of value.faults) faults.add({ ...fault, path: at, at: "key", place: given.place });
    }
  }
  if (fallback === undefined && given === undefined) {
    isUsable = false;
    const help = `Give it one with --set ${name}=…, or declare a default: it takes ${option.takes}`;
    faults.key(at, "missing-parameter", `Parameter ${quote(name)} has no value`, help);
  }
  if (!isUsable) return;
  parameter.text = given?.text ?? fallback!;
  parameter.origin = given === undefined ? `the value of "$${name}"` : `set by ${given.place}`;
}

/** For values that refer to nothing because they are what others refer to. */
class LiteralContext implements OptionContext {
  constructor(readonly subject: string) {}

  resolve(text: string): ResolvedText | Problem {
    if (!text.includes("$")) return { text };
    if (!/\$/.test(text.replaceAll("$$", ""))) return { text: text.replaceAll("$$", "$") };
    return Problem.of(
      "bad-reference",
      `${this.subject} is written out: ${quote(text)} refers to a parameter`,
      'Write "$$" for a dollar',
    );
  }

  inside(): OptionContext {
    return this;
  }
}

/** For values that are resolved already. */
export class PlainContext implements OptionContext {
  constructor(readonly subject: string) {}

  resolve(text: string): ResolvedText {
    return { text };
  }

  inside(): OptionContext {
    return this;
  }
}

/** A type with its article. */
export function article(type: string): string {
  if (type === "text") return "text";
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}

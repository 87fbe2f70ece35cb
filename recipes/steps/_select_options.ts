import type { KeepIslandsOptions } from "../../fitting/select/keep_islands.ts";
import { type KeepOpeningsOptions, OPENING_ORDERS } from "../../fitting/select/keep_openings.ts";
import { isMeant } from "../_selection_options.ts";
import { RequestError } from "../errors.ts";
import { listed } from "../_words.ts";
import {
  angle,
  boolean,
  fileNames,
  group,
  type GroupValues,
  integer,
  length,
  list,
  number,
  oneOf,
  optional,
  ratio,
  selections,
} from "../options.ts";
import type { Attribute, NameUse, StepFault } from "../step.ts";

/** What the words of `facing` mean: Y is up, Z to the front, X to the character's left. */
export const DIRECTIONS = {
  up: [0, 1, 0],
  down: [0, -1, 0],
  left: [1, 0, 0],
  right: [-1, 0, 0],
  front: [0, 0, 1],
  back: [0, 0, -1],
} as const;

const LIMITS = {
  metres: (doc: string) =>
    optional(group({
      min: optional(length({ doc: "Least coordinate" })),
      max: optional(length({ doc: "Greatest coordinate" })),
    }, { doc })),
  share: (doc: string) =>
    optional(group({
      min: optional(number({ doc: "Least coordinate" })),
      max: optional(number({ doc: "Greatest coordinate" })),
    }, { doc })),
};

/** What may be asked of a place: all that a recipe asks must hold. */
const CRITERIA = {
  material: optional(fileNames({ doc: "On faces with these materials" })),
  part: optional(fileNames({ doc: "On faces of these parts of the file, by name of node, mesh or primitive" })),
  joint: optional(group({
    name: fileNames({ doc: "Names of joints" }),
    least: ratio({ default: 0.5, doc: "How much of the weight they must have together" }),
  }, { doc: "Moved by these joints; the mesh needs skin weights" })),
  box: optional(group({
    x: LIMITS.metres("To the character's left"),
    y: LIMITS.metres("Upwards"),
    z: LIMITS.metres("To the front"),
  }, { doc: "Between these coordinates of the world, where the mesh is at this step" })),
  facing: optional(group({
    direction: oneOf(["up", "down", "left", "right", "front", "back"], {
      doc: "Where the surface faces; left is the character's",
    }),
    within: angle({ default: Math.PI / 4, min: 0, max: Math.PI, doc: "How far it may be turned from there" }),
  }, { doc: "Facing a direction" })),
  openings: optional(group({
    which: oneOf(["all", ...OPENING_ORDERS], { default: "all", doc: "Which of them, by length or by place" }),
    count: optional(integer({ min: 1, doc: "How many of them; 1 unless all are taken" })),
    minLength: length({ default: 0, min: 0, doc: "Shorter ones do not count, measured around" }),
    rings: integer({ default: 0, min: 0, max: 10_000, doc: "Rings of vertices beside the edge that belong to it" }),
  }, { doc: "At open edges: hems, cuffs, the neck" })),
  islands: optional(group({
    minSize: optional(length({ min: 0, doc: "Least diagonal of its bounds" })),
    maxSize: optional(length({ min: 0, doc: "Greatest diagonal of its bounds" })),
    largest: optional(integer({ min: 1, doc: "Of those, so many of the largest" })),
    smallest: optional(integer({ min: 1, doc: "Of those, so many of the smallest" })),
    numbers: list(integer({ min: 0, doc: "A number" }), {
      default: [],
      doc: "Of those, these: counted from 0 in the order of their first vertices",
    }),
  }, { doc: "On connected parts of the mesh: buttons, buckles, soles" })),
  distance: optional(group({
    min: optional(length({ doc: "Least distance, negative inside" })),
    max: optional(length({ doc: "Greatest distance, negative inside" })),
  }, { doc: "So far from the surface of `to`" })),
  uv: optional(group({
    u: LIMITS.share("From left to right of the image, which is 0 to 1"),
    v: LIMITS.share("From top to bottom"),
  }, { doc: "There in the first set of texture coordinates" })),
  any: selections({ doc: "In one of these selections" }),
  all: selections({ doc: "In every one of these selections", match: "all" }),
  not: selections({ doc: "In none of these selections" }),
};

/** Everything `select` takes. */
export const SELECT_OPTIONS = {
  ...CRITERIA,
  invert: boolean({ default: false, doc: "Whether everything else is meant" }),
  grow: integer({ default: 0, min: 0, max: 10_000, doc: "Rings of neighbours that join in the end" }),
  shrink: integer({ default: 0, min: 0, max: 10_000, doc: "Rings that leave after that" }),
  allowEmpty: boolean({ default: false, doc: "Whether nothing may be selected; else that is an error" }),
};

type SelectOptions = GroupValues<typeof SELECT_OPTIONS>;
type Given<K extends keyof SelectOptions> = NonNullable<SelectOptions[K]>;
interface Limits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** What is to be read of the mesh for these options. */
export function asksOf({ material, part, joint, uv }: SelectOptions): Attribute[] {
  const asked: Attribute[] = [];
  if (material !== undefined || part !== undefined) asked.push("facts");
  if (joint !== undefined) asked.push("skin", "skeleton");
  if (uv !== undefined) asked.push("uvs");
  return asked;
}

/** Names that have to be in the file. */
export function namesOf({ material = [], part = [], joint, allowEmpty }: SelectOptions): NameUse[] {
  if (allowEmpty) return [];
  return [
    { kind: "material", option: "material", names: material },
    { kind: "part", option: "part", names: part },
    { kind: "joint", option: "joint", names: joint?.name ?? [] },
  ];
}

/** Faults of options that are right one by one. */
export function faultsOf(options: SelectOptions, consulted: ReadonlySet<string>): StepFault[] {
  const { box, openings, distance, uv } = options, hasSurface = consulted.has("to"), faults: StepFault[] = [];
  const criteria = Object.keys(CRITERIA) as (keyof typeof CRITERIA)[];
  if (!hasSurface && criteria.every((key) => options[key] === undefined)) {
    const message = `"select" needs to know which places are meant: nothing says so`;
    faults.push({ code: "missing-option", message, help: `Add one of ${listed(criteria, "or")}` });
  }
  if (distance !== undefined && !hasSurface) {
    const message = `"distance" of "select" is measured to a surface: there is no "to"`;
    faults.push({ code: "missing-option", key: "distance", message, help: "Add to: the name of a mesh" });
  }
  if (distance === undefined && hasSurface) {
    const message = `"to" of "select" is what "distance" is measured to: there is no "distance"`;
    faults.push({ code: "missing-option", key: "to", message, help: "Add distance: { max: 2cm }, or leave it out" });
  }
  if (openings?.which === "all" && openings.count !== undefined) {
    const message = `"openings.count" of "select" is how many of an order are taken: "openings.which" is "all"`;
    faults.push({ code: "bad-value", key: "openings", message, help: "Add which: longest" });
  }
  const limits = {
    ...box && { "box.x": box.x, "box.y": box.y, "box.z": box.z },
    ...uv && { "uv.u": uv.u, "uv.v": uv.v },
  };
  for (const [name, { min, max } = {}] of Object.entries({ ...limits, distance }) as [string, Limits | undefined][]) {
    if (typeof min !== "number" || typeof max !== "number" || min <= max) continue;
    const message = `"${name}" of "select" must have a "min" that is not above its "max": they are ${min} and ${max}`;
    faults.push({ code: "out-of-range", key: name.split(".")[0], message });
  }
  return faults;
}

/** Whether one of the names is meant by one of the patterns. */
export function matches(names: readonly string[], patterns: readonly string[]): boolean {
  return names.some((name) => patterns.some((pattern) => isMeant(name, pattern)));
}

/** Least and greatest coordinates, from `zero`. */
export function boxOf(sides: readonly (Limits | undefined)[], zero: readonly number[]): number[] {
  return [
    ...sides.map((side, k) => (side?.min ?? -Infinity) - zero[k]),
    ...sides.map((side, k) => (side?.max ?? Infinity) - zero[k]),
  ];
}

/** Options of `keepOpenings`. */
export function openingsOf({ which, count, minLength, rings }: Given<"openings">): KeepOpeningsOptions {
  return which === "all" ? { minLength, rings } : { order: which, count: count ?? 1, minLength, rings };
}

/** Options of `keepIslands`. */
export function islandsOf(
  { minSize = 0, maxSize = Infinity, largest = Infinity, smallest = Infinity, numbers }: Given<"islands">,
): KeepIslandsOptions {
  return { minSize, maxSize, largest, smallest, numbers };
}

/** Why a selection is empty: what each criterion left. */
export function nothingLeft(mesh: string, left: readonly (readonly [string, number])[], places: number): RequestError {
  const told = left.map(([criterion, kept]) => `${kept} after "${criterion}"`);
  return new RequestError(
    "empty-selection",
    [],
    `no vertex of "${mesh}" is meant: of ${places} places there are ${
      listed(told)
    }; write "allowEmpty: true" if that is right`,
  );
}

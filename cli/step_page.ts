import type { Consulted, OptionSpecs, Step } from "../recipes/step.ts";
import type { Option } from "../recipes/options.ts";
import { columns, section, wrap } from "./layout.ts";

/** One row of the options of a step. */
export interface StepOption {
  /** As a recipe writes it; parts of a group as `penetration.max`. */
  readonly name: string;
  /** `length`, `enum`, …: what a parameter that stands in for it is declared as. */
  readonly type: string;
  /** What it takes: `a length of at least 0mm`. */
  readonly takes: string;
  /** As a recipe writes it; absent where there is none. */
  readonly default?: string;
  /** Whether a recipe must set it. */
  readonly required: boolean;
  /** One sentence. */
  readonly doc: string;
}

/** A mesh a step names. */
export interface StepMesh {
  /** The key in a recipe. */
  readonly name: string;
  /** What it is. */
  readonly doc: string;
  /** Whether a recipe must name it. */
  readonly required: boolean;
  /** What its file, or a step before, has to bring beside positions and faces. */
  readonly needs: readonly string[];
}

/** A step as its definition tells it: what `steps`, the reference pages and `steps --json` print. */
export interface StepPage {
  /** What a recipe calls it. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Lines of a recipe, with what it cannot do without, or what its definition shows. */
  readonly example: readonly string[];
  /** The same with every option at its default; none where the definition has examples of its own. */
  readonly fullExample: readonly string[];
  /** The meshes it names; the first is the one that changes. */
  readonly meshes: readonly StepMesh[];
  /** What it writes of `mesh`. */
  readonly writes: readonly string[];
  /** Its options, in the order of the definition. */
  readonly options: readonly StepOption[];
}

/** What tells of a mesh that only files and other steps bring; the rest is made on the way. */
const BROUGHT = ["normals", "skin"];

/** Reads a definition. */
export function stepPage(step: Step): StepPage {
  const meshes = meshesOf(step);
  const options = Object.entries(step.options as OptionSpecs);
  return {
    name: step.name,
    summary: step.summary,
    example: (step.examples ?? [exampleOf(step, meshes.filter(({ required }) => required))]).flatMap(asItem),
    fullExample: step.examples === undefined ? fullExampleOf(step, meshes, options) : [],
    meshes,
    writes: step.writes,
    options: options.flatMap(([key, option]) => rowsOf(key, option)),
  };
}

/** A page for a terminal. */
export function stepText({ name, summary, example, meshes, options, writes }: StepPage): string[] {
  return [
    ...wrap(`${name}: ${summary}`),
    "",
    ...example.map((line) => `  ${line}`),
    ...section("meshes", columns(meshes.map((mesh) => [mesh.name, mesh.required ? "" : "optional", describe(mesh)]))),
    ...section(
      "options",
      columns(options.map((option) => [option.name, fallback(option), `${option.doc} (${option.takes})`])),
    ),
    ...section("writes", [`  ${writes.length === 0 ? "nothing" : written(writes)}`]),
  ];
}

/** A step as an item of a list. */
function asItem(text: string): string[] {
  return text.split("\n").map((line, i) => `${i === 0 ? "-" : " "} ${line}`);
}

/** What a step writes, in words. */
export function written(writes: readonly string[]): string {
  return writes.map((attribute) => attribute === "selection" ? "a selection" : attribute).join(", ") + " of mesh";
}

/** What a mesh is, and what it must have. */
export function describe({ doc, needs }: StepMesh): string {
  return needs.length === 0 ? doc : `${doc}; it must have ${needs.map(words).join(" and ")}`;
}

/** What holds where a recipe says nothing. */
export function fallback(option: StepOption): string {
  return option.required ? "must be set" : option.default ?? "off";
}

function words(attribute: string): string {
  return attribute === "skin" ? "skin weights" : attribute;
}

function meshesOf({ reads, writes, consults }: Step): StepMesh[] {
  const brought = (attributes: readonly string[]) => attributes.filter((attribute) => BROUGHT.includes(attribute));
  return [
    {
      name: "mesh",
      doc: writes.includes("selection")
        ? "The mesh whose places are selected; it stays as it is"
        : `The mesh that ${writes.length === 0 ? "is measured" : "changes"}`,
      required: true,
      needs: brought(reads),
    },
    ...(Object.entries(consults) as [string, Consulted][]).map(([name, { doc, optional, reads }]) => ({
      name,
      doc,
      required: !optional,
      needs: brought(reads),
    })),
  ];
}

function rowsOf(name: string, option: Option): StepOption[] {
  const { kind: type, takes, required, doc, parts } = option;
  const isWhole = parts === undefined && option.default !== undefined;
  return [
    { name, type, takes, ...(isWhole ? { default: option.print(option.default) } : {}), required, doc },
    ...Object.entries(parts ?? {}).flatMap(([key, part]) => rowsOf(`${name}.${key}`, part)),
  ];
}

function exampleOf({ name }: Step, meshes: readonly StepMesh[]): string {
  return `${name}: { ${meshes.map(exampleMesh).join(", ")} }`;
}

function fullExampleOf({ name }: Step, meshes: readonly StepMesh[], options: readonly [string, Option][]): string[] {
  const lines = options.flatMap(([key, option]) => {
    const value = option.parts === undefined ? option.default : defaultsOf(option.parts);
    return value === undefined ? [] : [`${key}: ${option.print(value)}`];
  });
  return [
    `- ${name}:`,
    ...[...meshes.filter(({ required }) => required).map(exampleMesh), ...lines].map((line) => `    ${line}`),
  ];
}

function exampleMesh({ name }: StepMesh): string {
  return `${name}: ${name === "mesh" ? "armor" : "body"}`;
}

/** What the parts of a group are when only the group is written; undefined when that is nothing. */
function defaultsOf(parts: Readonly<Record<string, Option>>): Record<string, unknown> | undefined {
  const set = Object.entries(parts).filter(([, part]) => part.default !== undefined);
  return set.length === 0 ? undefined : Object.fromEntries(set.map(([key, part]) => [key, part.default]));
}

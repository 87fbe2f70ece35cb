import type { Recipe } from "../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { icosphere } from "../fitting/_meshes.ts";
import { body, fileOf, top } from "./_memory_meshes.ts";
import { recipeOf } from "./_small_run.ts";

const FOLDERS = ["library", "templates"].map((folder) => new URL(`../../recipes/${folder}/`, import.meta.url));

/** Every step of the catalogue, both methods of fitting, a garment that was carried from one body to another, and a copy. */
const EVERY_STEP = `version: 1
name: every-step
inputs: { body: body.glb, old: old.glb, garment: garment.glb }
steps:
  - align: { mesh: garment, to: body, place: keep }
  - fit: { mesh: garment, to: body, from: old, iterations: 6 }
  - select: { mesh: garment, box: { y: { min: 0.5m } } }
    as: crown
  - select: { mesh: garment, openings: { rings: 1 }, not: crown, allowEmpty: true }
    as: hem
  - resolve-penetration: { mesh: garment, to: body }
  - smooth: { mesh: garment, iterations: 2, only: [crown, hem], pin: hem }
  - recompute-normals: { mesh: garment, crease: 50deg }
  - transfer-weights: { mesh: garment, from: body }
  - fit: { mesh: garment, to: body, method: shrinkwrap, tightness: 50%, iterations: 4 }
    as: tight
  - transfer-weights: { mesh: tight, from: body, maxInfluences: 8 }
  - measure: { mesh: garment, against: body }
  - expect: { mesh: garment, against: body, penetration: { max: 50mm }, layers: { max: 999 }, islands: { drift: 1m } }
  - expect: { mesh: tight, against: body, penetration: { max: 50mm } }
outputs:
  fitted: { mesh: garment, file: out/fitted.glb }
  tight: { mesh: tight, file: out/tight.glb }
`;

/** A recipe with inputs small enough to run it hundreds of times. */
export interface SmallRun {
  readonly name: string;
  readonly recipe: Recipe;
  readonly inputs: Readonly<Record<string, Uint8Array>>;
}

/** The recipe with every step of the catalogue. */
export async function everyStep(): Promise<SmallRun> {
  const recipe = await recipeOf(EVERY_STEP);
  const missing = BUILT_IN_STEPS.filter((step) => !recipe.steps.some((used) => used.step === step));
  if (missing.length > 0) {
    throw new TypeError(`Every step of the catalogue belongs in EVERY_STEP: ${missing[0].name} is missing`);
  }
  return smallRun("every step", recipe);
}

/** The recipes that ship, templates among them, and the one with every step. */
export async function shippedRuns(): Promise<SmallRun[]> {
  const runs = [await everyStep()];
  for (const folder of FOLDERS) {
    for (const { name } of Deno.readDirSync(folder)) {
      if (!name.endsWith(".yaml")) continue;
      runs.push(smallRun(name, await recipeOf(Deno.readTextFileSync(new URL(name, folder)))));
    }
  }
  return runs;
}

/** Nearly a ball, a little too narrow for the body's: it lies where it belongs, so that `align` need not search for a second each time. */
const BOWL = fileOf(top(icosphere(1, 0.98), -0.6));

/** Gives every mesh a recipe changes the shape of a bowl, and every other that of the ball in it. */
function smallRun(name: string, recipe: Recipe): SmallRun {
  const changed = new Set(recipe.steps.map(({ mesh }) => mesh));
  const inputs = recipe.inputs.map(({ name }) => [name, changed.has(name) ? BOWL : body()]);
  return { name, recipe, inputs: Object.fromEntries(inputs) };
}

/** Keeps what is written, and whether anything was. */
export function outputsInto(written: Map<string, Uint8Array>, inputs: SmallRun["inputs"], recipe: Recipe) {
  const nameOf = new Map(recipe.inputs.map(({ name, file }) => [file, name]));
  return {
    read: (path: string) => Promise.resolve(inputs[nameOf.get(path)!]),
    resolve: (_: string, path: string) => path,
    write: (files: ReadonlyMap<string, Uint8Array>) => {
      for (const [path, bytes] of files) written.set(path, bytes);
      return Promise.resolve(new Map([...files.keys()].map((path) => [path, path])));
    },
  };
}

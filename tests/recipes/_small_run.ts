import type { Step } from "../../recipes/mod.ts";
import { parseRecipe, type Recipe, type RecipeIO } from "../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { icosphere } from "../fitting/_meshes.ts";
import { Builder } from "../io/gltf/_builder.ts";

/** A ball of radius 1 bound to two joints: the lower half to `root`, the upper to `tip`. */
export function ballBody(level = 2): Uint8Array {
  const { positions, indices } = icosphere(level, 1);
  const file = new Builder();
  const vertexCount = positions.length / 3;
  const joints = new Uint8Array(4 * vertexCount), weights = new Float32Array(4 * vertexCount);
  for (let v = 0; v < vertexCount; v++) {
    joints[4 * v] = positions[3 * v + 1] > 0 ? 1 : 0;
    weights[4 * v] = 1;
  }
  const mesh = file.mesh([{
    attributes: {
      POSITION: file.positions(positions),
      JOINTS_0: file.accessor(joints, "VEC4"),
      WEIGHTS_0: file.accessor(weights, "VEC4"),
    },
    indices: file.accessor(indices, "SCALAR"),
  }]);
  const tip = file.node({ name: "tip" }, false);
  const root = file.node({ name: "root", children: [tip] });
  file.json.skins = [{ joints: [root, tip] }];
  file.node({ mesh, skin: 0 });
  return file.glb();
}

/** A cap that covers the top of the ball, `radius` wide: below 1 it is inside. */
export function cap(radius: number, level = 2): Uint8Array {
  const { positions, indices } = icosphere(level, radius);
  const kept = [...indices].filter((_, c) => {
    const f = c - c % 3;
    return [0, 1, 2].every((k) => positions[3 * indices[f + k] + 1] > 0.2);
  });
  const file = new Builder();
  file.node({
    mesh: file.mesh([{
      attributes: { POSITION: file.positions(positions) },
      indices: file.accessor(Uint16Array.from(kept), "SCALAR"),
    }]),
  });
  return file.glb();
}

/** Every step once, in the order people write them. */
export const ALL_STEPS = `version: 1
name: all-steps
inputs: { body: body.glb, garment: garment.glb }
steps:
  - align: { mesh: garment, to: body, place: keep }
  - fit: { mesh: garment, to: body, clearance: 10mm }
  - smooth: { mesh: garment, iterations: 1 }
  - recompute-normals: { mesh: garment }
  - transfer-weights: { mesh: garment, from: body }
  - expect: { mesh: garment, against: body, penetration: { max: 20mm } }
outputs: { fitted: { mesh: garment, file: out/fitted.glb } }
`;

/** Parses a recipe that must be right. */
export async function recipeOf(text: string, extra: readonly Step[] = []): Promise<Recipe> {
  const { recipe, issues } = await parseRecipe(text, { path: "test.yaml", steps: [...BUILT_IN_STEPS, ...extra] });
  if (recipe === undefined) throw new TypeError(issues.map(({ message }) => message).join("; "));
  return recipe;
}

/** Inputs for recipes over `body` and `garment`. */
export function inputs(radius = 0.98): Record<string, Uint8Array> {
  return { body: ballBody(), garment: cap(radius) };
}

/** Files in a map; what was written is in `written`. */
export function memoryIO(files: Readonly<Record<string, Uint8Array>>): RecipeIO & { written: Map<string, Uint8Array> } {
  const written = new Map<string, Uint8Array>();
  return {
    written,
    read: (path) =>
      files[path] === undefined ? Promise.reject(new TypeError(`no ${path}`)) : Promise.resolve(files[path]),
    resolve: (_, path) => path,
    write: (outputs) => {
      for (const [path, bytes] of outputs) written.set(path, bytes);
      return Promise.resolve(new Map([...outputs.keys()].map((path) => [path, path])));
    },
  };
}

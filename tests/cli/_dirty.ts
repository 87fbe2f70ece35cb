import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { DATA, type DirtyCase } from "../io/gltf/_data.ts";
import { assertValid, readAll, reopen } from "../io/gltf/_reading.ts";
import { filesIn } from "./_process.ts";

/** How a run ended. */
interface Ended {
  readonly code: number;
  readonly faults: string;
}

/** The whole pipeline on a file, onto body A. */
export async function prepare(folder: string, { garment }: DirtyCase): Promise<string[]> {
  const at = (path: string) => new URL(path, DATA).pathname;
  await Deno.writeTextFile(
    `${folder}/recipe.yaml`,
    `version: 1
inputs: { body: ${at("bodies/A.glb")}, garment: ${at(garment)} }
steps:
  - align: { mesh: garment, to: body }
  - fit: { mesh: garment, to: body }
  - recompute-normals: { mesh: garment }
  - transfer-weights: { mesh: garment, from: body }
outputs: { fitted: { mesh: garment, file: out/fitted.glb } }
`,
  );
  return [`${folder}/recipe.yaml`, "--out", folder, "--quiet"];
}

/** A file is processed whole or refused in one sentence, as the samples say. */
export async function assertEnd(
  folder: string,
  { garment, expect }: DirtyCase,
  { code, faults }: Ended,
): Promise<void> {
  assertNotMatch(faults, /\n\s+at |not expected/);
  if (code === 3) {
    assert(expect !== "process", faults);
    const sentences = faults.split("\n").filter((line) => line.includes("error"));
    assertEquals(sentences.length, 1, faults);
    assertMatch(sentences[0], new RegExp(`Cannot read ".*${garment}"`));
    assertEquals(await filesIn(folder), ["recipe.yaml"]);
    return;
  }
  assertEquals(code, 0, faults);
  assert(expect !== "reject-with-message", "was processed");
  const bytes = await Deno.readFile(`${folder}/out/fitted.glb`);
  await assertValid(bytes, ["NODE_SKINNED_MESH_LOCAL_TRANSFORMS"]);
  const { positions, skinWeights, header } = readAll(await reopen(bytes));
  assert(positions.every(Number.isFinite) && skinWeights.every(Number.isFinite));
  assertEquals(header.jointCount, 53);
}

import { assert, assertEquals } from "@std/assert";
import { envNumber } from "../io/_env_number.ts";
import { assertValid } from "../io/gltf/_reading.ts";
import { ballBody, cap } from "../recipes/_small_run.ts";
import { filesIn, inFolder, meshtailor, startMeshtailor } from "./_process.ts";

/** How often a run is killed; `MESHTAILOR_KILLS=200` for more. */
const KILLS = await envNumber("MESHTAILOR_KILLS", 10);

const RECIPE = `version: 1
inputs: { body: body.glb, garment: garment.glb }
params: { gap: { type: length, default: 1mm, doc: Air } }
steps:
  - fit: { mesh: garment, to: body, method: shrinkwrap, iterations: 4, clearance: $gap }
  - transfer-weights: { mesh: garment, from: body }
outputs: { a: { mesh: garment, file: out/a.glb }, b: { mesh: garment, file: out/b.glb } }
`;

Deno.test(`a run that is killed ${KILLS} times leaves the old files or the new, and the next one cleans up`, async () => {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/body.glb`, ballBody());
    await Deno.writeFile(`${folder}/garment.glb`, cap(0.98, 3));
    await Deno.writeTextFile(`${folder}/recipe.yaml`, RECIPE);
    const run = (gap: string) => [`${folder}/recipe.yaml`, "--out", folder, "--quiet", "--set", `gap=${gap}`];
    const started = performance.now();
    assertEquals(await meshtailor(run("1mm")), { code: 0, stdout: "", stderr: "" });
    const wholeMs = performance.now() - started, contents = [await read(folder, "a"), await read(folder, "b")];
    assertEquals((await meshtailor(run("5mm"))).code, 0);
    const known = new Set([...contents, await read(folder, "a"), await read(folder, "b")]);
    for (let n = 0; n < KILLS; n++) {
      const child = startMeshtailor(run(n % 2 === 0 ? "1mm" : "5mm"));
      // Spread over the run, thickest where files are written: at its end.
      await new Promise((resolve) => setTimeout(resolve, wholeMs * (n % 3 === 0 ? n / KILLS : 0.8 + 0.3 * n / KILLS)));
      try {
        child.kill("SIGKILL");
      } catch { /* it had ended */ }
      await child.status;
      for (const name of ["a", "b"]) {
        assert(known.has(await read(folder, name)), `${name}.glb is broken after kill ${n}`);
      }
    }
    assertEquals((await meshtailor(run("5mm"))).code, 0);
    assertEquals(await filesIn(`${folder}/out`), ["a.glb", "b.glb"]);
    await assertValid(await Deno.readFile(`${folder}/out/a.glb`));
  });
});

/** The content of an output, as text that can be compared. */
async function read(folder: string, name: string): Promise<string> {
  return new TextDecoder("latin1").decode(await Deno.readFile(`${folder}/out/${name}.glb`));
}

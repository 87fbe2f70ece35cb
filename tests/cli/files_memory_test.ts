import { assert, assertEquals } from "@std/assert";
import { canMeasure, runMeasured } from "./_measured_process.ts";
import { inFolder } from "./_process.ts";
import { NORMALS_RECIPE, sheet } from "./_sheet.ts";

/** The most memory outside the pool, in sizes of the file. */
const MOST_FILES = 4;

/** What a run of `recompute-normals` on a sheet held outside the pool at the most, and the size of the file. */
async function measure(folder: string, n: number): Promise<{ outsideBytes: number; fileBytes: number }> {
  const bytes = sheet(n);
  await Deno.writeFile(`${folder}/sheet.glb`, bytes);
  await Deno.writeTextFile(`${folder}/r.yaml`, NORMALS_RECIPE);
  const { code, stdout, faults, peakBytes } = await runMeasured([`${folder}/r.yaml`, "--out", folder, "--json"]);
  assertEquals(code, 0, faults);
  return { outsideBytes: peakBytes - JSON.parse(stdout).peakBytes, fileBytes: bytes.length };
}

Deno.test({
  name: `a run of 360,000 vertices holds at most ${MOST_FILES} files' worth of memory outside the pool`,
  ignore: !canMeasure,
  fn: async () => {
    await inFolder(async (folder) => {
      const small = await measure(folder, 20), large = await measure(folder, 600);
      const files = (large.outsideBytes - small.outsideBytes) / large.fileBytes;
      assert(files <= MOST_FILES, `it holds ${files.toFixed(2)} files of ${large.fileBytes} bytes`);
    });
  },
});

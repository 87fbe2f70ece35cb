import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { similarFile } from "../../cli/similar_file.ts";
import { VERSION } from "../../version.ts";
import { assertValid } from "../io/gltf/_reading.ts";
import { ballBody, cap } from "../recipes/_small_run.ts";
import { run } from "./_in_process.ts";
import { type Ended, filesIn, inFolder, meshtailor } from "./_process.ts";

const LIBRARY = new URL("../../recipes/library/", import.meta.url).pathname;

const RECIPE = `version: 1
inputs: { body: body.glb, garment: garment.glb }
steps:
  - fit: { mesh: garment, to: body, clearance: 10mm }
  - transfer-weights: { mesh: garment, from: body }
outputs: { fitted: { mesh: garment, file: out/fitted.glb } }
`;

/** Writes the small recipe and its inputs. */
async function prepare(folder: string, recipe = RECIPE): Promise<string> {
  await Deno.writeFile(`${folder}/body.glb`, ballBody());
  await Deno.writeFile(`${folder}/garment.glb`, cap(0.98));
  await Deno.writeTextFile(`${folder}/recipe.yaml`, recipe);
  return `${folder}/recipe.yaml`;
}

/** Runs the command line in this process, on files of the disk. */
async function onDisk(...args: string[]): Promise<Ended> {
  const { fileIO } = await import("../../cli/file_io.ts");
  return await run(args, {}, { files: fileIO, similarFile });
}

/** One fault, said without a trace of our own code. */
function assertFault({ code, stdout, stderr }: Ended, expected: number, sentence: string): void {
  assertStringIncludes(stderr, sentence);
  assertEquals([code, stdout], [expected, ""]);
  assertNotMatch(stderr, /\n\s+at |\.ts:\d+:\d+\)/);
}

Deno.test("cli fits the cuirass of the library and prints what it did", async () => {
  await inFolder(async (folder) => {
    const { code, stdout, stderr } = await meshtailor([`${LIBRARY}cuirass.yaml`, "--out", folder]);
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /align armor .* m, y up, place kept\n/); // made on a slim body of the same place: the fit widens it
    assertMatch(
      stdout,
      /fit armor +[\d.]+ m?s +[\d.]+ MiB +moved [\d.]+ mm .*inside [\d.]+ % → 0 %, stretch [\d.]+–[\d.]+/,
    );
    assertMatch(
      stdout,
      /pool +peak ([\d.]+ MiB) leased \(planned \1\), hit rate \d+ %, 0 buffers in use, simd kernels/,
    );
    assertStringIncludes(stdout, `wrote  ${folder}/out/cuirass.glb`);
    assertEquals(await filesIn(folder), ["out/cuirass.glb"]);
    await assertValid(await Deno.readFile(`${folder}/out/cuirass.glb`));
  });
});

Deno.test("cli --json prints the report and nothing else; --quiet prints nothing", async () => {
  await inFolder(async (folder) => {
    const recipe = await prepare(folder);
    const { stdout } = await meshtailor([recipe, "--out", folder, "--json"]);
    const report = JSON.parse(stdout);
    assertEquals([report.inUseBytes, report.peakBytes], [0, report.plannedPeakBytes]);
    const { code, ...said } = await onDisk(recipe, "--out", folder, "--quiet");
    assertEquals([code, said.stdout, said.stderr], [0, "", ""]);
  });
});

Deno.test("cli runs with the least permissions the help names", async () => {
  await inFolder(async (folder) => {
    const recipe = await prepare(folder);
    const { code } = await meshtailor([recipe, "--out", folder, "-q"], [`-R=${folder}`, `-W=${folder}`]);
    assertEquals(code, 0);
  });
});

Deno.test("cli check, plan and --dry-run read only, and leave nothing behind", async () => {
  await inFolder(async (folder) => {
    const recipe = await prepare(folder), before = await filesIn(folder);
    for (const args of [["check", recipe], ["plan", recipe], [recipe, "--dry-run", "--out", folder]]) {
      const { code, stderr } = await meshtailor(args, [`-R=${folder}`]);
      assertEquals([args, code, stderr], [args, 0, ""]);
    }
    assertEquals(await filesIn(folder), before);
  });
});

Deno.test("cli points at what is wrong with a recipe and with its inputs, all at once, and writes nothing", async () => {
  await inFolder(async (folder) => {
    const recipe = await prepare(
      folder,
      RECIPE.replace("clearance", "clearence").replace("transfer-weights", "transfer-weight"),
    );
    const ended = await meshtailor([recipe, "--out", folder]);
    assertFault(
      ended,
      2,
      `recipe.yaml:4:37: error[unknown-option]: "clearence" is not an option of "fit": did you mean "clearance"?`,
    );
    assertStringIncludes(ended.stderr, `recipe.yaml:5:5: error[unknown-step]`);
    assertStringIncludes(ended.stderr, `did you mean "transfer-weights"?`);
    assertStringIncludes(ended.stderr, "2 faults in");
    await prepare(folder, RECIPE.replace("garment.glb", "garmet.glb"));
    const missing = await onDisk(recipe, "--out", folder);
    assertFault(missing, 3, `recipe.yaml:2:36: error[input-file]: Cannot read "${folder}/garmet.glb" as there is no`);
    assertFault(missing, 3, `= help: Did you mean "garment.glb"?`);
    assertEquals(await filesIn(folder), ["body.glb", "garment.glb", "recipe.yaml"]);
  });
});

Deno.test("cli names a recipe that is not there, and the one that is", async () => {
  await inFolder(async (folder) => {
    await prepare(folder);
    const missing = `Cannot read the recipe "${folder}/recpie.yaml" as there is no such file`;
    assertFault(await onDisk(`${folder}/recpie.yaml`), 2, `${missing}: did you mean "${folder}/recipe.yaml"?`);
    assertFault(await onDisk(`${folder}/nowhere/a.yaml`), 2, `"${folder}/nowhere/a.yaml" as there is no such file`);
  });
});

Deno.test("cli runs a recipe that is called like a verb as ./check", async () => {
  await inFolder(async (folder) => {
    await Deno.rename(await prepare(folder), `${folder}/check`);
    assertEquals(await meshtailor(["./check", "-q"], ["-RW"], folder), { code: 0, stdout: "", stderr: "" });
  });
});

Deno.test("cli says which permission is missing", async () => {
  await inFolder(async (folder) => {
    const recipe = await prepare(folder);
    assertFault(await meshtailor([recipe], []), 2, "run again with --allow-read");
    assertFault(await meshtailor([recipe, "--out", folder], ["-R"]), 2, "run again with --allow-write");
  });
});

Deno.test("cli reads MESHTAILOR_DEBUG where it may, and asks nobody where it may not", async () => {
  await inFolder(async (folder) => {
    const recipe = await prepare(folder);
    const reuses = async (flags: string[]) => {
      const env = { MESHTAILOR_DEBUG: "memory" };
      const { stdout, stderr } = await meshtailor([recipe, "--dry-run", "--json"], ["-R", ...flags], ".", env);
      assertEquals(stderr, "");
      return JSON.parse(stdout).pool.reuses;
    };
    assertEquals(await reuses(["--allow-env=MESHTAILOR_DEBUG"]) < await reuses([]), true);
  });
});

Deno.test("cli says why an output cannot be written, before any work", async () => {
  await inFolder(async (folder) => {
    const recipe = await prepare(folder);
    await Deno.writeTextFile(`${folder}/file`, "");
    assertFault(await onDisk(recipe, "--out", `${folder}/file`), 2, `as "${folder}/file" is a file, not a folder`);
    await Deno.mkdir(`${folder}/out`);
    await Deno.writeTextFile(`${folder}/out/fitted.glb`, "mine");
    assertFault(await onDisk(recipe, "--out", folder), 2, "a file that Meshtailor did not write is there");
    assertEquals(await Deno.readTextFile(`${folder}/out/fitted.glb`), "mine");
    assertEquals((await onDisk(recipe, "--out", folder, "--force", "-q")).code, 0);
    assertEquals((await onDisk(recipe, "--out", folder, "-q")).code, 0); // it is ours now
  });
});

Deno.test({
  name: "cli --root lets links lead outputs to another folder",
  ignore: Deno.build.os === "windows", // links ask for rights there
  fn: () =>
    inFolder(async (folder) => {
      const recipe = await prepare(folder);
      await Deno.mkdir(`${folder}/build`);
      await Deno.mkdir(`${folder}/shared`);
      await Deno.symlink(`${folder}/shared`, `${folder}/build/out`);
      const args = [recipe, "--out", `${folder}/build`];
      assertFault(await onDisk(...args), 2, `as it leads out of "${folder}/build" through a link`);
      assertEquals((await onDisk(...args, "--root", `${folder}/shared`, "-q")).code, 0);
      assertEquals(await filesIn(`${folder}/shared`), ["fitted.glb"]);
    }),
});

Deno.test("cli sets parameters, and refuses ones the recipe does not have", async () => {
  await inFolder(async (folder) => {
    const withParam = RECIPE.replace(
      "inputs",
      "params: { gap: { type: length, default: 10mm, max: 50mm, doc: Air } }\ninputs",
    ).replace("10mm }\n  - t", "$gap }\n  - t");
    const recipe = await prepare(folder, withParam);
    assertEquals((await onDisk(recipe, "--out", folder, "--set", "gap=20mm", "-q")).code, 0);
    assertFault(await onDisk(recipe, "--out", folder, "--set", "gapp=20mm"), 2, `did you mean "gap"?`);
    assertFault(await onDisk(recipe, "--out", folder, "--set", "gap=2km"), 2, "--set gap=2km: error[unknown-unit]");
    assertFault(await onDisk(recipe, "--out", folder, "--set", "gap"), 2, "write --set clearance=8mm");
  });
});

Deno.test("cli ends with 4 when a gate is not met, points at it and writes nothing", async () => {
  await inFolder(async (folder) => {
    const gate = "  - expect: { mesh: garment, against: body, stretch: { p99: 0.5 } }\n";
    const recipe = await prepare(folder, RECIPE.replace("  - transfer", `${gate}  - transfer`));
    assertFault(
      await meshtailor([recipe, "--out", folder]),
      4,
      "recipe.yaml:5:5: error[gate]: Expected stretch p99 of at most 0.50: it is 1.0",
    );
    assertEquals(await filesIn(folder), ["body.glb", "garment.glb", "recipe.yaml"]);
  });
});

Deno.test("cli --version and verbs that need no file ask for no permission", async () => {
  assertEquals(await meshtailor(["--version"], []), { code: 0, stdout: `meshtailor ${VERSION}\n`, stderr: "" });
  for (const args of [["--help"], ["steps", "fit"], ["new", "fit"]]) {
    const { code, stderr } = await meshtailor(args, []);
    assertEquals([args, code, stderr], [args, 0, ""]);
  }
});

Deno.test("cli answers an unknown flag with the one that was meant", async () => {
  assertFault(await meshtailor(["a.yaml", "--quite"], []), 2, "did you mean --quiet?");
});

import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { main } from "../../cli.ts";
import { fileIO } from "../../cli/file_io.ts";
import { envNumber } from "../io/_env_number.ts";
import { DATA, type DirtyCase, dirtyCases } from "../io/gltf/_data.ts";
import { assertValid, readAll, reopen } from "../io/gltf/_reading.ts";
import { succeeds } from "./_files.ts";
import { filesIn, inFolder } from "./_process.ts";

/** How many of the files are also run as processes; `MESHTAILOR_DIRTY=56` for all. */
const PROCESSES = await envNumber("MESHTAILOR_DIRTY", 6);

/** What one file may cost a process. */
const MOST_MEBIBYTES = 300, LONGEST_MS = 10_000;

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const canMeasure = Deno.build.os === "linux" && await succeeds("/usr/bin/time", "-v", "true");

/** How a run ended. */
interface Ended {
  readonly code: number;
  readonly faults: string;
}

/** The whole pipeline on a file, onto body A. */
async function prepare(folder: string, { garment }: DirtyCase): Promise<string[]> {
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
async function assertEnd(folder: string, { garment, expect }: DirtyCase, { code, faults }: Ended): Promise<void> {
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

for (const dirty of dirtyCases) {
  Deno.test(`cli on ${dirty.garment}: ${dirty.expect}`, () =>
    inFolder(async (folder) => {
      const faults: string[] = [];
      const io = { print: () => {}, fault: (line: string) => faults.push(line), files: fileIO };
      const code = await main(await prepare(folder, dirty), io);
      await assertEnd(folder, dirty, { code, faults: faults.join("\n") });
    }));
}

const measured = dirtyCases.filter((_, i) => i % Math.ceil(dirtyCases.length / PROCESSES) === 0);
for (const dirty of measured) {
  Deno.test({
    name: `cli as a process on ${dirty.garment}: at most ${MOST_MEBIBYTES} MiB and ${LONGEST_MS / 1000} s`,
    ignore: !canMeasure,
    fn: () =>
      inFolder(async (folder) => {
        const started = performance.now(), args = await prepare(folder, dirty);
        const { code, stderr } = await new Deno.Command("/usr/bin/time", {
          args: ["-v", Deno.execPath(), "run", "--no-prompt", "-RW", CLI, ...args],
          env: { NO_COLOR: "1" },
          stdin: "null",
        }).output();
        const said = new TextDecoder().decode(stderr), elapsedMs = performance.now() - started;
        const [faults] = said.split("\tCommand being timed"),
          mebibytes = Number(/Maximum resident.*: (\d+)/.exec(said)![1]) / 1024;
        await assertEnd(folder, dirty, {
          code,
          faults: faults.replace(/Command exited with non-zero status \d+\n/, ""),
        });
        assert(mebibytes <= MOST_MEBIBYTES, `held ${mebibytes} MiB`);
        assert(elapsedMs <= LONGEST_MS, `took ${elapsedMs} ms`);
      }),
  });
}

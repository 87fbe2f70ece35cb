import { assert } from "@std/assert";
import { main } from "../../cli.ts";
import { fileIO } from "../../cli/file_io.ts";
import { envNumber } from "../io/_env_number.ts";
import { dirtyCases } from "../io/gltf/_data.ts";
import { assertEnd, prepare } from "./_dirty.ts";
import { canMeasure, runMeasured } from "./_measured_process.ts";
import { inFolder } from "./_process.ts";

/** How many of the files are also run as processes; `MESHTAILOR_DIRTY=56` for all. */
const PROCESSES = await envNumber("MESHTAILOR_DIRTY", 6);

/** What one file may cost a process. */
const MOST_MEBIBYTES = 300, LONGEST_S = 10;

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
    name: `cli as a process on ${dirty.garment}: at most ${MOST_MEBIBYTES} MiB and ${LONGEST_S} s of a processor`,
    ignore: !canMeasure,
    fn: () =>
      inFolder(async (folder) => {
        const { code, faults, peakBytes, processorSeconds } = await runMeasured(await prepare(folder, dirty));
        await assertEnd(folder, dirty, { code, faults });
        const mebibytes = peakBytes / 2 ** 20;
        assert(mebibytes <= MOST_MEBIBYTES, `held ${mebibytes} MiB`);
        assert(processorSeconds <= LONGEST_S, `took ${processorSeconds} s of a processor`);
      }),
  });
}

// deno-lint-ignore-file no-console -- a report for a person
/**
 * `deno task files [dirty] [growth]`: runs the command line on files from the
 * wild, each in a process of its own, and prints what came of it as Markdown.
 *
 * - `dirty`: the broken and unusual samples beside the checkout, whole pipeline:
 *   exit code, peak memory, time and what was said; held against what is expected.
 * - `growth`: `recompute-normals` on sheets of 10,000 to 1,000,000 vertices: time
 *   and memory against the size of the file.
 *
 * Broken files by the thousand and killed runs are tests that take a number:
 * `deno task files:mutants`, `deno task files:kills`.
 *
 * @module
 */
import { assertEnd, prepare } from "../tests/cli/_dirty.ts";
import { canMeasure, type Measured, runMeasured } from "../tests/cli/_measured_process.ts";
import { inFolder } from "../tests/cli/_process.ts";
import { NORMALS_RECIPE, sheet } from "../tests/cli/_sheet.ts";
import { dirtyCases } from "../tests/io/gltf/_data.ts";

const MIB = 2 ** 20;

async function dirty(): Promise<boolean> {
  if (dirtyCases.length === 0) console.log("There are no samples beside the checkout.");
  console.log("| file | expected | exit | MiB | s | said |\n|---|---|--:|--:|--:|---|");
  const all: Measured[] = [], surprises: string[] = [];
  for (const one of dirtyCases) {
    await inFolder(async (folder) => {
      const ended = await runMeasured(await prepare(folder, one)), { code, faults, peakBytes, seconds } = ended;
      all.push(ended);
      await assertEnd(folder, one, ended).catch((error) => surprises.push(`${one.garment}: ${error.message}`));
      const said = faults.split("\n").filter((line) => /error|warning/.test(line)).map((line) =>
        line.replaceAll(/"[^"]*\/([^"/]*)"/g, '"$1"').replace(/^[^ ]*: (error)/, "$1").replaceAll("|", "\\|")
      ).join("<br>");
      console.log(
        `| ${one.garment} | ${one.expect} | ${code} | ${(peakBytes / MIB).toFixed(0)} | ${
          seconds.toFixed(1)
        } | ${said} |`,
      );
    });
  }
  const most = (of: (one: Measured) => number) => Math.max(0, ...all.map(of));
  const traces = all.filter(({ faults }) => /\n\s+at /.test(faults)).length;
  console.log(
    `\n${all.length} files, ${surprises.length} other than expected, ${traces} stack traces, at most ${
      (most(({ peakBytes }) => peakBytes) / MIB).toFixed(0)
    } MiB and ${most(({ seconds }) => seconds).toFixed(1)} s.`,
  );
  for (const surprise of surprises) console.log(`- ${surprise}`);
  return surprises.length === 0;
}

async function growth(): Promise<boolean> {
  console.log("| vertices | file MiB | s | peak MiB | leased MiB | rest, in files |\n|--:|--:|--:|--:|--:|--:|");
  const points: { n: number; seconds: number }[] = [];
  let base = 0;
  for (const side of [20, 100, 178, 317, 562, 1000]) {
    await inFolder(async (folder) => {
      const bytes = sheet(side), args = [`${folder}/r.yaml`, "--out", folder, "--json"];
      await Deno.writeFile(`${folder}/sheet.glb`, bytes);
      await Deno.writeTextFile(`${folder}/r.yaml`, NORMALS_RECIPE);
      const runs = [await runMeasured(args), await runMeasured(args), await runMeasured(args)];
      const seconds = Math.min(...runs.map((run) => run.seconds)), [{ peakBytes, stdout }] = runs;
      const leased = JSON.parse(stdout).peakBytes;
      if (side === 20) base = peakBytes - leased;
      points.push({ n: side * side, seconds });
      const [file, peak, lease] = [bytes.length, peakBytes, leased].map((size) => (size / MIB).toFixed(1));
      const rest = ((peakBytes - leased - base) / bytes.length).toFixed(2);
      console.log(`| ${side * side} | ${file} | ${seconds.toFixed(2)} | ${peak} | ${lease} | ${rest} |`);
    });
  }
  const start = points[0].seconds, low = points[1], high = points.at(-1)!;
  const exponent = Math.log((high.seconds - start) / Math.max(0.01, low.seconds - start)) / Math.log(high.n / low.n);
  console.log(
    `\nTime beyond that of the smallest grows as n^${exponent.toFixed(2)} from 10,000 to 1,000,000 vertices.`,
  );
  return true;
}

const PARTS: Readonly<Record<string, () => Promise<boolean>>> = { dirty, growth };
const unknown = Deno.args.find((name) => !Object.hasOwn(PARTS, name));
if (!canMeasure || unknown !== undefined) {
  console.error(
    unknown === undefined ? "This needs /usr/bin/time" : `Parts are ${Object.keys(PARTS).join(", ")}: not "${unknown}"`,
  );
  Deno.exit(2);
}
let isAsExpected = true;
for (const name of Deno.args.length > 0 ? Deno.args : Object.keys(PARTS)) {
  isAsExpected = await PARTS[name]() && isAsExpected;
}
Deno.exit(isAsExpected ? 0 : 1);

// deno-lint-ignore-file no-console -- a report for a person
/**
 * `deno task quality [--judge] [CASE …]`: runs the two recipes every garment has
 * to do with on the samples beside the checkout, as processes of the command
 * line, and prints the table of QUALITY.md as Markdown: ours beside the known
 * answers and Blender. With `--judge` the independent evaluator measures the
 * results too, and where it differs from our own measures is said.
 *
 * @module
 */
import { measureFiles } from "../cli/_measure_files.ts";
import { fileIO } from "../cli/file_io.ts";
import { DATA, type QualityCase, qualityCases, recipeFor } from "./quality/cases.ts";
import { agreements, disagreements, judge } from "./quality/judge.ts";
import { type Measured, qualityTable } from "./quality/table.ts";

const CLI = new URL("../cli.ts", import.meta.url).pathname;
const JUDGE = new URL("../tools/measure_fit.py", DATA), MANIFEST = new URL("manifest.json", DATA);
const FILES = fileIO({ out: ".", force: false });

/** Runs one case and measures what came out; `undefined` when the command failed, which is said. */
async function runCase(one: QualityCase, folder: string): Promise<Measured | undefined> {
  const recipe = `${folder}/${one.id}.yaml`, fitted = `${folder}/${one.id}.glb`;
  await Deno.writeTextFile(recipe, recipeFor(one));
  const args = ["run", "--no-prompt", "--no-check", "-R", "-W", CLI, recipe, "--out", folder, "--quiet"];
  const startedAt = performance.now();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  const seconds = (performance.now() - startedAt) / 1000;
  if (code !== 0) {
    console.error(`${one.id}: exit code ${code}: ${new TextDecoder().decode(stderr).trim()}`);
    return undefined;
  }
  const at = (path: string) => new URL(path, DATA).pathname;
  const input = at(one.garment), against = at(one.target_body), truth = at(one.truth);
  return {
    one,
    ours: await measureFiles({ garment: fitted, against, input, truth }, FILES),
    truth: await measureFiles({ garment: truth, against, input }, FILES),
    seconds,
  };
}

/** What the evaluator says of a result, in a line. */
async function verdictOf({ one, ours }: Measured, folder: string): Promise<string> {
  const report = await judge(JUDGE, MANIFEST, one.id, `${folder}/${one.id}.glb`);
  if (report === undefined) return `${one.id}: no verdict, as Python or the evaluator are not there`;
  const all = agreements(ours, report);
  const differing = disagreements(all).map(({ figure, ours, judge }) => `${figure} ${ours}, judge ${judge}`);
  return `${one.id}: ${all.length} figures, ${differing.length} differ by more than 1 %${
    differing.length === 0 ? "" : `: ${differing.join("; ")}`
  }`;
}

if (import.meta.main) {
  const ids = Deno.args.filter((arg) => !arg.startsWith("--")), cases = await qualityCases(ids);
  if (cases === undefined) {
    console.log(`Nothing to measure, as the samples are not beside the checkout (${DATA.pathname})`);
    Deno.exit(0);
  }
  const folder = await Deno.makeTempDir({ prefix: "meshtailor-quality-" });
  try {
    const rows: Measured[] = [], verdicts: string[] = [];
    for (const one of cases) {
      const row = await runCase(one, folder);
      if (row === undefined) continue;
      rows.push(row);
      if (Deno.args.includes("--judge")) verdicts.push(await verdictOf(row, folder));
    }
    for (const line of [...qualityTable(rows), "", ...verdicts]) console.log(line);
    if (rows.length < cases.length) Deno.exitCode = 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

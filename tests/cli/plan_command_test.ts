import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { PlanReport } from "../../cli/plan_command.ts";
import { planTable } from "../../cli/plan_table.ts";
import { PLAN_SCHEMA } from "../../cli/report_schemas.ts";
import type { RunReport } from "../../recipes/report.ts";
import { changed, FILES, run } from "./_in_process.ts";
import { assertMatches } from "./_schema.ts";

const PLAN = ["plan", "recipe.yaml"];

async function report(...args: string[]): Promise<PlanReport> {
  return JSON.parse((await run([...PLAN, "--json", ...args])).stdout);
}

Deno.test("plan --exact prints what a run measures, operation for operation", async () => {
  const plan = await report("--exact");
  const measured: RunReport = JSON.parse((await run(["recipe.yaml", "--json"])).stdout);
  assertEquals(
    plan.ops.map(({ label, peakBytes }) => [label, peakBytes]),
    measured.ops.map(({ label, peakBytes }) => [label, peakBytes]),
  );
  assertEquals([plan.exact, plan.peakBytes], [true, measured.peakBytes]);
});

Deno.test("plan prints an upper bound from the headers, and both as the schema says", async () => {
  const [bound, exact] = [await report(), await report("--exact", "--max-memory", "1GiB")];
  assertEquals([bound.exact, bound.maxBytes, exact.maxBytes], [false, undefined, 2 ** 30]);
  bound.ops.forEach((op, i) => assert(op.peakBytes >= exact.ops[i].peakBytes, op.label));
  for (const plan of [bound, exact]) assertMatches(plan, PLAN_SCHEMA);
  assertEquals(exact.fileBytes, {
    body: (FILES["body.glb"] as Uint8Array).length,
    garment: (FILES["garment.glb"] as Uint8Array).length,
  });
});

Deno.test("plan shows a bar for every operation and where the peak is", async () => {
  const { code, stdout, stderr } = await run(PLAN);
  assertEquals([code, stderr], [0, ""]);
  for (const label of ["read body", "weld garment", "index body", "fit garment", "write fitted"]) {
    assertMatch(stdout, new RegExp(`  ${label} +[\\d.]+ [KM]iB  [▏▎▍▌▋▊▉█]+\n`));
  }
  assertMatch(stdout, /\n {2}peak +[\d.]+ [KM]iB in (fit|transfer-weights) garment\n/);
  assertMatch(stdout, /\n {2}files +\d+ KiB, and at most \d+ KiB outside the pool/);
});

Deno.test("planTable() draws bars in proportion, and something for a little", () => {
  const op = { kind: "step", mesh: "a", scratchBytes: 0, makesBytes: 0, freesBytes: 0 } as const;
  const lines = planTable({
    recipe: "r",
    exact: true,
    peakBytes: 1000,
    ops: [{ ...op, label: "a", peakBytes: 1000 }, { ...op, label: "b", peakBytes: 500 }, {
      ...op,
      label: "c",
      peakBytes: 1,
    }, {
      ...op,
      label: "d",
      peakBytes: 0,
    }],
    fileBytes: {},
  });
  const bars = lines.slice(3, 7).map((line) => line.split("B  ")[1]);
  assertEquals(bars, ["█".repeat(40), "█".repeat(20), "▏", ""]);
});

Deno.test("plan reads the inputs where the bound is over the budget, and ends with 5 only if the need is", async () => {
  const [bound, exact] = [await report(), await report("--exact")];
  assert(bound.peakBytes - exact.peakBytes > 2048);
  const between = `${Math.ceil(exact.peakBytes / 1024) + 1}KiB`;
  const fits = await run([...PLAN, "--max-memory", between]);
  assertEquals([fits.code, fits.stderr], [0, ""]);
  assertStringIncludes(fits.stdout, "exact: what a run leases");
  const over = await run([...PLAN, "--max-memory", "100KiB"]);
  assertEquals(over.code, 5);
  assertMatch(over.stdout, /budget +100 KiB, exceeded/);
  assertStringIncludes(over.stderr, "error[over-budget]");
});

Deno.test("plan refuses recipes with faults and inputs that are not there as run does", async () => {
  const faulty = await run(PLAN, changed(["to: body", "too: body"]));
  assertEquals([faulty.code, faulty.stdout], [2, ""]);
  assertStringIncludes(faulty.stderr, "1 fault in recipe.yaml: nothing was planned");
  assertEquals((await run(PLAN, changed(["body.glb", "gone.glb"]))).code, 3);
});

import { assert, assertEquals, assertGreater, assertMatch, assertRejects } from "@std/assert";
import { BufferPool } from "../../pool/mod.ts";
import { defineStep, GateError, runRecipe } from "../../recipes/mod.ts";
import type { Work } from "../../fitting/work.ts";
import { failingPool, FAILURE } from "../pool/_failing_pool.ts";
import { icosphere } from "../fitting/_meshes.ts";
import { fileOf } from "./_memory_meshes.ts";
import { everyStep, outputsInto, shippedRuns, type SmallRun } from "./_memory_runs.ts";
import { recipeOf } from "./_small_run.ts";
import { recipeText } from "./_step_arbitrary.ts";

/** Runs until something stops it and says what is left: nothing, of memory and of files. */
async function runAndFail({ recipe, inputs }: SmallRun, pool: BufferPool, options: Parameters<typeof runRecipe>[1]) {
  const written = new Map<string, Uint8Array>();
  const io = outputsInto(written, inputs, recipe);
  const error = await assertRejects(() => runRecipe(recipe, { io, pool, ...options }));
  const { leasedBytes, leasedBuffers, acquisitions, releases } = pool.getStats();
  assertEquals({ leasedBytes, leasedBuffers, written: written.size }, { leasedBytes: 0, leasedBuffers: 0, written: 0 });
  assertEquals(releases, acquisitions);
  pool.clear();
  return error as Error;
}

for (const run of await shippedRuns()) {
  Deno.test(`${run.name}: whichever acquire fails, nothing is left, nothing written, and that failure is told`, async () => {
    using counting = new BufferPool({ idleMs: Infinity });
    await runRecipe(run.recipe, { inputs: run.inputs, pool: counting })
      .catch((error) => assert(error instanceof GateError)); // a gate may find a cap on a ball wanting
    const { acquisitions } = counting.getStats();
    assertGreater(acquisitions, 20);
    for (let n = 1; n <= acquisitions; n++) {
      const error = await runAndFail(run, failingPool(n), {});
      assert(error === FAILURE || error.cause === FAILURE, `acquire ${n}: ${error}`);
      assertEquals((error as { others?: unknown[] }).others ?? [], [], `acquire ${n}`);
    }
  });
}

Deno.test("runRecipe() can be stopped at every border between operations", async () => {
  const run = await everyStep();
  const labels: string[] = [];
  await runRecipe(run.recipe, {
    inputs: run.inputs,
    onProgress: ({ label, iterations }) => iterations === undefined && labels.push(label), // not those inside operations
  });
  for (let border = 0; border < labels.length; border++) {
    const controller = new AbortController();
    const onProgress = ({ op }: { op: number }) => op === border && controller.abort();
    using pool = new BufferPool({ idleMs: Infinity });
    const error = await runAndFail(run, pool, { signal: controller.signal, onProgress });
    assertEquals([labels[border], error.name], [labels[border], "AbortError"]);
  }
});

/** Runs `body` on a clock by which 20 ms pass between any two looks: so every pause of the work lets the event loop turn. */
async function withEagerClock<T>(onLook: () => void, body: () => Promise<T>): Promise<T> {
  const { now } = performance;
  let time = now.call(performance);
  performance.now = () => {
    onLook();
    return time += 20;
  };
  try {
    return await body();
  } finally {
    performance.now = now;
  }
}

Deno.test("runRecipe() can be stopped at the pauses inside operations", async () => {
  const run = await everyStep();
  let looks = 0;
  await withEagerClock(() => looks++, () => runRecipe(run.recipe, { inputs: run.inputs }));
  assertGreater(looks, 200);
  const stops = 30;
  for (let i = 0; i < stops; i++) {
    const at = Math.floor((i + 0.5) * looks / stops);
    const controller = new AbortController();
    let look = 0;
    const error = await withEagerClock(
      () => ++look === at && controller.abort(),
      () => runAndFail(run, new BufferPool({ idleMs: Infinity }), { signal: controller.signal }),
    );
    assertEquals([error.name, looks - look > 0], ["AbortError", true], `stop at look ${at}`);
  }
});

Deno.test("runRecipe() throws the caller's own reason, also one given before the start", async () => {
  const run = await everyStep(), reason = new RangeError("Enough");
  assertEquals(await runAndFail(run, new BufferPool(), { signal: AbortSignal.abort(reason) }), reason);
});

Deno.test("runRecipe() stops while it waits for a file that never comes", async () => {
  const { recipe } = await everyStep();
  const controller = new AbortController();
  const io = { ...outputsInto(new Map(), {}, recipe), read: () => new Promise<Uint8Array>(() => {}) };
  setTimeout(() => controller.abort(), 5);
  const error = await assertRejects(() => runRecipe(recipe, { io, signal: controller.signal }));
  assertEquals((error as Error).name, "AbortError");
});

/** A step that works for ever, in the way `run` does. */
function endless(run: () => Work<Record<string, number>> | Promise<Record<string, number>>) {
  return defineStep({
    name: "wait",
    summary: "Never ends",
    reads: [],
    writes: [],
    consults: {},
    options: {},
    scratchBytes: () => 0,
    run,
    describe: () => "",
  });
}

const WAYS: Record<string, () => Work<Record<string, number>> | Promise<Record<string, number>>> = {
  "a promise that never settles": () => new Promise(() => {}),
  "pauses without end": function* () {
    for (;;) yield;
  },
  // deno-lint-ignore require-yield -- what it returns is the point
  "a promise at the end of its work": function* () {
    return new Promise(() => {}) as unknown as Record<string, number>;
  },
};

for (const [way, run] of Object.entries(WAYS)) {
  for (const limit of ["stepTimeoutMs", "timeoutMs"] as const) {
    Deno.test(`runRecipe() ends ${way} by ${limit}`, async () => {
      const { inputs } = await everyStep();
      const recipe = await recipeOf(recipeText([`wait: { mesh: "garment" }`]), [endless(run)]);
      const what = limit === "timeoutMs" ? 'finish "test"' : "wait garment";
      for (const ms of [25, 250, 2500]) { // on a busy machine, what comes before may take so long
        const error = await runAndFail({ name: "", recipe, inputs }, new BufferPool({ idleMs: Infinity }), {
          [limit]: ms,
        });
        assertEquals(error.name, "TimeoutError");
        if (ms < 2500 && !error.message.includes(what)) continue;
        assertEquals(error.message, `Cannot ${what} in time: the limit is ${ms} ms`);
        return;
      }
    });
  }
}

Deno.test("runRecipe() ends a built-in step by stepTimeoutMs, and lets the others take all of theirs", async () => {
  const recipe = await recipeOf(recipeText([`smooth: { mesh: "garment", iterations: 10000 }`]));
  const { inputs } = await everyStep(), large = { ...inputs, garment: fileOf(icosphere(4)) };
  const pool = new BufferPool({ idleMs: Infinity });
  const error = await runAndFail({ recipe, inputs: large, name: "" }, pool, { stepTimeoutMs: 40 });
  assertMatch(error.message, /^Cannot \w+ garment in time: the limit is 40 ms$/);
  await runRecipe(recipe, { inputs, stepTimeoutMs: 20_000 });
});

Deno.test("runRecipe() closes what a stopped step has open", async () => {
  let isOver = false;
  const step = endless(function* () {
    try {
      for (;;) yield;
    } finally {
      isOver = true;
    }
  });
  const { inputs } = await everyStep();
  const recipe = await recipeOf(recipeText([`wait: { mesh: "garment" }`]), [step]);
  await runAndFail({ name: "", recipe, inputs }, new BufferPool({ idleMs: Infinity }), { stepTimeoutMs: 300 });
  assertEquals(isOver, true);
});

for (const key of ["timeoutMs", "stepTimeoutMs"] as const) {
  Deno.test(`runRecipe() refuses a ${key} that is no time`, async () => {
    const { recipe, inputs } = await everyStep();
    const message = `Cannot run a recipe as "${key}" must be >= 0: current value is NaN`;
    await assertRejects(() => runRecipe(recipe, { inputs, [key]: NaN }), RangeError, message);
  });
}

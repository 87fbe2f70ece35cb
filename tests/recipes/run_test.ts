import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findMesh, openGltf, readSkeleton } from "../../io/mod.ts";
import { BufferPool } from "../../pool/mod.ts";
import {
  defineStep,
  GateError,
  PlanBudgetError,
  PlanError,
  type RunProgress,
  runRecipe,
  StepError,
} from "../../recipes/mod.ts";
import { failingPool, FAILURE } from "../pool/_failing_pool.ts";
import { square } from "../io/gltf/_builder.ts";
import { readAll } from "../io/gltf/_reading.ts";
import { ALL_STEPS, ballBody, cap, inputs, memoryIO, recipeOf } from "./_small_run.ts";

const files = { "body.glb": ballBody(), "garment.glb": cap(0.98) };

Deno.test("runRecipe() fits, weights and writes; every byte is back and the plan was exact", async () => {
  const io = memoryIO(files);
  using pool = new BufferPool({ idleMs: Infinity });
  const { report } = await runRecipe(await recipeOf(ALL_STEPS), { io, pool });
  assertEquals([report.inUseBytes, pool.getStats().leasedBytes, pool.getStats().leasedBuffers], [0, 0, 0]);
  for (const op of report.ops) assertEquals([op.label, op.peakBytes], [op.label, op.plannedBytes]);
  assertEquals(report.peakBytes, report.plannedPeakBytes);
  const fit = report.ops.find(({ label }) => label === "fit garment")!.measures;
  assertEquals([fit.insideBefore, fit.insideAfter], [1, 0]);
  const document = await openGltf(io.written.get("out/fitted.glb")!, { path: "fitted.glb" });
  const header = findMesh(document);
  assertEquals([header.influencesPerVertex, header.hasNormals], [4, true]);
  assertEquals([...readSkeleton(document, header)!.jointNames], ["root", "tip"]);
});

Deno.test("runRecipe() gives the same bytes every time: twenty runs have one hash", async () => {
  const recipe = await recipeOf(ALL_STEPS);
  const hashes = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const { outputs } = await runRecipe(recipe, { inputs: inputs() });
    const digest = await crypto.subtle.digest("SHA-256", outputs.get("fitted") as Uint8Array<ArrayBuffer>);
    hashes.add(new Uint8Array(digest).toHex());
  }
  assertEquals(hashes.size, 1);
});

Deno.test("runRecipe() gives the same bytes without SIMD, plans as many, and names the path it took", async () => {
  const recipe = await recipeOf(ALL_STEPS);
  using pool = new BufferPool({ wasm: false, idleMs: Infinity });
  const simd = await runRecipe(recipe, { inputs: inputs() });
  const scalar = await runRecipe(recipe, { inputs: inputs(), pool });
  assertEquals([simd.report.kernels, scalar.report.kernels], ["simd", "scalar"]);
  assertEquals(scalar.outputs.get("fitted"), simd.outputs.get("fitted"));
  assertEquals(scalar.report.peakBytes, simd.report.peakBytes);
});

Deno.test("runRecipe() makes no new memory when it runs again on the same pool", async () => {
  const recipe = await recipeOf(ALL_STEPS);
  using pool = new BufferPool({ idleMs: Infinity });
  await runRecipe(recipe, { inputs: inputs(), pool });
  pool.resetStats();
  await runRecipe(recipe, { inputs: inputs(), pool });
  assertEquals([pool.getStats().allocatedBytes, pool.getStats().hitRate], [0, 1]);
});

Deno.test("runRecipe() leaves nothing on lease and writes nothing, whichever acquire fails", async () => {
  const recipe = await recipeOf(ALL_STEPS);
  using counting = new BufferPool({ idleMs: Infinity });
  await runRecipe(recipe, { inputs: inputs(), pool: counting });
  const { acquisitions } = counting.getStats();
  for (let n = 1; n <= acquisitions; n++) {
    const io = memoryIO(files), pool = failingPool(n);
    const error = await assertRejects(() => runRecipe(recipe, { io, pool }));
    assert(error === FAILURE || (error as Error).cause === FAILURE, `acquire ${n}: ${error}`);
    assertEquals([n, pool.getStats().leasedBytes, io.written.size], [n, 0, 0]);
    pool.clear();
  }
});

Deno.test("runRecipe() leaves nothing on lease and writes nothing when it is aborted at any border", async () => {
  const recipe = await recipeOf(ALL_STEPS);
  const { report } = await runRecipe(recipe, { inputs: inputs() });
  for (let border = 0; border < report.ops.length; border++) {
    const controller = new AbortController(), io = memoryIO(files);
    using pool = new BufferPool({ idleMs: Infinity });
    const onProgress = ({ op }: { op: number }) => op === border && controller.abort();
    const error = await assertRejects(() => runRecipe(recipe, { io, pool, signal: controller.signal, onProgress }));
    assertEquals([(error as Error).name, pool.getStats().leasedBytes, io.written.size], ["AbortError", 0, 0]);
  }
});

Deno.test("runRecipe() stops a step that never settles when its time is up", async () => {
  const stuck = defineStep({ ...PLAIN, name: "stick", run: () => new Promise(() => {}) });
  const recipe = await recipeOf(
    ALL_STEPS.replace("- smooth: { mesh: garment, iterations: 1 }", "- stick: { mesh: garment }"),
    [stuck],
  );
  using pool = new BufferPool({ idleMs: Infinity });
  const error = await assertRejects(() => runRecipe(recipe, { inputs: inputs(), pool, timeoutMs: 20 }));
  assertEquals([(error as Error).name, pool.getStats().leasedBytes], ["TimeoutError", 0]);
});

Deno.test("runRecipe() names the step that threw, whatever it threw", async () => {
  for (const thrown of [new RangeError("Out of luck"), "Out of luck"]) {
    const broken = defineStep({
      ...PLAIN,
      name: "break",
      scratchBytes: () => 4000,
      run: ({ scratch }) => {
        scratch.frame().f32(1000);
        throw thrown;
      },
    });
    const recipe = await recipeOf(
      ALL_STEPS.replace("- smooth: { mesh: garment, iterations: 1 }", "- break: { mesh: garment }"),
      [broken],
    );
    using pool = new BufferPool({ idleMs: Infinity });
    const io = memoryIO(files);
    const error = await assertRejects(
      () => runRecipe(recipe, { io, pool }),
      StepError,
      "Cannot break garment: Out of luck",
    );
    assertEquals([error.path, error.cause, pool.getStats().leasedBytes, io.written.size], [["steps", 2], thrown, 0, 0]);
  }
});

Deno.test("runRecipe() writes nothing when a gate is not met, and says what it found", async () => {
  const recipe = await recipeOf(ALL_STEPS.replace("penetration: { max: 20mm }", "stretch: { p99: 0.5 }"));
  const io = memoryIO(files);
  const error = await assertRejects(() => runRecipe(recipe, { io }), GateError);
  assertStringIncludes(error.message, "Expected stretch p99 of at most 0.50: it is 1.0");
  assertEquals([error.failures[0].path, io.written.size], [["steps", 5], 0]);
});

Deno.test("runRecipe() refuses a budget below the plan before the first step, and names one that would do", async () => {
  const recipe = await recipeOf(ALL_STEPS);
  const { report } = await runRecipe(recipe, { inputs: inputs() });
  const ran: string[] = [];
  const run = (maxBytes: number) =>
    runRecipe(recipe, { inputs: inputs(), maxBytes, onProgress: ({ label }) => ran.push(label) });
  const error = await assertRejects(
    () => run(report.plannedPeakBytes - 1),
    PlanBudgetError,
    "the smallest budget for this recipe is",
  );
  assertEquals([error.smallestBytes, ran.includes("align garment")], [report.plannedPeakBytes, false]);
  await run(report.plannedPeakBytes);
});

Deno.test("runRecipe() says what a step needs that its input does not have", async () => {
  const recipe = await recipeOf(`version: 1
inputs: { body: garment.glb, garment: garment.glb }
steps: [{ transfer-weights: { mesh: garment, from: body } }]
outputs: { fitted: { mesh: garment, file: a.glb } }
`);
  await assertRejects(
    () => runRecipe(recipe, { io: memoryIO(files) }),
    PlanError,
    `"transfer-weights" needs the skin weights of "body", which its file does not have`,
  );
});

Deno.test("runRecipe() writes garment, body and skeleton into one file, on one skin, and plans it to the byte", async () => {
  const text = ALL_STEPS.replace("out/fitted.glb }", "out/fitted.glb, with: [body] }");
  const recipe = await recipeOf(text);
  const { report, outputs } = await runRecipe(recipe, { inputs: inputs() });
  const { json } = await openGltf(outputs.get("fitted")!, { path: "dressed.glb" });
  assertEquals([json.skins!.length, json.nodes!.map(({ skin }) => skin)], [1, [undefined, undefined, 0, 0]]);
  assertEquals(report.ops.map(({ peakBytes }) => peakBytes), report.ops.map(({ plannedBytes }) => plannedBytes));
  assertEquals(report.ops.at(-1)!.warnings, []);
});

Deno.test("runRecipe() leaves the body's file as it is also when the garment is bound to nothing new", async () => {
  const text = (garment: string) =>
    `version: 1
inputs: { body: body.glb, garment: ${garment} }
steps: [smooth: { mesh: garment, iterations: 1 }]
outputs: { all: { mesh: garment, file: all.glb, with: [body] } }
`;
  const body = ballBody(), before = await openGltf(body, { path: "body.glb" });
  for (const garment of [cap(1.01), ballBody(1)]) { // without a skin, and with one of the same rig
    const { outputs } = await runRecipe(await recipeOf(text("garment.glb")), { inputs: { body, garment } });
    const { json } = await openGltf(outputs.get("all")!, { path: "all.glb" });
    assertEquals(json.nodes!.slice(0, 3), before.json.nodes);
    assertEquals(new Set(json.skins!.map(({ joints }) => joints.join())).size, 1);
  }
});

Deno.test("runRecipe() writes what steps did to every mesh of an output, and says what it left out", async () => {
  const recipe = await recipeOf(`version: 1
inputs: { a: a.glb, b: b.glb, lamp: lamp.glb }
steps:
  - recompute-normals: { mesh: a }
  - smooth: { mesh: b, iterations: 9 }
    as: soft
outputs: { all: { mesh: a, file: all.glb, with: [b, soft, lamp] } }
`);
  const lamp = square({ extensions: { ACME_switch: { light: 0 } } }).glb();
  const { report, outputs } = await runRecipe(recipe, { inputs: { a: cap(2), b: cap(1), lamp } });
  const all = await openGltf(outputs.get("all")!, { path: "all.glb" }), { parts } = findMesh(all);
  const [first, hard, soft, last] = parts.map(({ mesh, primitive }) => all.json.meshes![mesh].primitives[primitive]);
  assertEquals([first, hard, soft, last].map(({ attributes }) => Object.keys(attributes)), [
    ["POSITION", "NORMAL"],
    ["POSITION"],
    ["POSITION"],
    ["POSITION", "NORMAL"],
  ]);
  const { positions } = readAll(all),
    at = (part: number) => positions.subarray(3 * parts[part].firstVertex).slice(0, 30);
  assertNotEquals(at(1), at(2));
  assertEquals(report.ops.flatMap(({ warnings }) => warnings), [
    'left out what "lamp" has of ACME_switch, as its indices would lead elsewhere in this file',
  ]);
});

Deno.test("runRecipe() copies a file byte for byte when there is no step", async () => {
  const recipe = await recipeOf(
    "version: 1\ninputs: { a: garment.glb }\nsteps: []\noutputs: { b: { mesh: a, file: b.glb } }\n",
  );
  const { outputs } = await runRecipe(recipe, { inputs: { a: files["garment.glb"] } });
  const [before, after] = await Promise.all(
    [files["garment.glb"], outputs.get("b")!].map((bytes) => openGltf(bytes, { path: "a.glb" })),
  );
  assertEquals(after.buffers, before.buffers);
  assertEquals({ ...after.json, asset: {} }, { ...before.json, asset: {} });
});

/** The parts of a definition a test does not care about. */
const PLAIN = {
  summary: "Does something odd",
  reads: [],
  writes: [],
  consults: {},
  options: {},
  scratchBytes: () => 0,
  describe: () => "",
} as const;

Deno.test("runRecipe() says how many iterations are done, of how many", async () => {
  const recipe = await recipeOf(
    ALL_STEPS.replace("clearance: 10mm", "clearance: 10mm, method: shrinkwrap, iterations: 4000"),
  );
  const seen: RunProgress[] = [];
  await runRecipe(recipe, { inputs: inputs(), onProgress: (progress) => seen.push(progress) });
  const fits = seen.flatMap(({ label, iterations }) =>
    label === "fit garment" && iterations !== undefined ? [iterations] : []
  );
  assert(fits.length > 0);
  for (const [i, { done, most }] of fits.entries()) {
    assertEquals([most, done < most, i === 0 || done >= fits[i - 1].done], [4000, true, true]);
  }
});

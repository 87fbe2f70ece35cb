// What strangers may do to the memory of a run: custom steps that mean harm, or make mistakes.
import { assert, assertEquals, assertMatch, assertNotStrictEquals, assertRejects, assertThrows } from "@std/assert";
import { SurfaceHit } from "../../fitting/mod.ts";
import { BufferPool, type Frame, type PooledBuffer, type Scratch } from "../../pool/mod.ts";
import { consult, defineStep, type RunOptions, runRecipe, type Step, type StepError } from "../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { everyStep, outputsInto } from "./_memory_runs.ts";
import { recipeOf } from "./_small_run.ts";
import { recipeText } from "./_step_arbitrary.ts";

/** A step that sees everything there is to see of a mesh and a body. */
const NOSY = {
  name: "nose",
  summary: "Looks at everything",
  reads: ["topology", "rest"],
  writes: ["positions", "normals", "skin"],
  consults: { to: consult(["index", "topology", "skin"], "A body") },
  options: {},
  scratchBytes: () => 4000,
  skeletonFrom: "to",
  describe: () => "",
} as const;

// deno-lint-ignore no-explicit-any -- these steps do what types forbid
type Seen = Record<string, any>;
type Run = (seen: Seen, options: Seen) => unknown;

/** A step of that name; it fills what it has to. */
function nosy(run: Run, name = "nose", more: Partial<Step> = {}): Step {
  return defineStep({
    ...NOSY,
    ...more,
    name,
    run: (seen: Seen, options: Seen) => {
      seen.out.positions.set(seen.mesh.positions);
      seen.out.normals.fill(1);
      seen.out.skin.skinWeights.forEach((_: number, i: number, all: Float32Array) => all[i] = i % 4 === 0 ? 1 : 0);
      return run(seen, options) ?? {};
    },
  } as unknown as Step);
}

const NOSE = `nose: { mesh: "garment", to: "body" }`;
const AFTER = [
  `fit: { mesh: "garment", to: "body", from: "old", iterations: 3 }`,
  `transfer-weights: { mesh: "garment", from: "body" }`,
];
const { inputs } = await everyStep();

/** Runs lines on the small meshes. What was written must be nothing after a failure. */
async function run(lines: readonly string[], steps: readonly Step[], options: RunOptions = {}) {
  const recipe = await recipeOf(recipeText(lines), steps);
  const written = new Map<string, Uint8Array>(), io = outputsInto(written, inputs, recipe);
  return { written, running: runRecipe(recipe, { io, ...options }) };
}

async function runToEnd(lines: readonly string[], steps: readonly Step[], options: RunOptions = {}) {
  using pool = new BufferPool({ idleMs: Infinity });
  const { running } = await run(lines, steps, { pool, ...options });
  const result = await running;
  assertEquals([result.report.inUseBytes, pool.getStats().leasedBytes], [0, 0]);
  return result;
}

/** What a run with `steps` throws, which must leave nothing. */
async function failureOf(lines: readonly string[], steps: readonly Step[], options: RunOptions = {}) {
  const pool = options.debug ? undefined : new BufferPool({ idleMs: Infinity });
  const { written, running } = await run(lines, steps, { ...(pool === undefined ? {} : { pool }), ...options });
  const error = await assertRejects(() => running) as StepError & { others?: unknown[] };
  const { leasedBytes = 0, leasedBuffers = 0 } = pool?.getStats() ?? {};
  assertEquals([leasedBytes, leasedBuffers, written.size], [0, 0, 0]);
  pool?.clear();
  return error;
}

/** Every array an object holds, however deep. */
function arraysOf(part: unknown): PooledBuffer[] {
  if (ArrayBuffer.isView(part)) return [part as PooledBuffer];
  return typeof part === "object" && part !== null ? Object.values(part).flatMap(arraysOf) : [];
}

Deno.test("a custom step that keeps everything it saw has nothing when it is over", async () => {
  let kept: PooledBuffer[] = [], index: Seen = {}, frame: Frame | undefined, scratch: Scratch | undefined;
  const keeper = nosy((seen) => {
    kept = arraysOf(seen);
    ({ index } = seen.to);
    scratch = seen.scratch as Scratch;
    frame = scratch.frame();
    kept.push(frame.f32(10), frame.frame("deeper").u8(3), ...arraysOf(index.mesh));
    assert(index.closestPoint(0, 2, 0, new SurfaceHit()));
  });
  const result = await runToEnd([NOSE, ...AFTER], [keeper]);
  assert(kept.length > 25);
  assertEquals(kept.map(({ length }) => length), kept.map(() => 0));
  for (const ask of ["closestPoint", "closestPointAt", "rayHit", "windingNumber", "isInside", "signedDistance"]) {
    assertThrows(() => index[ask](0, 0, 0, new SurfaceHit(), 0, 0, new SurfaceHit()), TypeError, "the loan has ended");
  }
  assertThrows(() => index.faceCount, TypeError, "the loan has ended");
  assertThrows(() => frame!.f32(1), TypeError, "as it is closed");
  assertThrows(() => scratch!.frame(), TypeError, "as it is closed");
  assertEquals(result.report.ops.every(({ peakBytes, plannedBytes }) => peakBytes <= plannedBytes), true);
});

Deno.test("steps after a custom one see the same values and indices as without it", async () => {
  const lines = [`smooth: { mesh: "garment", iterations: 1 }`, ...AFTER];
  const looks = nosy((seen) => void seen.to.index.isInside(0, 0, 0), "look", { writes: [] });
  const [plain, looked] = [
    await runToEnd(lines, []),
    await runToEnd([lines[0], `look: { mesh: "garment", to: "body" }`, ...AFTER], [
      { ...looks, run: ({ to }: Seen) => ({ inside: to.index.isInside(0, 0, 0) }) },
    ]),
  ];
  const measured = (result: typeof plain, name: string) =>
    result.report.ops.filter(({ label }) => label.startsWith(name)).map(({ measures }) => measures);
  assertEquals(measured(looked, "fit"), measured(plain, "fit"));
  assertEquals(measured(looked, "transfer"), measured(plain, "transfer"));
  assertEquals(measured(looked, "look"), [{ inside: true }]);
});

Deno.test("a custom step gets no verb that moves memory out of its scope", async () => {
  const found: string[] = [];
  const climber = nosy(({ scratch, out }) => {
    for (const held of [scratch, scratch.frame()]) {
      for (const verb of ["promote", "surrender", "rehome", "release", "close", "lease"]) {
        if (held[verb] !== undefined) found.push(verb);
      }
    }
    assertEquals(Object.keys(scratch), []);
    assertThrows(() => out.positions.buffer.resize(1));
  });
  await runToEnd([NOSE], [climber]);
  assertEquals(found, []);
});

Deno.test("a custom step may close its frames twice, and leave others open", async () => {
  const closer = nosy(({ scratch }) => {
    const frame = scratch.frame("once");
    frame.f64(5);
    frame[Symbol.dispose]();
    frame[Symbol.dispose]();
    scratch.frame("left open").frame().i32(7);
  });
  await runToEnd([NOSE], [closer]);
});

Deno.test("what a custom step leaves open is back before the next operation, which needs what was planned", async () => {
  const leaver = nosy(({ scratch }) => {
    scratch.frame("left open").f32(600);
    scratch.frame().frame("deeper").f64(200);
  });
  const { report } = await runToEnd([NOSE, ...AFTER], [leaver]);
  for (const { label, peakBytes, plannedBytes } of report.ops) assertEquals([label, peakBytes], [label, plannedBytes]);
});

for (const way of ["throws", "never ends"]) {
  Deno.test(`what a custom step that ${way} leaves open is back before its failure is told, and what it did there too`, async () => {
    let sums: Float64Array | undefined;
    const leaver = nosy(({ scratch }) => {
      const frame = scratch.frame("left open"), closed = frame.frame("closed"), held = closed.f64(3);
      sums = frame.f64(5);
      closed[Symbol.dispose]();
      held[2] = 1;
      if (way === "never ends") return new Promise(() => {});
      throw new RangeError("Out of luck");
    });
    const limit = way === "throws" ? {} : { stepTimeoutMs: 50 };
    const error = await failureOf([NOSE], [leaver], { debug: true, ...limit });
    assertMatch(
      error.message,
      way === "throws" ? /^Cannot nose garment: Out of luck$/ : /^Cannot nose garment in time/,
    );
    assertEquals(sums!.length, 0);
    assertEquals(error.others!.length, 1);
    assertMatch(String(error.others![0]), /Cannot reuse Float64Array\(3\) of "test\/nose garment\/left open"/);
  });
}

Deno.test("a custom step cannot release what the run has on lease, nor what comes from elsewhere", async () => {
  using pool = new BufferPool({ idleMs: Infinity });
  using other = new BufferPool({ idleMs: Infinity });
  const foreign = other.acquire(3);
  for (
    const [what, buffer] of [
      ["values", (seen: Seen) => seen.out.positions],
      ["inputs", (seen: Seen) => seen.to.topology.ringVertices],
      ["scratch", (seen: Seen) => seen.scratch.frame().f32(4)],
      ["foreign buffers", () => foreign],
      ["its own array", () => new Float32Array(3)],
    ] as const
  ) {
    const releaser = nosy((seen) => pool.release(buffer(seen)));
    const error = await failureOf([NOSE], [releaser], { pool });
    assertMatch(
      error.message,
      /^Cannot nose garment: Cannot release \w+\(\d+\) as it (is on lease to|does not come)/,
      what,
    );
    assertEquals(error.path, ["steps", 0]);
  }
  other.release(foreign);
});

Deno.test("a custom step that releases twice is told so", async () => {
  using pool = new BufferPool({ idleMs: Infinity });
  const own = nosy(() => {
    const buffer = pool.acquire(3);
    pool.release(buffer);
    pool.release(buffer);
  });
  const error = await failureOf([NOSE], [own], { pool });
  assertEquals(error.message, "Cannot nose garment: Cannot release Float32Array(3) as it was already released");
});

Deno.test("a custom step that swaps what it was handed changes nothing", async () => {
  const own = new Float32Array(12);
  const swapper = nosy(({ mesh, to, out }) => {
    out.skin.skinWeights =
      out.positions =
      mesh.topology.ringVertices =
      to.skin.skinJoints =
        own;
    to.topology.weldedCount = mesh.topology.islandCount = 0;
    out.skin.influencesPerVertex = 99;
  });
  const { report } = await runToEnd([NOSE, ...AFTER], [swapper]);
  assertEquals(report.ops.filter(({ kind }) => kind === "step").length, 3);
});

for (const part of ['positions of "garment"', 'topology of "garment"', 'indices of "body"', 'skin of "body"']) {
  Deno.test(`a custom step may not write to the ${part}, which it was lent to read`, async () => {
    const [attribute, mesh] = part.replaceAll('"', "").split(" of ");
    const writer = nosy((seen) => {
      const held = seen[mesh === "body" ? "to" : "mesh"][attribute];
      arraysOf(held).at(-1)![0]++;
    });
    const error = await failureOf([NOSE], [writer]);
    assertEquals(
      error.message,
      `Cannot nose garment: Only what a step declares to write may change: it changed the ${part}`,
    );
  });
}

Deno.test("a custom step that transfers memory away fails, whatever it was", async () => {
  for (const pick of [(seen: Seen) => seen.out.positions, (seen: Seen) => seen.to.positions]) {
    const error = await failureOf([NOSE], [nosy((seen) => void pick(seen).buffer.transfer())]);
    assertMatch(
      error.message,
      /^Cannot nose garment: (Cannot re-home .* as its memory was transferred away|Only what)/,
    );
  }
  const stealer = nosy(({ scratch }) => void scratch.frame().f32(9).buffer.transfer());
  await runToEnd([NOSE], [stealer]); // its own loss
});

Deno.test("a custom step may neither refit nor lend on the index it is lent", async () => {
  for (const verb of ["refit", "lend"]) {
    const error = await failureOf([NOSE], [nosy(({ to }) => to.index[verb]())]);
    assertEquals(
      error.message,
      `Cannot nose garment: Cannot ${verb} a surface index that was lent as only its owner may`,
    );
  }
});

Deno.test("a custom step is held to the memory it declared", async () => {
  const within = nosy(({ scratch }) => {
    using frame = scratch.frame();
    frame.f32(1000);
  });
  const { report } = await runToEnd([NOSE], [within]);
  for (const { label, peakBytes, plannedBytes } of report.ops) assertEquals([label, peakBytes], [label, plannedBytes]);

  const beyond = nosy(({ scratch }) => {
    using frame = scratch.frame();
    frame.f32(900);
    frame.frame().f64(51);
  });
  const error = await failureOf([NOSE], [beyond]);
  assertEquals(
    error.message,
    'Cannot nose garment: Cannot lease Float64Array(51) as the scratchBytes of "nose" must cover what it leases: it is 4000, and 4008 would be in use',
  );
});

Deno.test("a custom step that poses as a built-in one is lent, not given", async () => {
  const [align] = BUILT_IN_STEPS;
  let kept: Float32Array | undefined;
  const run = ({ mesh, out }: Seen) => {
    out.positions.set(mesh.positions);
    kept = mesh.positions;
    return { lifted: 1 };
  };
  const poser = { ...align, name: "pose", run, describe: () => "", warn: () => [] } as unknown as Step;
  Object.setPrototypeOf(poser, align);
  await runToEnd([`pose: { mesh: "garment", to: "body" }`], [poser]);
  assertEquals(kept!.length, 0);
});

const THROWN: readonly [string, unknown, string][] = [
  ["an error", new RangeError("Out of luck"), "Out of luck"],
  ["text", "Out of luck", "Out of luck"],
  ["nothing", undefined, "it threw undefined"],
  ["null", null, "it threw null"],
  ["a symbol", Symbol("luck"), "it threw Symbol(luck)"],
  ["a frozen object", Object.freeze({}), "it threw [object Object]"],
  ["an object without a prototype", Object.create(null), "it threw something that cannot be shown"],
  ["a name that is not its own", new DOMException("Mine", "AbortError"), "Mine"],
];

for (const [what, thrown, said] of THROWN) {
  for (const way of ["throws", "rejects with"]) {
    Deno.test(`a custom step that ${way} ${what} is named, with its place`, async () => {
      const thrower = nosy(({ scratch }) => {
        scratch.frame().f32(1000);
        if (way === "rejects with") return Promise.reject(thrown);
        throw thrown;
      });
      const error = await failureOf([NOSE], [thrower]);
      assertEquals([error.name, error.message, error.path], ["StepError", `Cannot nose garment: ${said}`, [
        "steps",
        0,
      ]]);
      assert(Object.is(error.cause, thrown));
    });
  }
}

const ODD_RESULTS: readonly [string, Run, string][] = [
  ["nothing of use", () => 7, "Its run must give measures, an object: it gave number"],
  ["null later", () => Promise.resolve(null), "Its run must give measures, an object: it gave null"],
  [
    "a view",
    ({ mesh }) => ({ kept: mesh.positions }),
    'Every measure must be a number, a text or a boolean: "kept" is of type object',
  ],
  [
    "a function",
    () => ({ later: () => 1 }),
    'Every measure must be a number, a text or a boolean: "later" is of type function',
  ],
  [
    "a thenable that throws",
    () => ({
      then: () => {
        throw new RangeError("No");
      },
    }),
    "No",
  ],
  [
    "a getter that throws",
    () => ({
      get depth() {
        throw new RangeError("No");
      },
    }),
    "No",
  ],
];

for (const [what, result, said] of ODD_RESULTS) {
  Deno.test(`a custom step that gives ${what} for its measures is told what they are`, async () => {
    const error = await failureOf([NOSE], [nosy(result)]);
    assertEquals(error.message, `Cannot nose garment: ${said}`);
  });
}

for (const word of ["describe", "warn", "verdict"] as const) {
  Deno.test(`a custom step whose ${word}() throws is named like any other`, async () => {
    const broken = () => {
      throw new RangeError("No words");
    };
    const error = await failureOf([NOSE], [nosy(() => ({}), "nose", { [word]: broken })]);
    assertEquals([error.name, error.message], ["StepError", "Cannot nose garment: No words"]);
  });
}

Deno.test("a custom step may take its time, and give its measures as work, a promise or at once", async () => {
  for (
    const give of [
      () => ({ done: 1 }),
      () => Promise.resolve({ done: 1 }),
      function* () {
        for (let i = 0; i < 3; i++) yield;
        return { done: 1 };
      },
    ]
  ) {
    const { report } = await runToEnd([NOSE], [nosy(give as Run)]);
    assertEquals(report.ops.find(({ label }) => label === "nose garment")!.measures, { done: 1 });
  }
});

Deno.test("a custom step that goes on after its time is up reaches nobody", async () => {
  using pool = new BufferPool({ idleMs: Infinity });
  let goOn = () => {}, after: Promise<unknown> = Promise.resolve(), positions: Float32Array | undefined;
  const late = nosy(({ scratch, out }) => {
    ({ positions } = out);
    const frame = scratch.frame();
    after = new Promise<void>((resolve) => goOn = resolve).then(() => {
      positions![0] = 7; // silently ignored
      return frame.f32(1);
    });
    after.catch(() => {});
    return after;
  });
  const error = await failureOf([NOSE], [late], { pool, stepTimeoutMs: 20 });
  assertEquals([error.name, positions!.length], ["TimeoutError", 0]);
  goOn();
  await assertRejects(() => after, TypeError, 'Cannot lease memory in "test/nose garment/frame" as it is closed');
  const next = pool.acquire(126);
  assertEquals(next.every((value) => value === 0), true);
  pool.release(next);
});

Deno.test("a custom step that uses the scope of another run cannot outlive that run, and both end with nothing", async () => {
  using pool = new BufferPool({ idleMs: Infinity });
  let lent: Scratch | undefined, taken: Float32Array | undefined, leave = () => {};
  const host = nosy(({ scratch }) => {
    lent = scratch;
    return new Promise((resolve) => leave = () => resolve({}));
  });
  const guest = nosy(() => {
    taken = lent!.frame().f32(10);
    taken.fill(1);
  });
  const first = await run([NOSE], [host], { pool });
  while (lent === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  const second = await (await run([NOSE], [guest], { pool })).running;
  assertEquals([second.report.inUseBytes, taken!.length], [0, 10]); // of the first run, which goes on
  leave();
  assertEquals([(await first.running).report.inUseBytes, taken!.length, pool.getStats().leasedBytes], [0, 0, 0]);
  const late = await failureOf([NOSE], [guest], { pool });
  assertEquals(late.message, 'Cannot nose garment: Cannot open a frame in "test/nose garment" as it is closed');
});

Deno.test("a custom step with `as:` writes its copy; the original is as it was", async () => {
  const lift = nosy(({ out }) => void (out.positions[1] += 5));
  const recipe = await recipeOf(recipeText([`{ ${NOSE}, as: lifted }`], ["garment", "lifted"]), [lift]);
  const { outputs } = await runRecipe(recipe, { inputs });
  const plain = await runRecipe(await recipeOf(recipeText([])), { inputs });
  const bytesAfterJson = (file: Uint8Array) => file.slice(20 + new DataView(file.buffer).getUint32(12, true));
  assertEquals(bytesAfterJson(outputs.get("garment")!), bytesAfterJson(plain.outputs.get("garment")!));
  assertNotStrictEquals(outputs.get("lifted")!.length, outputs.get("garment")!.length);
});

Deno.test("debug: a step that writes to what an earlier one kept fails the run, and the value is named", async () => {
  let kept: Float32Array | undefined;
  const keeper = nosy(({ out }) => void (kept = out.positions));
  const writer = nosy(() => void (kept![4] = 7), "vandal");
  const lines = [NOSE, `vandal: { mesh: "garment", to: "body" }`, ...AFTER];
  const error = await failureOf(lines, [keeper, writer], { debug: true });
  assertMatch(
    error.message,
    /Cannot reuse Float32Array\(126\) of "test\/garment\.positions@1" as nothing may touch it after its release: element 4 is 7; acquired at .*; released at /,
  );
  kept = undefined;
  await runToEnd(lines, [keeper, nosy(() => void (kept![4] = 7), "vandal")]); // without debug such writes reach nobody
});

Deno.test("debug: a step that writes to a frame it has closed fails the run, with the places in its own code", async () => {
  const writer = nosy(({ scratch }) => {
    const frame = scratch.frame("sums"), sums = frame.f64(3);
    frame[Symbol.dispose]();
    sums[2] = 1;
  });
  const { message } = await failureOf([NOSE], [writer], { debug: true });
  assertMatch(
    message,
    /^Cannot nose garment: Cannot reuse Float64Array\(3\) of "test\/nose garment" as .*: element 2 is 1;/,
  );
  assertMatch(message, /; acquired at .*memory_hostile_test\.ts:.*; released at .*memory_hostile_test\.ts:/);
});

Deno.test("debug: a run with nothing to blame succeeds, and gives the same files", async () => {
  const [plain, watched] = [
    await (await run([NOSE, ...AFTER], [nosy(() => {})])).running,
    await (await run([NOSE, ...AFTER], [nosy(() => {})], { debug: true })).running,
  ];
  assertEquals(watched.outputs.get("garment"), plain.outputs.get("garment"));
  for (const { label, peakBytes, plannedBytes } of watched.report.ops) {
    assertEquals([label, peakBytes <= plannedBytes], [label, true]);
  }
});

Deno.test("debug is for pools of the run's own", async () => {
  const { running } = await run([NOSE], [nosy(() => {})], { debug: true, pool: new BufferPool() });
  await assertRejects(() => running, TypeError, 'Cannot debug a run on a pool it is given: make that one with "debug"');
});

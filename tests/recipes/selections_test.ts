import { assert, assertEquals, assertRejects } from "@std/assert";
import type { IssueCode } from "../../recipes/issue.ts";
import { defineStep, PlanError, runRecipe, selections, selectionsOr, type Step } from "../../recipes/mod.ts";
import { BUILT_IN_STEPS } from "../../recipes/steps/mod.ts";
import { recipeSchema } from "../../recipes/schema.ts";
import { meshOf } from "../fitting/_meshes.ts";
import { Builder } from "../io/gltf/_builder.ts";
import { assertIssue, issuesOf } from "./_issues.ts";
import { inputs, memoryIO, recipeOf } from "./_small_run.ts";

/** Sees what a recipe hands it; moves nothing. */
function spy(seen: Record<string, number[]>): Step {
  return defineStep({
    name: "spy",
    summary: "Looks at selections",
    reads: [],
    writes: [],
    consults: {},
    options: {
      only: selections({ doc: "Any" }),
      both: selections({ doc: "All", match: "all" }),
      rigid: selectionsOr(["auto", "none"], { default: "auto", doc: "What is rigid" }),
    },
    scratchBytes: () => 0,
    run: ({ masks }) => {
      for (const key of ["only", "both", "rigid"] as const) if (masks[key] !== undefined) seen[key] = [...masks[key]];
      return {};
    },
    describe: () => "",
  });
}
const STEPS = [...BUILT_IN_STEPS, spy({})];

const text = (...steps: string[]) =>
  `version: 1
inputs: { a: a.glb, b: b.glb }
steps:
${steps.map((step) => `  - ${step.replaceAll("\n", "\n    ")}`).join("\n")}
outputs: { a: { mesh: a, file: a.glb }, b: { mesh: b, file: b.glb } }
`;
const SELECT = "select: { mesh: a, box: { y: { min: 0m } } }\nas: top";

/** Each: the text with `§` where the one issue stands, its code, its message, its help. */
const CASES: [string, IssueCode, string, string?][] = [
  [
    text(SELECT, "smooth: { mesh: a, only: §tpo }"),
    "unknown-selection",
    '"tpo" is not a selection of this recipe: did you mean "top"?',
    "Selections here are top",
  ],
  [
    text("smooth: { mesh: a, only: §crown }"),
    "unknown-selection",
    '"crown" is not a selection of this recipe',
    "Add - select: { mesh: a, … } with as: crown before it",
  ],
  [text("smooth: { mesh: a, only: [§b] }"), "unknown-selection", '"b" is a mesh, not a selection'],
  [
    text("smooth: { mesh: a, only: §top }", SELECT, "smooth: { mesh: a, pin: top }"),
    "selection-too-early",
    '"top" does not exist yet: step 2, "select", makes it',
    "Move that step up, or use another selection",
  ],
  [
    text(`${SELECT}\nif: false`, "smooth: { mesh: a, only: §top }"),
    "selection-too-early",
    '"top" does not exist, as the step that makes it is switched off by its "if"',
  ],
  [
    text(SELECT, "smooth: { mesh: b, only: §top }"),
    "other-mesh",
    '"top" is a selection of "a": "smooth" works on "b" here',
    'Select of "b" too, under another name',
  ],
  [
    text("select: { mesh: a, box: { y: { min: 1m } } }\nas: §top"),
    "unused-selection",
    'No step uses selection "top"',
    "Name it in a later step, such as smooth: { mesh: …, only: top }, or leave it out",
  ],
  [
    text("select: { mesh: a, box: { y: { min: 1m } } }\nas: §a"),
    "name-taken",
    '"as" gives a selection a name of its own: "a" is taken, as a mesh has it',
  ],
  [
    text(SELECT, "smooth: { mesh: a, pin: top }\nas: §top"),
    "name-taken",
    '"as" gives a copy a new name: "top" is taken, as an earlier step gives it',
  ],
  [
    text(SELECT, "smooth: { mesh: a, pin: top }", "fit: { mesh: a, to: §top }"),
    "unknown-mesh",
    '"top" is a selection, not a mesh',
  ],
  [
    text("select: { mesh: a, box: §{} }\nas: top", "smooth: { mesh: a, only: top }"),
    "missing-option",
    '"box" of "select" says nothing: it is an empty map',
    "Write { x: … }, or leave it out",
  ],
  [
    text("smooth: { mesh: a, only: §[] }"),
    "wrong-kind",
    '"only" of "smooth" takes one or several selections: the list is empty',
  ],
  [
    text("§select: { mesh: a, box: { y: { min: 1m } } }"),
    "missing-key",
    '"select" needs "as", the name of the selection it makes',
    'Add as: buttons on a line of its own, where "select" begins',
  ],
  [
    text(SELECT, "smooth: { mesh: a, only: [top, §top] }"),
    "name-taken",
    '"only" of "smooth" names every selection once: "top" stands twice',
  ],
  [
    text(SELECT, "smooth: { mesh: a, only: top }", "spy: { mesh: a, rigid: [top, §my part] }"),
    "wrong-kind",
    '"rigid" of "spy" takes names of selections: "my part" is none',
  ],
  [
    text("§select: { mesh: a }\nas: top", "smooth: { mesh: a, only: top }"),
    "missing-option",
    '"select" needs to know which places are meant: nothing says so',
  ],
  [
    text("select: { mesh: a, §distance: { max: 1cm } }\nas: top", "smooth: { mesh: a, only: top }"),
    "missing-option",
    '"distance" of "select" is measured to a surface: there is no "to"',
  ],
  [
    text("select: { mesh: a, §to: b, facing: { direction: up } }\nas: top", "smooth: { mesh: a, only: top }"),
    "missing-option",
    '"to" of "select" is what "distance" is measured to: there is no "distance"',
  ],
  [
    text("select: { mesh: a, §box: { y: { min: 2m, max: 1m } } }\nas: top", "smooth: { mesh: a, only: top }"),
    "out-of-range",
    '"box.y" of "select" must have a "min" that is not above its "max": they are 2 and 1',
  ],
  [
    text("select: { mesh: a, §openings: { count: 2 } }\nas: top", "smooth: { mesh: a, only: top }"),
    "bad-value",
    '"openings.count" of "select" is how many of an order are taken: "openings.which" is "all"',
  ],
];
for (const [marked, code, message, help] of CASES) {
  Deno.test(`check finds ${code}: ${message.slice(0, 70)}`, () => assertIssue(marked, code, message, help, STEPS));
}

Deno.test("check lets a selection be used on a copy of its mesh, before and after that was made", async () => {
  const sound = text(
    SELECT,
    "smooth: { mesh: a }\nas: c",
    "smooth: { mesh: c, only: top }",
    "select: { mesh: c, not: top }\nas: rest",
    "smooth: { mesh: a, pin: rest }",
    "expect: { mesh: c, against: b }",
  );
  assertEquals(await issuesOf(sound, {}, STEPS), []);
});

Deno.test("check says of a step it cannot understand nothing about the name it makes", async () => {
  const issues = await issuesOf(
    text("selekt: { mesh: a, box: { y: { min: 1m } } }\nas: top", "smooth: { mesh: a, only: top }"),
    {},
    STEPS,
  );
  assertEquals(issues.map(({ code }) => code), ["unknown-step"]);
});

Deno.test("recipeSchema() asks for the name of a selection, and takes one, several or a word", () => {
  const { $defs } = recipeSchema(STEPS) as { $defs: Record<string, Record<string, unknown>> };
  assert((($defs.step.oneOf) as { required: string[] }[]).some(({ required }) => required.join() === "select,as"));
  const { rigid } = $defs["step-spy"].properties as Record<string, { anyOf: unknown[] }>;
  assertEquals(rigid.anyOf.length, 4); // a word, a name, a list, a parameter
});

const run = async (steps: string[], files: Record<string, Uint8Array>, seen: Record<string, number[]> = {}) => {
  const recipe = await recipeOf(
    `version: 1\ninputs: { garment: g.glb, body: b.glb }\nsteps:\n${
      steps.map((step) => `  - ${step.replaceAll("\n", "\n    ")}`).join("\n")
    }\n  - expect: { mesh: garment, against: body }\noutputs: { o: { mesh: garment, file: o.glb } }\n`,
    [spy(seen)],
  );
  return (await runRecipe(recipe, { inputs: files, io: memoryIO({}) })).report;
};

/** Two triangles of a place each side of x = 0, with materials, a skin and a seam between them. */
function twoParts(): Uint8Array {
  const file = new Builder();
  const joints = file.accessor(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0), "VEC4");
  const weights = file.accessor(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0), "VEC4");
  const part = (x: number, material: number) => ({
    attributes: {
      POSITION: file.positions(
        Float32Array.of(0, 0, 0, x > 0 ? x : 0, x > 0 ? 0 : 1, 0, x > 0 ? 0 : x, x > 0 ? 1 : 0, 0),
      ),
      TEXCOORD_0: file.accessor(Float32Array.of(0, 0, 0.5, 0.5, 1, material), "VEC2"),
      JOINTS_0: joints,
      WEIGHTS_0: weights,
    },
    material,
  });
  file.json.materials = [{ name: "Steel plate" }, { name: "Leather" }];
  const mesh = file.mesh([part(1, 0), part(-1, 1)]);
  const tip = file.node({ name: "tip" }, false), root = file.node({ name: "root", children: [tip] });
  file.json.skins = [{ joints: [root, tip] }];
  file.node({ mesh, skin: 0, name: "kilt" });
  return file.glb();
}

Deno.test("select chooses by material, part, joint, texture coordinates and place, and seams agree", async () => {
  // places: 0 (0,0) on both, 1 (1,0), 2 (0,1) on both, 3 (-1,0)
  const seen: Record<string, number[]> = {};
  const mask = async (criterion: string) => {
    await run([`select: { mesh: garment, ${criterion} }\nas: s`, "spy: { mesh: garment, only: s }"], {
      garment: twoParts(),
      body: inputs().body,
    }, seen);
    return seen.only;
  };
  assertEquals(await mask('material: "Steel*"'), [1, 1, 1, 0]);
  assertEquals(await mask("material: [Leather, Steel plate]"), [1, 1, 1, 1]);
  assertEquals(await mask("part: kilt, material: Leather"), [1, 0, 1, 1]);
  assertEquals(await mask("joint: { name: tip }"), [0, 0, 1, 1]);
  assertEquals(await mask("uv: { v: { min: 0.9 }, u: { min: 0.9 } }"), [0, 0, 0, 1]);
  assertEquals(await mask("box: { x: { max: -1cm } }"), [0, 0, 0, 1]);
  assertEquals(await mask("box: { x: { max: -1cm } }, invert: true"), [1, 1, 1, 0]);
  assertEquals(await mask("box: { x: { max: -1cm } }, grow: 1"), [1, 0, 1, 1]);
  assertEquals(await mask("box: { x: { max: -1cm } }, grow: 1, shrink: 1"), [0, 0, 0, 1]);
  assertEquals(await mask("openings: {}"), [1, 1, 1, 1]);
  assertEquals(await mask("islands: { largest: 1 }"), [1, 1, 1, 1]);
  assertEquals(await mask("to: body, distance: { min: 0m }"), [0, 1, 1, 1]);
  assertEquals(await mask("facing: { direction: front }"), [1, 1, 1, 1]);
});

Deno.test("several selections in one option are numbered, or where all hold", async () => {
  const seen: Record<string, number[]> = {};
  await run(
    [
      "select: { mesh: garment, material: Leather }\nas: left",
      "select: { mesh: garment, box: { y: { max: 0.5m } } }\nas: low",
      "select: { mesh: garment, any: [left, low], not: low }\nas: mixed",
      "spy: { mesh: garment, only: [left, low], both: [left, low], rigid: [mixed] }",
    ],
    { garment: twoParts(), body: inputs().body },
    seen,
  );
  assertEquals(seen, { only: [1, 2, 1, 1], both: [1, 0, 0, 1], rigid: [0, 0, 1, 0] });
});

Deno.test("an empty selection is an error that says what each criterion left, unless it may be", async () => {
  const files = { garment: twoParts(), body: inputs().body };
  const steps = (more = "") => [
    `select: { mesh: garment, material: Leather, box: { x: { min: 1m } }${more} }\nas: none`,
    "smooth: { mesh: garment, only: none }",
  ];
  const error = await assertRejects(() => run(steps(), files), PlanError);
  assertEquals(error.code, "empty-selection");
  assertEquals(
    error.message,
    'Cannot select none: no vertex of "garment" is meant: of 4 places there are 3 after "material" and 0 after "box"; write "allowEmpty: true" if that is right',
  );
  const { ops } = await run(steps(", allowEmpty: true"), files);
  assertEquals(ops.find(({ label }) => label === "smooth garment")?.measures.maxMove, 0);
});

Deno.test("a name that is not in the file is refused before the first step, with the names that are", async () => {
  const files = { garment: twoParts(), body: inputs().body };
  for (
    const [criterion, message] of [
      [
        "material: Lether",
        '"garment" has no material "Lether": did you mean "Leather"? its materials are "Steel plate", "Leather"',
      ],
      ["part: skirt", '"garment" has no part "skirt": its parts are "kilt"'],
      ["joint: { name: [root, hand] }", '"garment" has no joint "hand": its joints are "root", "tip"'],
    ]
  ) {
    const steps = [`select: { mesh: garment, ${criterion} }\nas: s`, "smooth: { mesh: garment, only: s }"];
    const error = await assertRejects(() => run(steps, files), PlanError);
    assertEquals(error.message, message);
  }
});

Deno.test("smooth leaves what is not in only, and what is in pin, to the last bit", async () => {
  const grid = meshOf(
    Array.from(
      { length: 75 },
      (_, i) => i % 3 === 2 ? Math.sin(i) : i % 3 === 0 ? Math.floor(i / 15) : Math.floor(i / 3) % 5,
    ),
    Array.from({ length: 16 }, (_, q) => [0, 1, 5, 1, 6, 5].map((k) => 5 * Math.floor(q / 4) + q % 4 + k)).flat(),
  );
  const file = new Builder();
  file.node({
    mesh: file.mesh([{
      attributes: { POSITION: file.positions(grid.positions) },
      indices: file.accessor(grid.indices, "SCALAR"),
    }]),
  });
  const files = { garment: file.glb(), body: inputs().body };
  const selected = (name: string, side: string) => `select: { mesh: garment, box: { x: { ${side} } } }\nas: ${name}`;
  const moved = async (options: string) => {
    const { ops } = await run([
      selected("left", "max: 2m"),
      selected("right", "min: 2m"),
      "spy: { mesh: garment, only: [left, right] }",
      `smooth: { mesh: garment, boundary: free, ${options} }`,
      "expect: { mesh: garment, against: body }",
    ], files);
    return ops.find(({ label }) => label === "smooth garment")!.measures;
  };
  const all = await moved("only: [left, right]"),
    half = await moved("only: left"),
    none = await moved("only: left, pin: [left, right]");
  assert(Number(half.meanMove) > 0 && Number(half.meanMove) < Number(all.meanMove));
  assertEquals(none.maxMove, 0);
});

Deno.test("a custom step makes a selection, and is lent those of others: both are taken back", async () => {
  const kept: Uint8Array[] = [];
  const every = defineStep({
    name: "every",
    summary: "Selects every so manieth place",
    reads: [],
    writes: ["selection"],
    consults: {},
    options: { of: selections({ doc: "Among these" }) },
    scratchBytes: () => 0,
    run: ({ out, masks }) => {
      for (let w = 0; w < out.selection.length; w += 2) out.selection[w] = masks.of === undefined ? 1 : masks.of[w];
      kept.push(out.selection, ...masks.of === undefined ? [] : [masks.of]);
      return {};
    },
    describe: () => "",
  });
  const recipe = await recipeOf(
    `version: 1
inputs: { garment: g.glb }
steps:
  - every: { mesh: garment }
    as: some
  - every: { mesh: garment, of: some }
    as: same
  - smooth: { mesh: garment, only: [some, same] }
outputs: { o: { mesh: garment, file: o.glb } }
`,
    [every],
  );
  const { report } = await runRecipe(recipe, { inputs: { garment: inputs().garment }, io: memoryIO({}) });
  assertEquals(report.inUseBytes, 0);
  assertEquals(kept.map(({ length }) => length), [0, 0, 0]);
  assert(report.ops.every(({ peakBytes, plannedBytes }) => peakBytes === plannedBytes));
});

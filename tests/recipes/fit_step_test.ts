import { assertEquals } from "@std/assert";
import { parseRecipe, runRecipe } from "../../recipes/mod.ts";
import { align } from "../../recipes/steps/align.ts";
import { badlyPlaced, outOfShape } from "../../recipes/steps/_fit_warnings.ts";

const ALIGN_REFUSED = {
  "region: head, side: left": '"side" of "align" is for what is worn on one side: "region" is "head"',
  "place: keep, scale: axis": '"scale: axis" of "align" is for a garment that may move: "place" is "keep"',
};
const ALIGN_TAKEN = ["region: arm, side: left", "region: head, side: both", "side: left", "place: keep, scale: none"];

const REFUSED = {
  "to: body, method: refit": [
    "missing-option",
    '"refit" takes the garment along from the body it was made on: there is no "from"',
  ],
  "to: body, from: old, method: elastic": [
    "bad-value",
    '"from" has no meaning for method "elastic", which leaves the garment where it is',
  ],
  "to: body, from: old, method: shrinkwrap": [
    "bad-value",
    '"from" has no meaning for method "shrinkwrap", which leaves the garment where it is',
  ],
  "to: body, allowInside: source": [
    "missing-option",
    '"allowInside: source" is what was inside the body the garment was made on: there is no "from"',
  ],
  "to: body, stepSize: 50%": ["bad-value", '"stepSize" has no meaning for method "auto"'],
  "to: body, from: old, smoothStrength: 0.1": ["bad-value", '"smoothStrength" has no meaning for method "auto"'],
  "to: body, featureAngle: 40deg": ["bad-value", '"featureAngle" has no meaning for method "auto"'],
  "to: body, method: elastic, openings: keep": ["bad-value", '"openings" has no meaning for method "elastic"'],
  "to: body, method: shrinkwrap, stiff: true": ["bad-value", '"stiff" has no meaning for method "shrinkwrap"'],
  "to: body, method: shrinkwrap, symmetry: x": ["bad-value", '"symmetry" has no meaning for method "shrinkwrap"'],
  "to: body, method: shrinkwrap, rigid: none": ["bad-value", '"rigid" has no meaning for method "shrinkwrap"'],
} as const;
const TAKEN = [
  "to: body",
  "to: body, from: old, symmetry: x",
  "to: body, from: old",
  "to: body, from: old, method: refit, stiff: true, tightness: 30%, rigid: all, allowInside: source",
  "to: body, method: elastic, tightness: 1, rigid: none, stiff: true",
  "to: body, method: shrinkwrap, tightness: 1, smoothRadius: 2cm, smoothStrength: 1, stepSize: 0.5, featureAngle: 40deg, openings: keep",
];

async function issuesOf(options: string, step = "fit") {
  const old = options.includes("old") ? ", old: old.glb" : "";
  const text = `version: 1
name: fit
inputs: { body: body.glb, coat: coat.glb${old} }
steps:
  - ${step}: { mesh: coat, ${options} }
outputs: { fitted: { mesh: coat, file: coat-fitted.glb } }
`;
  return (await parseRecipe(text, { path: "fit.yaml" })).issues.map(({ code, message }) => [code, message]);
}

for (const [options, issue] of Object.entries(REFUSED)) {
  Deno.test(`fit: { ${options} } is refused in one sentence`, async () => {
    assertEquals(await issuesOf(options), [[...issue]]);
  });
}

for (const options of TAKEN) {
  Deno.test(`fit: { ${options} } is taken`, async () => assertEquals(await issuesOf(options), []));
}

for (const [options, message] of Object.entries(ALIGN_REFUSED)) {
  Deno.test(`align: { ${options} } is refused in one sentence`, async () => {
    assertEquals(await issuesOf(`to: body, ${options}`, "align"), [["bad-value", message]]);
  });
}

for (const options of ALIGN_TAKEN) {
  Deno.test(`align: { ${options} } is taken`, async () => {
    assertEquals(await issuesOf(`to: body, ${options}`, "align"), []);
  });
}

/** The warnings of steps run on a cuirass and a mannequin that it is too narrow for. */
async function warned(...steps: string[]): Promise<string[]> {
  const read = (name: string) => Deno.readFile(new URL(`../../recipes/library/meshes/${name}.glb`, import.meta.url));
  const inputs = { body: await read("mannequin_heavy"), coat: await read("cuirass") };
  const text = `version: 1
inputs: { body: body.glb, coat: coat.glb }
steps:
${steps.map((step) => `  - ${step}\n`).join("")}outputs: { fitted: { mesh: coat, file: coat-fitted.glb } }
`;
  return (await runRecipe(text, { inputs })).report.ops.flatMap(({ warnings }) => warnings);
}

Deno.test("fit says what stays inside, and nothing of an iteration that was not made", async () => {
  assertEquals(
    await warned(
      "select: { mesh: coat, box: { y: { min: 0m } } }\n    as: all",
      "fit: { mesh: coat, to: body, pin: all }",
    ),
    [
      '100 % of its vertices are still inside the body, the deepest by 87.6 mm at (0.082, 1.087, 0.081): let more of it move or bend, or "allowInside" what belongs there',
    ],
  );
  assertEquals(await warned("fit: { mesh: coat, to: body, iterations: 0 }"), []);
});

Deno.test("fit says when it was given what it cannot fit, and how to mend that", async () => {
  const figures = { gap: 0, sizeRatio: 0.4, bodyOpen: 0 };
  assertEquals(badlyPlaced(figures), []);
  assertEquals(badlyPlaced({ ...figures, gap: 0.412 }), [
    'It starts 412 mm away from the body it is on: place it there with an "align" step before',
  ]);
  assertEquals(badlyPlaced({ ...figures, gap: 300, sizeRatio: 412 }), [
    'It is 410 times as large as the body it is on: undo its unit with an "align" step before, or with "units:" there',
  ]);
  assertEquals(badlyPlaced({ ...figures, sizeRatio: 4e-4 }), [
    'It is 2500 times smaller than the body it is on: undo its unit with an "align" step before, or with "units:" there',
  ]);
  assertEquals(badlyPlaced({ ...figures, bodyOpen: 0.5 }), [
    "The body is open at 50.0 % of its faces, so what is inside it is a guess: use a closed mesh that faces outwards",
  ]);
  assertEquals(badlyPlaced({ gap: NaN, sizeRatio: NaN, bodyOpen: 0 }), []);
  const far = await warned(
    "align: { mesh: coat, to: body, units: dam, upAxis: y, place: keep }",
    "fit: { mesh: coat, to: body }",
  );
  assertEquals(far.map((line) => line.replace(/^It starts \d+ mm away .*/, "away")), ["away"]);
});

Deno.test("fit says when a garment came out of shape, or crosses itself", () => {
  const figures = { iterations: 60, stretchP1: 0.009, stretchP50: 0.01, stretchP99: 0.012, crossings: 0 };
  assertEquals(outOfShape(figures), []);
  assertEquals(outOfShape({ ...figures, stretchP99: 0.2, crossings: 900 }), [
    'It lost its shape, with edges 0.90 to 20.00 times as long as before: look whether it lay where it is worn, and place it with "align" if not',
  ]);
  assertEquals(outOfShape({ ...figures, crossings: 214 }), [
    '214 pairs of its faces cross that did not before: lower "clearance" where its layers have no room, or "pin" what must not move',
  ]);
});

Deno.test("smooth says when it moves a mesh farther than smoothing can", async () => {
  const measure = "measure: { mesh: coat, against: body }";
  assertEquals(await warned("smooth: { mesh: coat }", measure), []);
  const [line, ...others] = await warned("smooth: { mesh: coat, iterations: 10000, boundary: free }", measure);
  assertEquals([line.replace(/[\d.]+ mm/g, "… mm"), others], [
    'It moved a vertex by … mm, and measured … mm across: lower "iterations" or "strength"',
    [],
  ]);
});

Deno.test("align says when a garment that moved touches only here and there, or fits as well elsewhere", () => {
  const figures = {
    kept: false,
    contact: 0.01,
    confidence: 1,
    placeConfidence: 1,
    rival: "none",
    side: "both",
    region: "legs",
    units: "m",
    upAxis: "y",
  };
  const options = { units: "auto", upAxis: "auto", forward: "auto", region: "auto" };
  const said = (some: object) => align.warn!({ ...figures, ...some }, options);
  assertEquals([said({}), said({ kept: true, contact: 0.05 })], [[], []]);
  assertEquals(said({ contact: 0.028 }), [
    'It touches the body only here and there (28.0 mm from even), so how high it hangs is a guess: look at it, or put it in place in its file and write "place: keep"',
  ]);
  assertEquals(said({ placeConfidence: 0.3, rival: "elsewhere" }), []);
  assertEquals(said({ placeConfidence: 0.25, rival: "elsewhere" }), [
    'Placed on the legs, and another place is about as likely: write "region: legs" if it is right, or the region it is worn on',
  ]);
});

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findMesh, openGltf, readSkeleton } from "../../io/mod.ts";
import { PlanError, planInputs, runRecipe } from "../../recipes/mod.ts";
import { icosphere } from "../fitting/_meshes.ts";
import { Builder } from "../io/gltf/_builder.ts";
import { assertValid, readAll } from "../io/gltf/_reading.ts";
import { cap, recipeOf } from "./_small_run.ts";

/** Two joints of a bar from (0, 0, 0) along a direction; the second one half way. */
interface Bar {
  readonly names: readonly [string, string];
  readonly along: readonly [number, number];
  readonly width: number;
  /** Weight of the second joint by the share of the way; without it there is no skin. */
  readonly weight?: (share: number) => number;
}

/** A bar of five rings, one unit long, bound to two joints. */
function bar({ names, along: [ax, ay], width, weight }: Bar): Uint8Array {
  const positions: number[] = [], indices: number[] = [], joints: number[] = [], weights: number[] = [];
  for (let ring = 0; ring <= 8; ring++) {
    const share = ring / 8;
    for (let k = 0; k < 4; k++) {
      const side = [-1, 1, 1, -1][k] * width, depth = [-1, -1, 1, 1][k] * width;
      positions.push(share * ax - side * ay, share * ay + side * ax, depth);
      joints.push(0, 1, 0, 0);
      weights.push(1 - (weight?.(share) ?? 0), weight?.(share) ?? 0, 0, 0);
      if (ring === 8) continue;
      const a = 4 * ring + k, b = 4 * ring + (k + 1) % 4;
      indices.push(a, b, a + 4, b, b + 4, a + 4);
    }
  }
  const file = new Builder();
  const mesh = file.mesh([{
    attributes: {
      POSITION: file.positions(Float32Array.from(positions)),
      ...weight === undefined ? {} : {
        JOINTS_0: file.accessor(Uint8Array.from(joints), "VEC4"),
        WEIGHTS_0: file.accessor(Float32Array.from(weights), "VEC4"),
      },
    },
    indices: file.accessor(Uint16Array.from(indices), "SCALAR"),
  }]);
  if (weight === undefined) file.node({ mesh });
  else {
    const tip = file.node({ name: names[1], translation: [ax / 2, ay / 2, 0] }, false);
    const root = file.node({ name: names[0], children: [tip] });
    const binds = new Float32Array(32);
    for (let j = 0; j < 2; j++) [0, 5, 10, 15].forEach((i) => binds[16 * j + i] = 1);
    binds.set([-ax / 2, -ay / 2], 28);
    file.json.skins = [{ joints: [root, tip], inverseBindMatrices: file.accessor(binds, "MAT4") }];
    file.node({ mesh, skin: 0 });
  }
  return file.glb();
}

const ramp = (share: number) => share;
const BODY = bar({ names: ["upperarm_l", "lowerarm_l"], along: [1, 0], width: 0.05, weight: ramp });
const SLEEVE = { names: ["mixamorig:LeftArm", "mixamorig:LeftForeArm"], along: [1, 0], width: 0.06 } as const;

/** What comes of one transfer: joint names, the weight of the second joint of each ring, measures. */
async function transferred(options: string, garment: Uint8Array, select = "") {
  const text = `version: 1
name: test
inputs: { body: body.glb, garment: garment.glb }
steps:
${select}  - transfer-weights: { mesh: garment, from: body${options} }
outputs: { out: { mesh: garment, file: out.glb } }
`;
  const { report, outputs } = await runRecipe(await recipeOf(text), { inputs: { body: BODY, garment } });
  for (const op of report.ops) assertEquals([op.label, op.peakBytes], [op.label, op.plannedBytes]);
  const document = await openGltf(outputs.get("out")!, { path: "out.glb" });
  const header = findMesh(document), names = readSkeleton(document, header)!.jointNames;
  const { skinJoints, skinWeights } = readAll(document), slots = header.influencesPerVertex;
  const rings = Array.from({ length: 9 }, (_, ring) => {
    let sum = 0;
    for (let i = 4 * ring * slots; i < (4 * ring + 1) * slots; i++) if (skinJoints![i] === 1) sum += skinWeights![i];
    return sum;
  });
  const op = report.ops.find(({ label }) => label.startsWith("transfer-weights"))!;
  return { names, rings, op };
}

Deno.test("transfer-weights brings the body's skeleton, or keeps the garment's and finds its joints", async () => {
  const garment = bar({ ...SLEEVE, weight: () => 0 });
  const replaced = await transferred("", garment), kept = await transferred(", skeleton: keep", garment);
  assertEquals(replaced.names, ["upperarm_l", "lowerarm_l"]);
  assertEquals(kept.names, [...SLEEVE.names]);
  for (let ring = 1; ring < 8; ring++) assertAlmostEquals(kept.rings[ring], ring / 8, 0.01);
  kept.rings.forEach((weight, ring) => assertAlmostEquals(weight, replaced.rings[ring], 1e-6));
  assertEquals(kept.op.measures.jointMatches, "2 alias");
  assertEquals(kept.op.warnings, []);
});

Deno.test("transfer-weights takes a joint map at its word, and says which joints hand over", async () => {
  const garment = bar({ names: ["a", "b"], along: [3, 0], width: 0.06, weight: () => 0 });
  const { rings } = await transferred(
    ", pose: ignore, skeleton: keep, jointMap: [{ from: upperarm_l, to: b }, { from: lowerarm_l, to: a }]",
    garment,
  );
  assertAlmostEquals(rings[1], 1 - 3 / 8, 0.01);
  const lone = bar({ names: ["LeftArm", "b"], along: [3, 0], width: 0.06, weight: () => 0 });
  const { op, rings: all } = await transferred(", skeleton: keep", lone);
  assertEquals(op.measures.jointMatches, "1 alias, 1 ancestor");
  assertStringIncludes(op.warnings.join(), "lowerarm_l to LeftArm");
  assertEquals(all, Array(9).fill(0));
});

Deno.test("transfer-weights changes the joints, places and share it is asked to", async () => {
  const garment = bar({ ...SLEEVE, weight: () => 1 }); // all on the second joint
  const half = await transferred(", mix: 50%", garment);
  for (let ring = 1; ring < 8; ring++) assertAlmostEquals(half.rings[ring], 0.5 + ring / 16, 0.01);
  const upper = await transferred(', joints: ["upper*"]', garment); // the second keeps 1, the first gets 1 - t
  for (let ring = 1; ring < 8; ring++) assertAlmostEquals(upper.rings[ring], 1 / (2 - ring / 8), 0.01);
  const select = "  - select: { mesh: garment, box: { x: { min: 0.6m } } }\n    as: end\n";
  const end = await transferred(", only: end", garment, select);
  assertEquals(end.rings.slice(0, 5), Array(5).fill(1));
  assertAlmostEquals(end.rings[6], 0.75, 0.01);
  const error = await assertRejects(() => transferred(", joints: elbow", garment), PlanError);
  assertEquals([error.code, error.path], ["unknown-joint", ["steps", 0, "transfer-weights", "joints"]]);
  assertStringIncludes(error.message, '"body" has no joint "elbow"');
});

Deno.test("transfer-weights refuses another pose in one sentence, or poses the body like the garment", async () => {
  const raised = { ...SLEEVE, along: [0.6, 0.8] as const }, garment = bar({ ...raised, weight: () => 0 });
  const error = await assertRejects(() => transferred(", skeleton: keep", garment), PlanError);
  assertEquals(error.code, "other-pose");
  assertStringIncludes(
    error.message,
    'the body and "garment" must be bound in one pose: the bone to "lowerarm_l" differs by 53°',
  );
  assert(!error.message.includes("\n"));
  const { rings } = await transferred(", skeleton: keep, pose: match", garment);
  for (let ring = 1; ring < 8; ring++) assertAlmostEquals(rings[ring], ring / 8, 0.02);
  const ignored = await transferred(", skeleton: keep, pose: ignore, maxDistance: 10", garment);
  assert(Math.abs(ignored.rings[7] - 7 / 8) > 0.1);
  await transferred("", bar(SLEEVE)); // without joints there is nothing to compare
});

/** What a written file holds of an accessor, read without our reader: floats, bytes or shorts of four. */
function rawAttribute(glb: Uint8Array, name: string): number[] | undefined {
  const view = new DataView(glb.buffer, glb.byteOffset), length = view.getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(glb.subarray(20, 20 + length)));
  const index = json.meshes[0].primitives[0].attributes[name];
  if (index === undefined) return undefined;
  const { bufferView, byteOffset = 0, componentType, count, type } = json.accessors[index];
  assertEquals(type, "VEC4");
  const { byteOffset: start = 0, byteStride } = json.bufferViews[bufferView];
  const size = { 5121: 1, 5123: 2, 5126: 4 }[componentType as 5126], at = 28 + length + start + byteOffset;
  return Array.from({ length: 4 * count }, (_, i) => {
    const place = at + Math.floor(i / 4) * (byteStride ?? 4 * size) + i % 4 * size;
    return size === 4 ? view.getFloat32(place, true) : size === 2 ? view.getUint16(place, true) : view.getUint8(place);
  });
}

Deno.test("transfer-weights writes a second set of joints where more than four move a vertex, and only there", async () => {
  const shares = [0.3, 0.2, 0.15, 0.125, 0.125, 0.1], file = new Builder(), { positions, indices } = icosphere(2, 1);
  const perVertex = <T extends Uint8Array | Float32Array>(data: T, of: (k: number) => number) =>
    data.map((_, i) => of(i % 4)) as T;
  const count = 4 * positions.length / 3,
    set = (first: number) => ({
      joints: file.accessor(perVertex(new Uint8Array(count), (k) => shares[first + k] ? first + k : 0), "VEC4"),
      weights: file.accessor(perVertex(new Float32Array(count), (k) => shares[first + k] ?? 0), "VEC4"),
    });
  const [first, second] = [set(0), set(4)];
  const mesh = file.mesh([{
    attributes: {
      POSITION: file.positions(positions),
      JOINTS_0: first.joints,
      WEIGHTS_0: first.weights,
      JOINTS_1: second.joints,
      WEIGHTS_1: second.weights,
    },
    indices: file.accessor(indices, "SCALAR"),
  }]);
  file.json.skins = [{ joints: shares.map((_, j) => file.node({ name: `joint${j}` })) }];
  file.node({ mesh, skin: 0 });
  const inputs = { body: file.glb(), garment: cap(1.05) };
  const written = async (maxInfluences: number) => {
    const text = `version: 1
name: eight
inputs: { body: body.glb, garment: garment.glb }
steps:
  - transfer-weights: { mesh: garment, from: body, maxInfluences: ${maxInfluences} }
outputs: { out: { mesh: garment, file: out.glb } }
`;
    const bytes = (await runRecipe(await recipeOf(text), { inputs })).outputs.get("out")!;
    await assertValid(bytes);
    return bytes;
  };
  const eight = await written(8);
  const [joints, weights] = ["JOINTS", "WEIGHTS"].map((kind) =>
    [0, 1].map((n) => rawAttribute(eight, `${kind}_${n}`)!)
  );
  for (let v = 0; 4 * v < weights[0].length; v++) {
    const own = [0, 1].flatMap((n) => [0, 1, 2, 3].map((k) => [joints[n][4 * v + k], weights[n][4 * v + k]]));
    for (const [slot, share] of shares.entries()) {
      assertEquals(own[slot][0], slot);
      assertAlmostEquals(own[slot][1], share, 1e-6);
    }
    assertEquals(own.slice(6), [[0, 0], [0, 0]]);
  }
  const four = await written(4);
  assertEquals([rawAttribute(four, "JOINTS_1"), rawAttribute(four, "WEIGHTS_1")], [undefined, undefined]);
  assertAlmostEquals(rawAttribute(four, "WEIGHTS_0")![0], 0.3 / 0.775, 1e-6);
});

Deno.test("transfer-weights names joints that no file has before anything runs, with the nearest of its names", async () => {
  const inputs = { body: BODY, garment: bar({ ...SLEEVE, weight: () => 1 }) };
  for (
    const [options, place, message] of [
      ["joints: lowerarm", ["joints"], '"body" has no joint "lowerarm": did you mean "lowerarm_l"?'],
      [
        "skeleton: keep, joints: mixamorig:LeftArn",
        ["joints"],
        '"garment" has no joint "mixamorig:LeftArn": did you mean "mixamorig:LeftArm"?',
      ],
      [
        "jointMap: [{ from: upperarm_1, to: mixamorig:LeftArm }]",
        ["jointMap", 0, "from"],
        '"body" has no joint "upperarm_1": did you mean "upperarm_l"?',
      ],
    ] as const
  ) {
    const text = `version: 1
name: names
inputs: { body: body.glb, garment: garment.glb }
steps: [{ transfer-weights: { mesh: garment, from: body, ${options} } }]
outputs: { out: { mesh: garment, file: out.glb } }
`;
    const recipe = await recipeOf(text);
    for (const exact of [true, false]) {
      const error = await assertRejects(() => planInputs(recipe, { inputs, exact }), PlanError);
      assertEquals([error.code, error.path], ["unknown-joint", ["steps", 0, "transfer-weights", ...place]]);
      assertStringIncludes(error.message, message);
    }
  }
});

Deno.test("transfer-weights refuses pairs of joints that are not there, or stand twice", async () => {
  const garment = bar({ ...SLEEVE, weight: () => 1 }), keep = ", skeleton: keep";
  for (
    const [pair, whose, key] of [
      ["{ from: elbow, to: mixamorig:LeftArm }", "body", "from"],
      ["{ from: lowerarm_l, to: elbow }", "garment", "to"],
      ["{ from: lowerarm_l, to: mixamorig* }", "garment", "to"],
    ]
  ) {
    const error = await assertRejects(() => transferred(`${keep}, jointMap: [${pair}]`, garment), PlanError);
    assertEquals([error.code, error.path], ["unknown-joint", ["steps", 0, "transfer-weights", "jointMap", 0, key]]);
    assertStringIncludes(error.message, `"${whose}" has no joint "`);
  }
  const pair = "{ from: lowerarm_l, to: mixamorig:LeftArm }",
    error = await assertRejects(
      () => transferred(`${keep}, jointMap: [${pair}, ${pair}]`, garment),
    ) as Error;
  assertStringIncludes(error.message, '"lowerarm_l" stands twice');
});

Deno.test("transfer-weights says when there is no skin it trusts", async () => {
  const { op } = await transferred(", maxDistance: 0%", bar(SLEEVE));
  assertStringIncludes(op.warnings.join(), "No skin near it is to be trusted");
});

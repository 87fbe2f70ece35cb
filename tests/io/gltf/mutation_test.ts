import validator from "gltf-validator";
import { assert, assertEquals } from "@std/assert";
import { InputFileError, openMeshFile, readSkeleton, writeMesh } from "../../../io/mod.ts";
import { envNumber } from "../_env_number.ts";
import { compress } from "./_compress.ts";
import { everything, exported, mutant, placesIn, random, STRANGE_COUNT, strangeAt } from "./_mutants.ts";
import { assertValid, readAll } from "./_reading.ts";
import { threadMs } from "../../_thread_clock.ts";

/** How many files are broken; `MESHTAILOR_MUTANTS=20000` for more. */
const MUTANTS = await envNumber("MESHTAILOR_MUTANTS", 500);

/** A file that takes longer hangs. */
const LONGEST_MS = 5000;

/**
 * Faults of what is only carried along that a mutant may keep, as nobody can
 * tell what was meant and refusing them would turn real files away: damaged or
 * missing images, textures on a mesh without UVs, and transforms that shear.
 */
const KEPT = /^(IMAGE_|IO_ERROR |INVALID_URI |NODE_MATRIX_NON_TRS |MESH_PRIMITIVE_TOO_FEW_TEXCOORDS )/;

/** How a mutant ended. */
type End = "refused" | "written";

async function errorsOf(bytes: Uint8Array): Promise<string[]> {
  const { issues } = await validator.validateBytes(bytes, { maxIssues: 1000 });
  return issues.messages.filter(({ severity }: { severity: number }) => severity === 0)
    .map(({ code, pointer }: { code: string; pointer: string }) => `${code} ${pointer}`);
}

/** Reads a file and writes it as it is, moved, and bound to its own skeleton; asserts that each is valid. */
async function outcome(bytes: Uint8Array, path: string): Promise<End> {
  try {
    const document = await openMeshFile(bytes, { path });
    const { header, positions, normals, indices, skinJoints, skinWeights } = readAll(document);
    assert(positions.every(Number.isFinite) && normals.every(Number.isFinite), "not finite");
    assert(indices.every((index) => index < header.vertexCount), "index out of range");
    const skeleton = readSkeleton(document, header), moved = positions.map((value) => Math.fround(value * 0.5));
    const { influencesPerVertex } = header;
    const outputs = [writeMesh(document, header, {}), writeMesh(document, header, { positions: moved, normals })];
    if (skeleton !== undefined) {
      outputs.push(writeMesh(document, header, { skin: { skeleton, skinJoints, skinWeights, influencesPerVertex } }));
    }
    for (const output of outputs) assertEquals((await errorsOf(output)).filter((error) => !KEPT.test(error)), []);
    return "written";
  } catch (error) {
    if (!(error instanceof InputFileError)) throw error;
    const { message } = error;
    assert(message.startsWith(`Cannot read "${path}"`) && !message.includes("\n") && message.length < 600, message);
    return "refused";
  }
}

/** Breaks files by seed, from 1 on, and counts how they end. */
async function endsOf(count: number, path: string, make: (seed: number) => Uint8Array): Promise<Record<End, number>> {
  const ends = { refused: 0, written: 0 };
  for (let seed = 1; seed <= count; seed++) {
    const started = threadMs();
    try {
      ends[await outcome(make(seed), path)]++;
    } catch (cause) {
      throw new TypeError(`Mutant ${seed} must be refused or written: ${cause}`, { cause });
    }
    const elapsedMs = threadMs() - started;
    assert(elapsedMs < LONGEST_MS, `mutant ${seed} took ${elapsedMs} ms`);
  }
  return ends;
}

/** A file with bits flipped, or cut off, or both. */
function damaged(bytes: Uint8Array, seed: number): Uint8Array {
  const next = random(seed), out = seed % 5 === 0 ? bytes.slice(0, Math.floor(next() * bytes.length)) : bytes.slice();
  for (let n = seed % 5 === 0 ? 0 : 1 + Math.floor(next() * 6); n > 0; n--) {
    out[Math.floor(next() * out.length)] ^= 1 << Math.floor(next() * 8);
  }
  return out;
}

Deno.test("the files the mutants are made of are valid", async () => {
  for (const file of [everything(), exported()]) {
    await assertValid(file.glb(), ["DATA_URI_GLB", "NODE_SKINNED_MESH_LOCAL_TRANSFORMS", "BUFFER_VIEW_TARGET_MISSING"]);
  }
});

Deno.test(`${MUTANTS} mutants of .glb files are refused in one sentence or written as valid files`, async () => {
  const { refused, written } = await endsOf(MUTANTS, "mutant.glb", mutant);
  assert(refused > MUTANTS / 10 && written > MUTANTS / 10, `${refused} refused, ${written} written`);
});

Deno.test("every place of a file holds strange values: each is refused in one sentence or written as a valid file", async () => {
  const b = exported();
  b.glb();
  const places = placesIn(b.json), kinds = STRANGE_COUNT, all = places.length * kinds;
  // The whole of it is a task; here are as many as there are mutants, spread over places and values.
  const step = Math.max(1, Math.floor(all / MUTANTS)) | 1;
  const count = Math.floor(all / step);
  const { refused, written } = await endsOf(count, "strange.glb", (n) => {
    const at = (n * step) % all;
    return strangeAt(b, places[Math.floor(at / kinds)], at % kinds);
  });
  assert(refused > count / 10 && written > count / 10, `${refused} refused, ${written} written`);
});

for (const kind of ["draco", "meshopt"] as const) {
  Deno.test(`${MUTANTS / 10} damaged files with ${kind} are refused in one sentence or written as valid files`, async () => {
    const b = everything();
    // The validator itself breaks on some damaged images.
    for (const list of ["images", "textures", "materials"]) delete b.json[list];
    delete b.json.meshes[0].primitives[0].material;
    const packed = await compress(b.glb(), kind);
    await endsOf(MUTANTS / 10, "mutant.glb", (seed) => damaged(packed, seed));
  });
}

const TEXTS: readonly [name: string, text: string][] = [
  [
    "mutant.obj",
    "o a\nusemtl m\nv 0 0 0 1 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvn 0 0 1\nf 1/1/1 2/1/1 3/1/1 4/1/1\n",
  ],
  [
    "mutant.ply",
    "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n" +
    "element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n",
  ],
  [
    "mutant.stl",
    "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid\n",
  ],
];
for (const [name, text] of TEXTS) {
  Deno.test(`${MUTANTS / 5} damaged ${name.slice(-3)} files are refused in one sentence or written as valid files`, async () => {
    const bytes = new TextEncoder().encode(text);
    const { written } = await endsOf(MUTANTS / 5, name, (seed) => damaged(bytes, seed));
    assert(written > 0);
  });
}

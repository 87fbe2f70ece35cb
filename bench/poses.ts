// deno-lint-ignore-file no-console -- a report for a person
/**
 * `deno task poses [--out DIR] [CASE …]`: fits samples beside the checkout, poses
 * body and garment together, and prints how much pokes through and how edges
 * stretch: with our weights, with those of the closest points alone, and with the
 * known answer's, all on the same fitted garment. Then the known answers are bound
 * anew in poses where limbs lie side by side. With `--out` the posed meshes are
 * written, to be looked at.
 *
 * @module
 */
import {
  buildTopology,
  densePenetration,
  edgeStretch,
  type SkinWeights,
  SurfaceIndex,
  transferWeights,
  type TriangleMesh,
} from "../fitting/mod.ts";
import { findMesh, openMeshFile, readMesh, readSkeleton } from "../io/mod.ts";
import { BufferScope } from "../pool/mod.ts";
import { Builder } from "../tests/io/gltf/_builder.ts";
import { DATA, type QualityCase, qualityCases, recipeFor } from "./quality/cases.ts";
import { CLOSE_POSES, posed, POSES } from "./quality/pose_body.ts";

const CLI = new URL("../cli.ts", import.meta.url).pathname;

async function read(path: string) {
  const document = await openMeshFile(await Deno.readFile(path), { path });
  const header = findMesh(document), { vertexCount, faceCount, influencesPerVertex } = header;
  const mesh = { positions: new Float32Array(3 * vertexCount), indices: new Uint32Array(3 * faceCount) };
  const count = influencesPerVertex * vertexCount;
  const skin = { skinJoints: new Uint16Array(count), skinWeights: new Float32Array(count), influencesPerVertex };
  readMesh(document, header, count === 0 ? mesh : { ...mesh, ...skin });
  return { mesh, skin, skeleton: readSkeleton(document, header) };
}

async function fitted(one: QualityCase, folder: string): Promise<string> {
  const recipe = `${folder}/${one.id}.yaml`;
  await Deno.writeTextFile(recipe, recipeFor(one));
  const args = ["run", "--no-prompt", "--no-check", "-R", "-W", CLI, recipe, "--out", folder, "--quiet", "--force"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  if (!success) throw new TypeError(new TextDecoder().decode(stderr));
  return `${folder}/${one.id}.glb`;
}

function glbOf({ positions, indices }: TriangleMesh): Uint8Array {
  const file = new Builder();
  const attributes = { POSITION: file.positions(positions) };
  file.node({ mesh: file.mesh([{ attributes, indices: file.accessor(indices, "SCALAR") }]) });
  return file.glb();
}

async function measureCase(one: QualityCase, folder: string, out: string | undefined): Promise<void> {
  const at = (path: string) => new URL(path, DATA).pathname;
  const body = await read(at(one.target_body)), truth = await read(at(one.truth));
  const source = await read(at(one.source_body ?? one.target_body)), input = await read(at(one.garment));
  const result = await read(await fitted(one, folder)), skeleton = body.skeleton!;
  using scope = new BufferScope();
  const topology = buildTopology(input.mesh, scope, scope), vertexCount = input.mesh.positions.length / 3;
  const closest: SkinWeights = {
    skinJoints: new Uint16Array(4 * vertexCount),
    skinWeights: new Float32Array(4 * vertexCount),
    influencesPerVertex: 4,
  };
  const index = SurfaceIndex.build(source.mesh, scope), jointCount = skeleton.jointCount;
  transferWeights(input.mesh, topology, { ...source, index, jointCount }, closest, scope, { method: "barycentric" });
  const ways = [
    ["ours", result.skin, result.skeleton!.jointNames],
    ["closest point", closest, source.skeleton!.jointNames],
    ...truth.skeleton === undefined ? [] : [["known answer", truth.skin, truth.skeleton.jointNames] as const],
  ] as const;
  for (const [name, pose] of Object.entries(POSES)) {
    using frame = scope.frame("pose");
    const posedBody = posed(body.mesh, body.skin, skeleton.jointNames, skeleton, pose);
    const bodyIndex = SurfaceIndex.build(posedBody, frame);
    if (out !== undefined) {
      await Deno.writeFile(`${out}/${one.id}_${name.replace(/\W+/g, "")}_body.glb`, glbOf(posedBody));
    }
    for (const [way, skin, joints] of ways) {
      const mesh = posed(result.mesh, skin, joints, skeleton, pose);
      const { insideArea, maxDepth } = densePenetration(mesh, topology, bodyIndex, frame);
      const { p1, p99, max } = edgeStretch(result.mesh, mesh.positions, topology, frame);
      console.log(
        `| ${one.id} | ${name} | ${way} | ${(100 * insideArea).toFixed(2)} % | ${(1000 * maxDepth).toFixed(1)} | ${
          p1.toFixed(2)
        }–${p99.toFixed(2)}, ${max.toFixed(1)} |`,
      );
      if (out === undefined) continue;
      await Deno.writeFile(`${out}/${one.id}_${name.replace(/\W+/g, "")}_${way.replace(" ", "_")}.glb`, glbOf(mesh));
    }
  }
}

/** Poses body and known answer together, asks for the weights anew in that pose, and compares them with those it was posed by. */
async function measureBleed(one: QualityCase): Promise<void> {
  const at = (path: string) => new URL(path, DATA).pathname;
  const body = await read(at(one.target_body)), truth = await read(at(one.truth)), skeleton = body.skeleton!;
  if (truth.skeleton === undefined) return;
  const vertexCount = truth.mesh.positions.length / 3;
  for (const [name, pose] of Object.entries(CLOSE_POSES)) {
    using scope = new BufferScope();
    const mesh = posed(truth.mesh, truth.skin, truth.skeleton.jointNames, skeleton, pose);
    const surface = posed(body.mesh, body.skin, skeleton.jointNames, skeleton, pose);
    const source = { mesh: surface, skin: body.skin, jointCount: skeleton.jointCount };
    const index = SurfaceIndex.build(surface, scope), topology = buildTopology(truth.mesh, scope, scope);
    const differences = (["barycentric", "inpaint"] as const).map((method) => {
      const skin = {
        skinJoints: new Uint16Array(4 * vertexCount),
        skinWeights: new Float32Array(4 * vertexCount),
        influencesPerVertex: 4,
      };
      transferWeights(mesh, topology, { ...source, index }, skin, scope, { method });
      return differenceOf(skin, skeleton.jointNames, truth.skin, truth.skeleton!.jointNames);
    });
    console.log(`| ${one.id} | ${name} | ${differences.join(" | ")} |`);
  }
}

/** Mean over vertices of the summed differences, and how many vertices differ by more than 1. */
function differenceOf(a: SkinWeights, aNames: readonly string[], b: SkinWeights, bNames: readonly string[]): string {
  const vertexCount = a.skinWeights.length / a.influencesPerVertex;
  let sum = 0, wrong = 0;
  for (let v = 0; v < vertexCount; v++) {
    const differences = new Map<string, number>();
    for (
      const [{ skinJoints, skinWeights, influencesPerVertex: slots }, names, sign] of [[a, aNames, 1], [
        b,
        bNames,
        -1,
      ]] as const
    ) {
      for (let i = slots * v; i < slots * (v + 1); i++) {
        const name = names[skinJoints[i]];
        differences.set(name, (differences.get(name) ?? 0) + sign * skinWeights[i]);
      }
    }
    const difference = [...differences.values()].reduce((all, one) => all + Math.abs(one), 0);
    sum += difference;
    if (difference > 1) wrong++;
  }
  return `${(sum / vertexCount).toFixed(4)} (${wrong})`;
}

if (import.meta.main) {
  const at = Deno.args.indexOf("--out"), out = at < 0 ? undefined : Deno.args[at + 1];
  const ids = Deno.args.filter((arg, i) => !arg.startsWith("--") && i !== at + 1 || at < 0 && !arg.startsWith("--"));
  const cases = await qualityCases(ids.length === 0 ? ["r01", "r03", "r07"] : ids);
  if (cases === undefined) {
    console.log(`Nothing to pose, as the samples are not beside the checkout (${DATA.pathname})`);
    Deno.exit(0);
  }
  if (out !== undefined) await Deno.mkdir(out, { recursive: true });
  const folder = await Deno.makeTempDir({ prefix: "meshtailor-poses-" });
  try {
    console.log("| case | pose | weights | area inside | deepest mm | edges p1–p99, max |\n|---|---|---|--:|--:|---|");
    for (const one of cases) await measureCase(one, folder, out);
    console.log("\n| case | bound like this | closest point: L1 (vertices > 1) | ours |\n|---|---|--:|--:|");
    for (const one of cases) await measureBleed(one);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

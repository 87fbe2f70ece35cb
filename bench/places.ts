// deno-lint-ignore-file no-console -- a report for a person
/**
 * `deno task places [--data FOLDER] [--samples] [--every N] [--all] [PIECE …]`: takes pieces that are worn well on a body (the samples
 * beside the checkout, and pieces cut from the skin of a body), writes them as files come: at their own zero, turned,
 * in other units, with another axis up; asks `align` to place them on the same body and on another one, and
 * prints how many end where they are worn, how many do not but are said to be doubtful, and which are plainly wrong.
 *
 * @module
 */
import { alignBounds, type AlignReport, SurfaceHit, SurfaceIndex, type TriangleMesh } from "../fitting/mod.ts";
import { ALIGN_BOUNDS_DEFAULTS } from "../fitting/align/align_bounds.ts";
import { findMesh, openMeshFile, readMesh, readSkeleton } from "../io/mod.ts";
import { BufferScope } from "../pool/mod.ts";
import { align } from "../recipes/steps/align.ts";
import { type Body, cutPieces, hangingPieces, type Piece } from "./places/pieces.ts";

type Write = (x: number, y: number, z: number) => readonly [x: number, y: number, z: number];

/** How a file may be written; about the middle of the piece, which then comes to zero or to where it says. */
const WRITTEN: readonly (readonly [name: string, write: Write, keepsPlace: boolean])[] = [
  ["in place, dm", (x, y, z) => [10 * x, 10 * y, 10 * z], true],
  ["turned by 90° in place", (x, y, z) => [z, y, -x], false],
  ["facing -z, beside", (x, y, z) => [0.5 - x, y, -z], true],
  ["at zero, cm", (x, y, z) => [100 * x, 100 * y, 100 * z], false],
  ["at zero, mm, z up", (x, y, z) => [1000 * x, -1000 * z, 1000 * y], false],
  ["at zero, facing -z", (x, y, z) => [-x, y, -z], false],
  ["on its back, off", (x, y, z) => [x + 0.4, -z + 0.2, y], false],
  ["tilted by 30°, off", (x, y, z) => [0.866 * x - 0.5 * y + 0.2, 0.5 * x + 0.866 * y + 1.3, z + 0.5], false],
];

function written(
  { positions, indices }: TriangleMesh,
  [name, write, keepsPlace]: (typeof WRITTEN)[number],
): TriangleMesh {
  const middle = [0, 1, 2].map((k) => {
    let low = Infinity, high = -Infinity;
    for (let i = k; i < positions.length; i += 3) {
      low = Math.min(low, positions[i]);
      high = Math.max(high, positions[i]);
    }
    return keepsPlace ? 0 : (low + high) / 2;
  });
  const out = new Float32Array(positions.length), stays = name.endsWith("in place");
  for (let i = 0; i < out.length; i += 3) {
    const [x, y, z] = [0, 1, 2].map((k) => positions[i + k] - middle[k]);
    out.set(write(x, y, z).map((value, k) => value + (stays ? middle[k] : 0)), i);
  }
  return { positions: out, indices };
}

interface Outcome {
  readonly piece: Piece;
  readonly written: string;
  /** Mean distance to the answer, metres. */
  readonly off: number;
  readonly isRight: boolean;
  readonly said: readonly string[];
  readonly report: AlignReport;
}

/** A piece is right within this share of its radius, and this much, metres. */
const SHARE = 0.25, AIR = 0.012;

function judge(
  out: Float32Array,
  { truth, worn: { indices }, isAlikeTurned }: Piece,
): { off: number; isRight: boolean } {
  const n = truth.length / 3, centre = [0, 0, 0];
  for (let i = 0; i < truth.length; i++) centre[i % 3] += truth[i] / n;
  let radiusSq = 0, off = 0;
  for (let i = 0; i < truth.length; i += 3) {
    let distanceSq = 0;
    for (let k = 0; k < 3; k++) {
      radiusSq += (truth[i + k] - centre[k]) ** 2 / n;
      distanceSq += (out[i + k] - truth[i + k]) ** 2;
    }
    off += Math.sqrt(distanceSq) / n;
  }
  if (isAlikeTurned) off = Math.min(off, apart(out, truth, indices), apart(out, mirrored(truth), indices));
  return { off, isRight: off < SHARE * Math.sqrt(radiusSq) + AIR };
}

/** Mean distance of the vertices from the other surface. */
function apart(out: Float32Array, truth: Float32Array, indices: Uint32Array): number {
  using scope = new BufferScope();
  const index = SurfaceIndex.build({ positions: truth, indices }, scope), hit = new SurfaceHit();
  let sum = 0;
  for (let i = 0; i < out.length; i += 3) sum += Math.abs(index.signedDistance(out[i], out[i + 1], out[i + 2], hit));
  return 3 * sum / out.length;
}

function mirrored(positions: Float32Array): Float32Array {
  return positions.map((value, i) => i % 3 === 0 ? -value : value);
}

async function read(path: string): Promise<Body & { hasSkin: boolean }> {
  const document = await openMeshFile(await Deno.readFile(path), { path });
  const header = findMesh(document), { vertexCount, faceCount, influencesPerVertex } = header;
  const mesh = { positions: new Float32Array(3 * vertexCount), indices: new Uint32Array(3 * faceCount) };
  const count = influencesPerVertex * vertexCount;
  const skin = { skinJoints: new Uint16Array(count), skinWeights: new Float32Array(count), influencesPerVertex };
  readMesh(document, header, count === 0 ? mesh : { ...mesh, ...skin });
  return { mesh, skin, jointNames: readSkeleton(document, header)?.jointNames ?? [], hasSkin: count > 0 };
}

/** What the samples have: garments with an answer, on the body it is for and as made on another one. */
async function samplePieces(data: URL): Promise<Piece[]> {
  const { cases } = JSON.parse(await Deno.readTextFile(new URL("manifest.json", data)));
  const pieces: Piece[] = [], seen = new Set<string>();
  for (const { kind, garment, truth, target_body: body } of cases) {
    if (kind !== "refit" || !/\/[A-Z]\d?\.glb$/.test(body) || seen.has(truth)) continue;
    seen.add(truth);
    const worn = await read(new URL(garment, data).pathname), answer = await read(new URL(truth, data).pathname);
    const name = garment.replace(/.*\/|__.*|\.glb/g, "");
    pieces.push({ name, worn: worn.mesh, truth: answer.mesh.positions, body, isAlikeTurned: false });
  }
  return pieces;
}

if (import.meta.main) {
  const args = [...Deno.args], at = args.indexOf("--data");
  const data = at < 0
    ? new URL("../../shared/data/", import.meta.url)
    : new URL(`file://${await Deno.realPath(args.splice(at, 2)[1])}/`);
  const everyAt = args.indexOf("--every"), every = everyAt < 0 ? 1 : Number(args.splice(everyAt, 2)[1]);
  const names = args.filter((arg) => !arg.startsWith("--")), bodies = new Map<string, Body>();
  const bodyOf = async (path: string) => {
    if (!bodies.has(path)) bodies.set(path, await read(new URL(path, data).pathname));
    return bodies.get(path)!;
  };
  const made = await bodyOf("bodies/A.glb"), pieces = await samplePieces(data);
  for (const body of Deno.args.includes("--samples") ? [] : ["bodies/A.glb", "bodies/B1.glb"]) {
    const worn = await bodyOf(body);
    pieces.push(...cutPieces(made, worn, body), ...hangingPieces(made, worn, body));
  }
  const scope = new BufferScope(), indices = new Map<string, SurfaceIndex>(), outcomes: Outcome[] = [];
  let trial = 0;
  for (const piece of pieces) {
    if (names.length > 0 && !names.some((name) => piece.name.includes(name))) continue;
    const { mesh, skin, jointNames } = await bodyOf(piece.body);
    if (!indices.has(piece.body)) indices.set(piece.body, SurfaceIndex.build(mesh, scope));
    const target = { mesh, index: indices.get(piece.body)!, skin, jointNames };
    for (const way of WRITTEN) {
      if (trial++ % every !== 0) continue;
      using scratch = new BufferScope();
      const file = written(piece.worn, way), out = new Float32Array(file.positions.length);
      const report = alignBounds(file, target, out, scratch);
      const said = align.warn?.({ ...report }, { ...ALIGN_BOUNDS_DEFAULTS }) ?? [];
      const outcome = { piece, written: way[0], ...judge(out, piece), said, report };
      outcomes.push(outcome);
      if (outcome.isRight && !Deno.args.includes("--all")) continue;
      const { region, side, units, upAxis, kept, scale, confidence, placeConfidence, rival, insideFraction } = report;
      console.log(
        `${outcome.isRight ? "right " : said.length > 0 ? "doubt " : "WRONG "} ${piece.name} → ${
          piece.body.slice(7, -4)
        }, ${way[0]}: ` +
          `${(1000 * outcome.off).toFixed(0)} mm off; ${units} ${upAxis} ${
            kept ? "kept" : "moved"
          } ${region} ${side} ×${scale.toFixed(2)} ` +
          `sure ${confidence.toFixed(2)} ${placeConfidence.toFixed(2)} ${rival} inside ${insideFraction.toFixed(2)}`,
      );
    }
  }
  const count = (some: Outcome[]) => {
    const right = some.filter(({ isRight }) => isRight), wrong = some.filter(({ isRight }) => !isRight);
    const doubted = (list: Outcome[]) => list.filter(({ said }) => said.length > 0).length;
    return `${right.length} | ${doubted(right)} | ${doubted(wrong)} | ${
      wrong.length - doubted(wrong)
    } | ${some.length}`;
  };
  console.log("\n| written | right | of these doubted | wrong, and says so | wrong | of |\n|---|--:|--:|--:|--:|--:|");
  for (const [name] of WRITTEN) {
    console.log(`| ${name} | ${count(outcomes.filter(({ written }) => written === name))} |`);
  }
  console.log(`| all | ${count(outcomes)} |`);
}

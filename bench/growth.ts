// deno-lint-ignore-file no-console -- a report for a person
/**
 * `deno task growth [VERTICES]`: fits one garment at more and more vertices, up to
 * `VERTICES` (300,000 unless given), on one pair of bodies, and prints CPU time, the
 * memory that was leased and how time grows as Markdown: a made shirt with pleats,
 * of 1,000 vertices and up, and a suit of the samples beside the checkout where they are.
 *
 * @module
 */
import { fitGarment, type Topology, type TriangleMesh } from "../fitting/mod.ts";
import { BufferPool, BufferScope } from "../pool/mod.ts";
import { indexed } from "../tests/fitting/_bodies.ts";
import { quartered } from "../tests/fitting/_body.ts";
import { facesWhere } from "../tests/fitting/_mannequin.ts";
import { icosphere } from "../tests/fitting/_meshes.ts";
import { moved } from "../tests/fitting/_more_meshes.ts";
import { hasData, readSample } from "../tests/io/gltf/_data.ts";
import { readAll, reopen } from "../tests/io/gltf/_reading.ts";
import { cpuMs } from "./speed/race.ts";

/** A garment at rising density, and the bodies it goes between. */
interface Growing {
  readonly name: string;
  readonly source: TriangleMesh;
  readonly target: TriangleMesh;
  /** The garment at density 0. */
  readonly garment: TriangleMesh;
  /** The garment at the next density: four times as many faces. */
  denser(garment: TriangleMesh, density: number): TriangleMesh;
}

/** A trunk with a waist, another shape of it, and a shirt about the first with pleats 16 mm deep. */
function madeShirt(): Growing {
  const trunk = (level: number, wide: number, tall: number, pleats = 0) =>
    moved(icosphere(level), (x, y, z) => {
      const waist = 1 - 0.25 * Math.exp(-((y / 0.3) ** 2)), pleat = 1 + pleats * Math.sin(20 * Math.atan2(z, x));
      return [wide * waist * pleat * x, 1 + tall * y, 0.7 * wide * waist * pleat * z];
    });
  const shirt = (density: number) => facesWhere(trunk(4 + density, 0.18, 0.308, 0.045), (_x, y) => y > 0.9 && y < 1.14);
  return {
    name: "made shirt",
    source: trunk(5, 0.16, 0.3),
    target: moved(trunk(5, 0.2, 0.33), (x, y, z) => [x, y + 0.02, z + 0.04 * (y - 1)]),
    garment: shirt(0),
    denser: (_garment, density) => shirt(density),
  };
}

async function sampleSuit(): Promise<Growing> {
  const read = async (path: string) => {
    const { positions, indices } = readAll(await reopen(readSample(path)));
    return { positions, indices };
  };
  return {
    name: "sample suit",
    source: await read("bodies/A.glb"),
    target: await read("bodies/B1.glb"),
    garment: await read("garments/male_casualsuit01__A.glb"),
    denser: quartered,
  };
}

/** Places of the garment that have a face. */
function placesOf({ weldedCount, ringOffsets }: Topology): number {
  let count = 0;
  for (let v = 0; v < weldedCount; v++) if (ringOffsets[v] < ringOffsets[v + 1]) count++;
  return count;
}

/** One fit. */
interface Point {
  readonly places: number;
  /** CPU time. */
  readonly seconds: number;
}

/** The exponent of time over size. */
function growth(from: Point, to: Point): number {
  return Math.log(to.seconds / from.seconds) / Math.log(to.places / from.places);
}

/** Fits the garment at one density and prints its row. */
function measure({ name, source, target }: Growing, garment: TriangleMesh, before?: Point): Point {
  using scope = new BufferScope(new BufferPool({ idleMs: Infinity }));
  const { topology } = indexed(garment, scope), from = indexed(source, scope), { index } = indexed(target, scope);
  const out = new Float32Array(garment.positions.length), start = cpuMs();
  const { iterations, crossings } = fitGarment(garment, topology, index, from, out, scope),
    megabytes = (scope.peakBytes / 1e6).toFixed(0);
  const point = { seconds: (cpuMs() - start) / 1000, places: placesOf(topology) }, { seconds, places } = point;
  const each = (1e6 * seconds / places).toFixed(0), exponent = before && `n^${growth(before, point).toFixed(2)}`;
  console.log(
    `| ${[name, places, seconds.toFixed(2), each, exponent, megabytes, iterations, crossings].join(" | ")} |`,
  );
  return point;
}

const most = Number(Deno.args[0] ?? 300_000);
if (!(most > 0)) {
  console.error(`VERTICES must be a number above 0: it is "${Deno.args[0]}"`);
  Deno.exit(2);
}
console.log(
  "| garment | vertices | CPU s | µs a vertex | from the row before | MB leased | iterations | crossings |\n|---|--:|--:|--:|--:|--:|--:|--:|",
);
const exponents: string[] = [];
for (const growing of [madeShirt(), ...hasData ? [await sampleSuit()] : []]) {
  for (let round = 0; round < 2; round++) measure(growing, growing.garment); // warms up
  const points = [measure(growing, growing.garment)];
  let { garment } = growing;
  for (let density = 1; 4 * points.at(-1)!.places <= most; density++) {
    garment = growing.denser(garment, density);
    points.push(measure(growing, garment, points.at(-1)));
  }
  const first = points[0], last = points.at(-1)!;
  exponents.push(
    `${growing.name}: n^${growth(first, last).toFixed(2)} from ${first.places} to ${last.places} vertices, ${
      (1e6 * first.seconds / first.places).toFixed(0)
    } to ${(1e6 * last.seconds / last.places).toFixed(0)} µs a vertex`,
  );
}
for (const line of exponents) console.log(`\n${line}`);

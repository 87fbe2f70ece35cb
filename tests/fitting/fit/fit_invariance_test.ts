import { assertEquals, assertLess } from "@std/assert";
import { fitGarment, type FitGarmentOptions, type TriangleMesh } from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { hasData, readSample } from "../../io/gltf/_data.ts";
import { readAll, reopen } from "../../io/gltf/_reading.ts";
import { indexed, type Similarity, transformed } from "../_bodies.ts";
import { quartered } from "../_body.ts";
import { facesWhere } from "../_mannequin.ts";
import { icosphere } from "../_meshes.ts";
import { joined, moved } from "../_more_meshes.ts";

interface Fit {
  readonly garment: TriangleMesh;
  readonly source: TriangleMesh | undefined;
  readonly target: TriangleMesh;
}

/** A trunk with a crease round its middle, a wider and taller one, and a shirt about the first. */
function trunks(): Fit {
  const trunk = (level: number, wide: number, tall: number) =>
    moved(icosphere(level), (x, y, z) => {
      const waist = 1 - 0.25 * Math.exp(-((y / 0.3) ** 2));
      return [wide * waist * x, 1 + tall * y, 0.7 * wide * waist * z];
    });
  return {
    garment: facesWhere(trunk(4, 0.168, 0.308), (_x, y) => y > 0.8 && y < 1.22),
    source: trunk(4, 0.16, 0.3),
    target: moved(trunk(4, 0.2, 0.33), (x, y, z) => [x, y + 0.02, z + 0.04 * (y - 1)]),
  };
}

/** Two legs, the same so much thicker that they all but touch, and tights of two sheets that cling to the first. */
function legs(): Fit {
  const pair = (level: number, wide: number) =>
    joined(...[-1, 1].map((side) =>
      moved(icosphere(level), (x, y, z) => {
        const at = wide * (1 - 0.2 * y);
        return [side * 0.0855 + at * x, 0.5 + 0.4 * y, at * z];
      })
    ));
  const sheet = (wide: number, low: number) => facesWhere(pair(3, wide), (_x, y) => y > low && y < 0.75);
  return {
    garment: joined(sheet(0.081, 0.3), sheet(0.083, 0.5)),
    source: pair(3, 0.08),
    target: moved(pair(3, 0.083), (x, y, z) => [x + 0.01 * y, y, z + 0.02 * x]),
  };
}

function fitted({ garment, source, target }: Fit, options: FitGarmentOptions = {}): Float32Array {
  using scope = new BufferScope();
  const out = new Float32Array(garment.positions.length);
  const from = source && indexed(source, scope);
  fitGarment(garment, indexed(garment, scope).topology, indexed(target, scope).index, from, out, scope, options);
  return out;
}

function mapped({ garment, source, target }: Fit, map: (mesh: TriangleMesh) => TriangleMesh): Fit {
  return { garment: map(garment), source: source && map(source), target: map(target) };
}

const TURN: Similarity = { axis: [1, 2, 3], angleRad: 0.8, scale: 1, move: [0.37, -0.21, 0.13] };
const turn = (mesh: TriangleMesh) => ({ ...mesh, positions: transformed(mesh.positions, TURN) });

function mirror({ positions, indices }: TriangleMesh): TriangleMesh {
  const flipped = indices.slice();
  for (let c = 0; c < indices.length; c += 3) [flipped[c + 1], flipped[c + 2]] = [indices[c + 2], indices[c + 1]];
  return { positions: positions.map((x, i) => i % 3 === 0 ? -x : x), indices: flipped };
}

function differences(a: Float32Array, b: Float32Array): { mean: number; largest: number } {
  let sum = 0, largest = 0;
  for (let i = 0; i < a.length; i += 3) {
    const d = Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1], a[i + 2] - b[i + 2]);
    sum += d;
    largest = Math.max(largest, d);
  }
  return { mean: 3 * sum / a.length, largest };
}

async function sample(garment: string, target: string): Promise<Fit> {
  const read = async (path: string) => {
    const { positions, indices } = readAll(await reopen(readSample(path)));
    return { positions, indices };
  };
  return {
    garment: await read(`garments/${garment}.glb`),
    source: await read("bodies/A.glb"),
    target: await read(`bodies/${target}.glb`),
  };
}

function checkAll(name: string, ignore: boolean, load: () => Fit | Promise<Fit>): void {
  Deno.test({
    name: `fitGarment() of ${name}: moved and turned with the bodies, the same within 10 µm`,
    ignore,
    fn: async () => {
      const fit = await load(), here = fitted(fit), there = fitted(mapped(fit, turn));
      assertLess(differences(transformed(here, TURN), there).largest, 1e-5);
    },
  });

  Deno.test({
    name: `fitGarment() of ${name}: mirrored with the bodies, mirrored within 10 µm`,
    ignore,
    fn: async () => {
      const fit = await load(), here = fitted(fit), there = fitted(mapped(fit, mirror));
      assertLess(differences(mirror({ ...fit.garment, positions: here }).positions, there).largest, 1e-5);
    },
  });

  Deno.test({
    name: `fitGarment() of ${name}: faces parted in four, the same surface within 1 mm in the mean`,
    ignore,
    fn: async () => {
      const fit = await load(), coarse = fitted(fit);
      const fine = fitted({ ...fit, garment: quartered(fit.garment) }).subarray(0, coarse.length);
      assertLess(differences(coarse, fine).mean, 1e-3);
    },
  });
}

checkAll("a shirt on a trunk", false, trunks);
checkAll("tights on legs that all but touch", false, legs);
checkAll("a hat (sample)", !hasData, () => sample("fedora__A", "B3"));
checkAll("tights (sample)", !hasData, () => sample("helper-tights__A", "B1"));

Deno.test("fitGarment() gives the same bits every time", () => {
  assertEquals(fitted(trunks()), fitted(trunks()));
});

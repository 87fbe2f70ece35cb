import { fitGarment } from "../../fitting/mod.ts";
import { BufferPool, BufferScope } from "../../pool/mod.ts";
import { indexed } from "../../tests/fitting/_bodies.ts";
import { hasData, readSample } from "../../tests/io/gltf/_data.ts";
import { readAll, reopen } from "../../tests/io/gltf/_reading.ts";
import { facesWhere } from "../../tests/fitting/_mannequin.ts";
import { icosphere } from "../../tests/fitting/_meshes.ts";
import { moved } from "../../tests/fitting/_more_meshes.ts";

const pool = new BufferPool({ idleMs: Infinity });

/** One whole cell of a batch: the suit of the samples beside the checkout, read and fitted, or a made shirt as large. */
export async function fitOnce(): Promise<void> {
  using scope = new BufferScope(pool);
  const { garment, source, target } = hasData ? await samples() : made();
  const { topology } = indexed(garment, scope), from = indexed(source, scope), { index } = indexed(target, scope);
  fitGarment(garment, topology, index, from, new Float32Array(garment.positions.length), scope);
}

async function samples() {
  const read = async (path: string) => readAll(await reopen(readSample(path)));
  return {
    garment: await read("garments/male_casualsuit01__A.glb"),
    source: await read("bodies/A.glb"),
    target: await read("bodies/B1.glb"),
  };
}

function made() {
  const trunk = (level: number, wide: number) =>
    moved(icosphere(level), (x, y, z) => [wide * x, 0.3 * y, 0.7 * wide * z]);
  return {
    garment: facesWhere(trunk(5, 0.17), (_x, y) => y > -0.2 && y < 0.2),
    source: trunk(5, 0.16),
    target: trunk(5, 0.18),
  };
}

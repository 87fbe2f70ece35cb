import { assertEquals } from "@std/assert";
import { alignBounds } from "../../../fitting/align/align_bounds.ts";
import { SurfaceIndex } from "../../../fitting/surface/surface_index.ts";
import { buildTopology } from "../../../fitting/topology/topology.ts";
import { transferWeights } from "../../../fitting/weights/transfer_weights.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { dirtyCases, hasData, readSample } from "../../io/gltf/_data.ts";
import { readAll, reopen } from "../../io/gltf/_reading.ts";
import { moved } from "../_more_meshes.ts";

/** Misaligned pieces, the body they belong on, and how far from the known answer they may end before any fit, millimetres. */
const PLACED = [
  ["cuirass_low__misaligned_zup_x100", "A", "cuirass_low__A", 0.001],
  ["bracer_high__misaligned_turned", "A", "bracer_high__A", 10],
  ["helmet_low__misaligned_node_scale", "B3", "helmet_low__B3", 10],
  ["male_casualsuit03__raw_dm", "B1", "male_casualsuit03__B1", 20],
  ["cuirass_high__misaligned_zup_x100", "B1", "cuirass_high__B1", 24],
  ["shoes03__A", "B1", "shoes03__B1", 16], // made on another body, as are those that follow
  ["fedora__A", "B3", "fedora__B3", 12],
  ["male_worksuit01__A", "B3", "male_worksuit01__B3", 30],
  ["cuirass_mid__A", "B1", "cuirass_mid__B1", 26],
] as const;

for (const [piece, body, truth, limit] of PLACED) {
  Deno.test({
    name: `alignBounds() on sample ${piece}: within ${limit} mm of the known answer`,
    ignore: !hasData,
    fn: async () => {
      const target = await surface(`bodies/${body}.glb`), mesh = await surface(`garments/${piece}.glb`);
      const answer = (await surface(`truth/${truth}.glb`)).positions;
      using scope = new BufferScope();
      const out = new Float32Array(mesh.positions.length);
      alignBounds(mesh, { mesh: target, index: SurfaceIndex.build(target, scope) }, out, scope);
      let sum = 0;
      for (let i = 0; i < out.length; i += 3) {
        sum += Math.hypot(out[i] - answer[i], out[i + 1] - answer[i + 1], out[i + 2] - answer[i + 2]);
      }
      const millimetres = 3000 * sum / out.length;
      assertEquals(millimetres <= limit, true, `${millimetres} mm`);
    },
  });
}

for (
  const [piece, body] of [["fedora__A", "A"], ["shoes03__A", "A"], ["male_worksuit01__A", "A"], [
    "female_casualsuit01__B2",
    "B2",
  ], ["male_generic__B1", "B1"]]
) {
  Deno.test({
    name: `alignBounds() on sample ${piece}: it lies well and stays`,
    ignore: !hasData,
    fn: async () => {
      const target = await surface(`bodies/${body}.glb`), mesh = await surface(`garments/${piece}.glb`);
      using scope = new BufferScope();
      const out = new Float32Array(mesh.positions.length);
      const { kept } = alignBounds(mesh, { mesh: target, index: SurfaceIndex.build(target, scope) }, out, scope);
      assertEquals(kept, true);
      assertEquals(out, mesh.positions);
    },
  });
}

/** Ways a file may be written, and how far each piece may end from where it was, millimetres. */
const WRITTEN: [name: string, write: (x: number, y: number, z: number) => [number, number, number]][] = [
  ["in centimetres with X up, off place", (x, y, z) => [100 * y, -100 * x + 30, 100 * z - 20]],
  ["facing -Z", (x, y, z) => [-x, y, -z]],
  ["at zero, in inches", (x, y, z) => [x / 0.0254, (y - 1.1) / 0.0254, z / 0.0254]],
];

for (const [name, write] of WRITTEN) {
  Deno.test({
    name: `alignBounds() on samples written ${name}: back within 10 mm of where they were`,
    ignore: !hasData,
    fn: async () => {
      const target = await surface("bodies/A.glb");
      using scope = new BufferScope();
      const index = SurfaceIndex.build(target, scope);
      for (const path of ["truth/cuirass_low__A.glb", "garments/male_worksuit01__A.glb"]) {
        const piece = await surface(path), out = new Float32Array(piece.positions.length);
        alignBounds(moved(piece, write), { mesh: target, index }, out, scope);
        let sum = 0;
        for (let i = 0; i < out.length; i += 3) {
          const [dx, dy, dz] = [0, 1, 2].map((k) => out[i + k] - piece.positions[i + k]);
          sum += Math.hypot(dx, dy, dz);
        }
        assertEquals(3000 * sum / out.length < 10, true, `${path}: ${3000 * sum / out.length} mm`);
      }
    },
  });
}

Deno.test({
  name:
    "alignBounds() on sample shoes03__A: a pair that was modelled at zero faces as files do, and does not stay there",
  ignore: !hasData,
  fn: async () => {
    const target = await surface("bodies/B1.glb"), shoes = await surface("garments/shoes03__A.glb");
    const answer = (await surface("truth/shoes03__B1.glb")).positions, out = new Float32Array(answer.length);
    const [x0, y0, z0] = [0, 1, 2].map((k) => {
      const values = shoes.positions.filter((_, i) => i % 3 === k);
      return (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
    });
    using scope = new BufferScope();
    const { kept, forward } = alignBounds(
      moved(shoes, (x, y, z) => [100 * (x - x0), 100 * (y - y0), 100 * (z - z0)]),
      { mesh: target, index: SurfaceIndex.build(target, scope) },
      out,
      scope,
    );
    assertEquals({ kept, forward }, { kept: false, forward: "z" });
    const millimetres = 1000 * out.reduce((sum, value, i) => sum + Math.abs(value - answer[i]), 0) / (out.length / 3);
    assertEquals(millimetres < 35, true, `${millimetres} mm`);
  },
});

Deno.test({
  name: "alignBounds() on sample flat_sheet: what is before the chest stays before it",
  ignore: !hasData,
  fn: async () => {
    const target = await surface("bodies/A.glb"), sheet = await surface("dirty/flat_sheet.glb");
    using scope = new BufferScope();
    const out = new Float32Array(sheet.positions.length);
    alignBounds(sheet, { mesh: target, index: SurfaceIndex.build(target, scope) }, out, scope);
    for (let i = 2; i < out.length; i += 3) assertEquals(out[i] > 0, true, `${out[i]}`);
  },
});

Deno.test({
  name: "alignBounds() on broken samples ends with finite coordinates",
  ignore: !hasData,
  fn: async () => {
    const target = await surface("bodies/A.glb");
    using scope = new BufferScope();
    const index = SurfaceIndex.build(target, scope);
    for (const { id, garment, expect } of dirtyCases) {
      if (expect !== "process" || !garment.endsWith(".glb")) continue;
      const mesh = await surface(garment), out = new Float32Array(mesh.positions.length);
      alignBounds(mesh, { mesh: target, index }, out, scope);
      assertEquals(out.every(Number.isFinite), true, id);
    }
  },
});

for (
  const [garment, body, limit] of [["female_casualsuit01__B2", "B2", 0.052], [
    "male_generic__B1",
    "B1",
    0.0008,
  ]] as const
) {
  Deno.test({
    name: `transferWeights() on sample ${garment}: within ${limit} of the reference weights`,
    ignore: !hasData,
    fn: async () => {
      const source = await surface(`bodies/${body}.glb`), mesh = await surface(`garments/${garment}.glb`);
      const truth = await surface(`truth/${garment}.glb`);
      using scope = new BufferScope();
      const vertexCount = mesh.positions.length / 3, slots = { influencesPerVertex: 4 };
      const out = {
        skinJoints: new Uint16Array(4 * vertexCount),
        skinWeights: new Float32Array(4 * vertexCount),
        ...slots,
      };
      const skin = { skinJoints: source.skinJoints!, skinWeights: source.skinWeights!, ...slots };
      const weightSource = { mesh: source, index: SurfaceIndex.build(source, scope), skin, jointCount: 256 };
      const report = transferWeights(mesh, buildTopology(mesh, scope, scope), weightSource, out, scope);
      assertEquals({ unweighted: report.unweighted, fallbacks: report.fallbacks }, { unweighted: 0, fallbacks: 0 });

      const difference = new Float64Array(256); // both files list the joints of the rig in one order
      let sum = 0;
      for (let v = 0; v < vertexCount; v++) {
        difference.fill(0);
        for (let i = 4 * v; i < 4 * v + 4; i++) {
          difference[out.skinJoints[i]] += out.skinWeights[i];
          difference[truth.skinJoints![i]] -= truth.skinWeights![i];
        }
        for (const value of difference) sum += Math.abs(value);
      }
      assertEquals(sum / vertexCount <= limit, true, `${sum / vertexCount}`);
    },
  });
}

async function surface(path: string): Promise<ReturnType<typeof readAll>> {
  return readAll(await reopen(readSample(path)));
}

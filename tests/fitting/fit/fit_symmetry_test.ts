import { assertAlmostEquals, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import {
  fitGarment,
  fitGarmentBytes,
  type FitGarmentOptions,
  penetration,
  type TriangleMesh,
} from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed } from "../_bodies.ts";
import { facesWhere } from "../_mannequin.ts";
import { icosphere } from "../_meshes.ts";
import { joined, moved, topologyOf } from "../_more_meshes.ts";

/** A ball, the ball grown on one side, and a shell about it with air enough for that. */
const SOURCE = icosphere(3, 0.2);
const LOPSIDED = moved(SOURCE, (x, y, z) => [x > 0 ? 1.2 * x : x, y, z]);
const SHELL = facesWhere(icosphere(3, 0.26), (_x, y) => Math.abs(y) < 0.2);

function fitted(garment: TriangleMesh, body: TriangleMesh, options: FitGarmentOptions) {
  using scope = new BufferScope();
  const out = new Float32Array(garment.positions.length), source = indexed(SOURCE, scope);
  const { index, topology } = indexed(body, scope),
    scratch = new BufferScope(),
    worn = indexed(garment, scope).topology;
  const report = fitGarment(garment, worn, index, source, out, scratch, options);
  const counts = ({ indices, positions }: TriangleMesh) => ({
    faceCount: indices.length / 3,
    vertexCount: positions.length / 3,
  });
  const sizes = {
    mesh: { ...worn, ...counts(garment) },
    target: counts(body),
    source: { ...source.topology, ...counts(SOURCE) },
  };
  assertEquals(topology.weldedCount, source.topology.weldedCount);
  assertEquals(scratch.peakBytes, fitGarmentBytes(sizes, { isMirrored: options.mirrorX !== undefined }));
  return { out, report, inside: penetration({ ...garment, positions: out }, index, scope).insideVertices };
}

/** How far places are from the mirror images of their partners, at most; and how many have one. */
function asymmetry(garment: TriangleMesh, out: Float32Array, mirrorX = 0): number {
  const key = (x: number, y: number, z: number) => [x, y, z].map((c) => Math.round(1e5 * c) || 0).join();
  const places = new Map<string, number>(), { positions: p } = garment, used = new Set(garment.indices);
  for (const v of used) places.set(key(p[3 * v] - mirrorX, p[3 * v + 1], p[3 * v + 2]), v);
  let most = 0, found = 0;
  for (const v of used) {
    const w = places.get(key(mirrorX - p[3 * v], p[3 * v + 1], p[3 * v + 2]));
    if (w === undefined) continue;
    found++;
    most = Math.max(most, Math.abs(out[3 * v] + out[3 * w] - 2 * mirrorX), Math.abs(out[3 * v + 1] - out[3 * w + 1]));
  }
  assertGreater(found, 0.9 * used.size);
  return most;
}

Deno.test("fitGarment() with mirrorX ends alike on both sides, on a body that is not", () => {
  const free = fitted(SHELL, LOPSIDED, {}), alike = fitted(SHELL, LOPSIDED, { mirrorX: 0 });
  assertGreater(asymmetry(SHELL, free.out), 0.005);
  assertLess(asymmetry(SHELL, alike.out), 1e-6);
  assertEquals([free.report.paired, alike.report.paired, alike.inside], [0, new Set(SHELL.indices).size, 0]);
});

Deno.test("fitGarment() with mirrorX takes the plane where it is, and leaves the contact the last word", () => {
  const shift = (mesh: TriangleMesh) => moved(mesh, (x, y, z) => [x + 0.5, y, z]);
  const { out } = fitted(SHELL, LOPSIDED, { mirrorX: 0 });
  const tight = moved(SHELL, (x, y, z) => [0.8 * x, 0.8 * y, 0.8 * z]);
  const pressed = fitted(tight, LOPSIDED, { mirrorX: 0 });
  assertEquals(pressed.inside, 0);
  assertGreater(pressed.report.minDistance, 0.0019);
  using scope = new BufferScope();
  const garment = shift(SHELL), there = new Float32Array(garment.positions.length);
  const { topology } = indexed(garment, scope), { index } = indexed(shift(LOPSIDED), scope);
  fitGarment(garment, topology, index, indexed(shift(SOURCE), scope), there, scope, { mirrorX: 0.5 });
  for (const v of new Set(SHELL.indices)) assertAlmostEquals(there[3 * v], out[3 * v] + 0.5, 5e-4);
  assertLess(asymmetry(garment, there, 0.5), 1e-6);
});

Deno.test("fitGarment() with mirrorX leaves what is pinned, and places without a partner", () => {
  const tag = moved(icosphere(1, 0.02), (x, y, z) => [x + 0.3, y, z]), both = joined(SHELL, tag);
  const { representative } = topologyOf(both),
    pin = Uint8Array.from(representative, (v) => both.positions[3 * v] > 0.2 ? 1 : 0);
  const { out, report } = fitted(both, LOPSIDED, { mirrorX: 0, pin });
  assertEquals(report.paired, new Set(SHELL.indices).size);
  representative.forEach((v, place) => {
    if (pin[place] === 1) assertEquals(out.subarray(3 * v, 3 * v + 3), both.positions.subarray(3 * v, 3 * v + 3));
  });
});

Deno.test("fitGarment() refuses mirrorX for a garment that is not alike on both sides", () => {
  const half = facesWhere(SHELL, (x) => x > -0.05);
  assertThrows(
    () => fitted(half, LOPSIDED, { mirrorX: 0 }),
    RangeError,
    "Cannot fit symmetrically as the garment must be alike on both sides of x = 0",
  );
});

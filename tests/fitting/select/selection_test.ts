import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  growSelection,
  growSelectionBytes,
  invertSelection,
  keepFaces,
  keepFacesBytes,
  keepFacing,
  keepFacingBytes,
  keepInBox,
  keepInfluenced,
  keepIslands,
  keepIslandsBytes,
  type KeepIslandsOptions,
  keepNear,
  keepOpenings,
  keepOpeningsBytes,
  type KeepOpeningsOptions,
  keepSelected,
  measureSelection,
  measureSelectionBytes,
  SurfaceIndex,
  type TriangleMesh,
} from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, scaled, unitCube } from "../_meshes.ts";
import { joined, moved, topologyOf, unwelded } from "../_more_meshes.ts";
import { tube } from "../_tube.ts";

const all = (mesh: TriangleMesh) => new Uint8Array(topologyOf(mesh).weldedCount).fill(1);
const ids = (mask: Uint8Array) => [...mask.keys()].filter((w) => mask[w] !== 0);

/** Calls with scratch memory, and holds the most that was leased against what is declared. */
function leasing<T>(bytes: number, run: (scratch: BufferScope) => T): T {
  using scratch = new BufferScope();
  scratch.takePeakBytes();
  const result = run(scratch);
  assertEquals(scratch.takePeakBytes(), bytes);
  assertEquals(scratch.inUseBytes, 0);
  return result;
}

const TUBE = tube(8, 4, 1, 3), ENDS = topologyOf(TUBE);
const openings = (options: KeepOpeningsOptions, mesh = TUBE) => {
  const topology = topologyOf(mesh), mask = all(mesh);
  const count = leasing(
    keepOpeningsBytes(topology),
    (scratch) => keepOpenings(mesh.positions, topology, mask, scratch, options),
  );
  assertEquals(count, ids(mask).length);
  return ids(mask);
};
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

Deno.test("keepOpenings() finds both ends of a tube, by place and by length, and rings beside them", () => {
  assertEquals(openings({}), [...range(0, 8), ...range(24, 32)]);
  assertEquals(openings({ order: "top", count: 1 }), range(24, 32));
  assertEquals(openings({ order: "bottom", count: 1, rings: 1 }), range(0, 16));
  const cone: TriangleMesh = {
    ...TUBE,
    positions: TUBE.positions.map((x, i) => i < 24 && i % 3 !== 1 ? 2 * x : x),
  };
  assertEquals(openings({ order: "longest", count: 1 }, cone), range(0, 8));
  assertEquals(openings({ order: "shortest", count: 1 }, cone), range(24, 32));
  assertEquals(openings({ minLength: 8 }, cone), range(0, 8)); // 16 sin(π / 8) · 2 ≈ 12.2 against 6.1 around
  const apart = joined(TUBE, moved(TUBE, (x, y, z) => [x + 5, y, z - 5]));
  assertEquals(openings({ order: "left", count: 2 }, apart), [...range(32, 40), ...range(56, 64)]);
  assertEquals(openings({ order: "front", count: 2 }, apart), openings({ order: "right", count: 2 }, apart));
});

Deno.test("keepOpenings() finds none on closed meshes, and is not led astray by seams", () => {
  assertEquals(openings({}, icosphere(1)), []);
  assertEquals(openings({}, unwelded(icosphere(1))), []);
  const loose = unwelded(TUBE);
  const places = openings({ order: "top", count: 1 }, loose);
  assertEquals(places.length, 8);
  const topology = topologyOf(loose);
  assert(places.every((w) => loose.positions[3 * topology.representative[w] + 1] === 3));
});

Deno.test("keepIslands() tells parts by the diagonal of their bounds, and by number", () => {
  const sizes = [3, 1, 2]; // a unit cube's diagonal is √3
  const mesh = joined(...sizes.map((size, i) => moved(scaled(unitCube(), size), (x, y, z) => [x + 10 * i, y, z])));
  const topology = topologyOf(mesh);
  const kept = (options: KeepIslandsOptions) => {
    const mask = all(mesh);
    leasing(keepIslandsBytes(topology), (scratch) => keepIslands(mesh.positions, topology, mask, scratch, options));
    return [0, 1, 2].filter((island) => ids(mask).some((w) => topology.islandOf[w] === island));
  };
  assertEquals(kept({}), [0, 1, 2]);
  assertEquals(kept({ largest: 1 }), [0]);
  assertEquals(kept({ smallest: 2 }), [1, 2]);
  assertEquals(kept({ largest: 2, smallest: 1 }), [2]);
  assertEquals(kept({ maxSize: 4 }), [1, 2]);
  assertEquals(kept({ minSize: 2, maxSize: 4 }), [2]);
  assertEquals(kept({ maxSize: 4, largest: 1 }), [2]);
  assertEquals(kept({ numbers: [0, 2, 9] }), [0, 2]);
});

Deno.test("keepFacing() finds a cap of a ball by its angle, and turns with the mesh", () => {
  const ball = icosphere(3), topology = topologyOf(ball), mask = all(ball);
  leasing(keepFacingBytes(topology), (scratch) => keepFacing(ball, topology, [0, 3, 0], Math.PI / 3, mask, scratch));
  for (let w = 0; w < mask.length; w++) {
    const height = ball.positions[3 * topology.representative[w] + 1];
    if (Math.abs(height - 0.5) > 0.02) assertEquals(mask[w], height > 0.5 ? 1 : 0);
  }
  const inside: TriangleMesh = { ...ball, indices: ball.indices.slice().reverse() };
  using scratch = new BufferScope();
  const down = all(ball);
  keepFacing(inside, topologyOf(inside), [0, -1, 0], Math.PI / 3, down, scratch);
  assertEquals(down, mask);
  assertThrows(
    () => keepFacing(ball, topology, [0, 0, 0], 1, mask, scratch),
    RangeError,
    "Cannot select by direction as it must have a length above 0: it is 0, 0, 0",
  );
});

Deno.test("growSelection() goes ring by ring around a tube, shrinks back, and stops when all are reached", () => {
  const mask = new Uint8Array(ENDS.weldedCount).fill(1, 0, 8);
  const grown = (rings: number) =>
    leasing(growSelectionBytes(ENDS), (scratch) => growSelection(ENDS, mask, rings, scratch));
  assertEquals([grown(1), grown(0), grown(1)], [16, 16, 24]);
  assertEquals(grown(-2), 8);
  assertEquals(ids(mask), range(0, 8));
  assertEquals([grown(99), grown(-99)], [32, 32]); // nothing is left outside that could push in
  assertThrows(() => grown(0.5), RangeError, "rings must be a whole number: current value is 0.5");
});

Deno.test("keepNear() is signed: negative inside", () => {
  const ball = icosphere(3), small = scaled(icosphere(1), 0.9), big = scaled(icosphere(1), 1.1);
  using scope = new BufferScope();
  const index = SurfaceIndex.build(ball, scope), mesh = joined(small, big), topology = topologyOf(mesh);
  const kept = (min: number, max: number) => {
    const mask = all(mesh);
    keepNear(mesh.positions, index, min, max, topology, mask);
    return ids(mask).length / topology.weldedCount;
  };
  assertEquals([kept(-Infinity, 0), kept(0, Infinity), kept(-0.2, 0.2), kept(0.2, 1)], [0.5, 0.5, 1, 0]);
});

Deno.test("selections keep what was in them only, so criteria narrow one another", () => {
  const cube = unitCube(), topology = topologyOf(cube), mask = all(cube);
  const upper = [-1, 0.5, -1, 2, 2, 2], left = [0.5, -1, -1, 2, 2, 2];
  assertEquals(keepInBox(cube.positions, 3, upper, topology, mask), 4);
  assertEquals(keepInBox(cube.positions, 3, left, topology, mask), 2);
  const range = [{ firstFace: 0, faceCount: 12 }];
  assertEquals(leasing(keepFacesBytes(topology), (scratch) => keepFaces(range, topology, mask, scratch)), 2);
  const skin = {
    skinJoints: new Uint16Array(8),
    skinWeights: Float32Array.from({ length: 8 }, (_, v) => v % 2),
    influencesPerVertex: 1,
  };
  const moving = mask.slice();
  assertEquals(keepInfluenced(skin, [0], 0, topology, moving), ids(mask).filter((v) => v % 2 === 1).length);
  const size = leasing(measureSelectionBytes(topology), (scratch) => measureSelection(topology, mask, scratch));
  assertEquals(size, { places: 2, vertices: 2, islands: 1 });
  assertEquals(keepSelected(mask.slice(), false, topology, mask), 0);
  assertEquals(invertSelection(mask), 8);
});

Deno.test("selections refuse a mask of another mesh, and ranges beyond it", () => {
  using scratch = new BufferScope();
  const cube = unitCube(), topology = topologyOf(cube);
  assertThrows(
    () => keepInBox(cube.positions, 3, [0, 0, 0, 1, 1, 1], topology, new Uint8Array(7)),
    RangeError,
    "Cannot select as the mask must hold a flag for each of the 8 places: it holds 7",
  );
  assertThrows(
    () => keepFaces([{ firstFace: 11, faceCount: 2 }], topology, new Uint8Array(8), scratch),
    RangeError,
    "Cannot select faces as there are 12: a range ends at 13",
  );
  assertThrows(
    () => keepInBox(cube.positions, 2, [0, 0, 1, 1], topology, new Uint8Array(8)),
    RangeError,
    "there are 24 values for 8 vertices and 4 sides",
  );
});

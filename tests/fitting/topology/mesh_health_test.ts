import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type MeshHealth, meshHealth, meshHealthBytes } from "../../../fitting/topology/mesh_health.ts";
import type { TriangleMesh } from "../../../fitting/mesh.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, unitCube } from "../_meshes.ts";
import { cubesAtCorner, fin, flatGrid, joined, moved, shuffled, topologyOf, unwelded } from "../_more_meshes.ts";
import { threadMs } from "../../_thread_clock.ts";

function healthOf(mesh: TriangleMesh, normals?: Float32Array): MeshHealth {
  return meshHealth(mesh, topologyOf(mesh), new BufferScope(), normals === undefined ? {} : { normals });
}

/** What is not as it is in a sound closed mesh of one part. */
function unusual(health: MeshHealth): Partial<MeshHealth> {
  const { volume: _, ...counts } = health, sound = { islandCount: 1, isWatertight: true };
  return Object.fromEntries(
    Object.entries(counts).filter(([key, value]) => value !== (sound[key as keyof typeof sound] ?? 0)),
  );
}

const turnFaces = ({ positions, indices }: TriangleMesh, isTurned: (face: number) => boolean) =>
  meshOf(
    positions,
    [...indices].map((_, c) => isTurned(Math.floor(c / 3)) ? indices[c - c % 3 + (2 - c % 3)] : indices[c]),
  );

Deno.test("meshHealth() finds nothing unusual about a cube or a ball, and knows their volume", () => {
  assertEquals(unusual(healthOf(unitCube())), {});
  assertAlmostEquals(healthOf(unitCube()).volume, 1, 1e-12);
  const ball = healthOf(moved(icosphere(3), (x, y, z) => [x + 1000, y, z]));
  assertEquals(unusual(ball), {});
  assertAlmostEquals(ball.volume, 4 / 3 * Math.PI, 0.04);
});

Deno.test("meshHealth() tells vertices that repeat a place, that nearly do, and that no face uses", () => {
  assertEquals(unusual(healthOf(unwelded(unitCube()))), { repeatedVertices: 28 });
  const cracked = unwelded(unitCube());
  cracked.positions[9] += 2e-6;
  assertEquals(unusual(healthOf(cracked)), { repeatedVertices: 27, nearlyRepeatedPlaces: 1 });
  const stray = joined(unitCube(), meshOf([5, 5, 5, 0, 0, 0], []));
  assertEquals(unusual(healthOf(stray)), { unreferencedVertices: 2, repeatedVertices: 1 });
});

Deno.test("meshHealth() tells faces that name a place twice, that have no area, and that are there twice", () => {
  const grid = flatGrid(5), { indices } = grid;
  const collinear = [0, 1, 2], repeated = [7, 7, 8], twice = [indices[3], indices[5], indices[4]];
  const dirty = meshOf(grid.positions, [...indices, ...collinear, ...repeated, ...twice, ...twice]);
  const { degenerateFaces, zeroAreaFaces, duplicateFaces } = healthOf(dirty);
  assertEquals([degenerateFaces, zeroAreaFaces, duplicateFaces], [1, 1, 2]);
});

Deno.test("meshHealth() counts openings: of a grid, a ball without two faces, and two that touch", () => {
  assertEquals(unusual(healthOf(flatGrid(4))), { boundaryEdges: 12, boundaryLoops: 1, isWatertight: false });
  const ball = icosphere(2), holed = meshOf(ball.positions, ball.indices.slice(3, -3));
  assertEquals(unusual(healthOf(holed)), { boundaryEdges: 6, boundaryLoops: 2, isWatertight: false });
  const grid = flatGrid(2), touching = joined(grid, moved(grid, (x, y, z) => [x + 1, y + 1, z]));
  assertEquals(unusual(healthOf(touching)), {
    repeatedVertices: 1,
    boundaryEdges: 8,
    boundaryLoops: 1,
    isWatertight: false,
  });
  assertEquals(healthOf(cubesAtCorner(unitCube())).boundaryLoops, 0);
});

Deno.test("meshHealth() takes a gap that a face of zero area stitches for closed", () => {
  const stitched = meshOf(
    [0, 0, 0, 1, 0, 0, 2, 0, 0, 1, 1, 0, 1, -1, 0],
    [0, 2, 3, 0, 1, 4, 1, 2, 4, 0, 2, 1],
  );
  const { boundaryEdges, nonManifoldEdges, zeroAreaFaces } = healthOf(stitched);
  assertEquals([boundaryEdges, nonManifoldEdges, zeroAreaFaces], [4, 0, 1]);
});

Deno.test("meshHealth() counts edges of three faces, and faces that are turned over, whichever kind is rarer", () => {
  assertEquals(healthOf(fin()).nonManifoldEdges, 1);
  const ball = icosphere(2), everyFifth = (face: number) => face % 5 === 0;
  const mixed = turnFaces(ball, everyFifth);
  assertEquals([healthOf(mixed).turnedFaces, healthOf(mixed).isWatertight], [64, false]);
  assertEquals(healthOf(turnFaces(ball, (face) => !everyFifth(face))).turnedFaces, 64);
  const insideOut = healthOf(turnFaces(ball, () => true));
  assertEquals([insideOut.turnedFaces, insideOut.isWatertight, insideOut.volume < 0], [0, true, true]);
  const ring = Array.from({ length: 8 }, (_, k) => [Math.cos(k), Math.sin(k), k % 2]).flat();
  const moebius = meshOf(ring, [0, 1, 2, 1, 3, 2, 2, 3, 4, 3, 5, 4, 4, 5, 6, 5, 7, 6, 6, 7, 1, 7, 0, 1]);
  assert(healthOf(moebius).turnedFaces <= 4);
});

Deno.test("meshHealth() holds stored normals against the faces", () => {
  const grid = flatGrid(4), up = new Float32Array(48), down = new Float32Array(48);
  for (let v = 0; v < 16; v++) {
    up[3 * v + 2] = 1;
    down[3 * v + 2] = -1;
  }
  assertEquals([healthOf(grid, up), healthOf(grid, down)].map((health) => health.facesAgainstNormals), [0, 18]);
  assertThrows(() => healthOf(grid, new Float32Array(3)), RangeError, "normals must hold 48 numbers: they hold 3");
});

for (const seed of [1, 2, 3]) {
  Deno.test(`meshHealth() does not depend on the order of vertices and faces, seed ${seed}`, () => {
    const grid = flatGrid(6), { indices } = grid;
    const dirty = meshOf(grid.positions, [...indices, 3, 3, 4, ...indices.slice(9, 12), 0, 7, 20]);
    const mixed = turnFaces(dirty, (face) => face % 9 === 4);
    assertEquals(healthOf(shuffled(mixed, seed).mesh), healthOf(mixed));
  });
}

Deno.test("meshHealth() judges a mesh without a face, and a fan of 100,000 faces in linear time", () => {
  assertEquals(healthOf(meshOf([], [])).isWatertight, false);
  const n = 100_000, positions = new Float32Array(3 * (n + 1)), indices = new Uint32Array(3 * n);
  for (let i = 1; i <= n; i++) positions.set([Math.cos(i), Math.sin(i), i], 3 * i);
  for (let f = 0; f < n; f++) indices.set([0, f + 1, (f + 1) % n + 1], 3 * f);
  const started = threadMs();
  const { duplicateFaces, boundaryEdges, turnedFaces } = healthOf({ positions, indices });
  assertEquals([duplicateFaces, boundaryEdges, turnedFaces], [0, n, 0]);
  assert(threadMs() - started < 3000, `took ${threadMs() - started} ms`);
});

Deno.test("meshHealth() leases exactly what meshHealthBytes() says", () => {
  for (
    const [mesh, areFacesTurned] of [[icosphere(3), false], [turnFaces(icosphere(3), (f) => f === 7), true]] as const
  ) {
    const topology = topologyOf(mesh), scope = new BufferScope();
    meshHealth(mesh, topology, scope);
    const { weldedCount } = topology, vertexCount = mesh.positions.length / 3, faceCount = mesh.indices.length / 3;
    assertEquals(scope.peakBytes, meshHealthBytes({ vertexCount, faceCount, weldedCount, areFacesTurned }));
    assertEquals(scope.inUseBytes, 0);
  }
});

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { NO_INDEX, type TriangleMesh } from "../../../fitting/mesh.ts";
import {
  buildTopology,
  buildTopologyWork,
  type Topology,
  topologyBytes,
  topologyBytesBound,
  topologyPeakBytes,
  topologyScratchBytes,
} from "../../../fitting/topology/topology.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { icosphere, meshOf, scaled, tetrahedron, unitCube, wavyGrid } from "../_meshes.ts";
import { cubesAtCorner, fin, joined, moved, rowsOf, shuffled, topologyOf, turned, unwelded } from "../_more_meshes.ts";

const EMPTY = meshOf([], []);

Deno.test("buildTopology() finds 8 places, 18 edges and no boundary on a cube", () => {
  const topology = topologyOf(unitCube());
  assertEquals(topology.weldedCount, 8);
  assertEquals(topology.edgeCount, 18);
  assertEquals(topology.islandCount, 1);
  assertEquals([...topology.isBoundary], Array(8).fill(0));
  const rings = rowsOf(topology.ringOffsets, topology.ringVertices);
  assertEquals(rings[0], [1, 2, 3, 4, 5, 6]); // three cube edges and three diagonals start here
  assertEquals(rings[7], [1, 2, 3, 4, 5, 6]);
  assertEquals(rings[1], [0, 3, 5, 7]);
});

Deno.test("buildTopology() gives an unwelded cube the places of the welded one", () => {
  const mesh = unwelded(unitCube()), topology = topologyOf(mesh);
  assertEquals(topology.weldedCount, 8);
  assertEquals(topology.edgeCount, 18);
  assertEquals(topology.isBoundary.includes(1), false);
  for (let v = 0; v < 36; v++) {
    const first = topology.representative[topology.positionRemap[v]];
    assert(first <= v);
    assertEquals(placeOf(mesh, first), placeOf(mesh, v));
  }
});

Deno.test("buildTopology() numbers places in order of first appearance", () => {
  const topology = topologyOf(
    meshOf([5, 5, 5, 1, 1, 1, 5, 5, 5, 0, 0, 0, 1, 1, 1], [0, 1, 3, 2, 3, 4]),
  );
  assertEquals([...topology.positionRemap], [0, 1, 0, 2, 1]);
  assertEquals([...topology.representative], [0, 1, 3]);
  assertEquals([...topology.weldedIndices], [0, 1, 2, 0, 2, 1]);
});

Deno.test("buildTopology() numbers many places so that neighbours are near, and changes nothing else", () => {
  const sheet = wavyGrid(230), mesh = shuffled(sheet, 3).mesh, topology = topologyOf(mesh), plain = topologyOf(sheet);
  const { representative, positionRemap, ringOffsets, ringVertices, weldedCount } = topology;
  assertEquals([weldedCount, topology.edgeCount], [plain.weldedCount, plain.edgeCount]);
  let steps = 0;
  for (let w = 0; w < weldedCount; w++) {
    assert(positionRemap[representative[w]] === w);
    for (let r = ringOffsets[w]; r < ringOffsets[w + 1]; r++) {
      if (r > ringOffsets[w]) assert(ringVertices[r] > ringVertices[r - 1]);
      steps += Math.abs(ringVertices[r] - w) < 1000 ? 1 : 0;
    }
  }
  assert(steps > 0.8 * ringVertices.length, `${steps} of ${ringVertices.length}`);
  assertEquals(topology.weldedIndices.findIndex((w, c) => w !== positionRemap[mesh.indices[c]]), -1);
});

Deno.test("buildTopology() welds 0 with -0, and with tolerance 0 nothing that is merely near", () => {
  const zeros = Array.from({ length: 64 }, (_, k) => [0, k, 0, -0, k, -0]);
  const { positionRemap } = topologyOf(meshOf(zeros.flat(), []));
  for (let v = 0; v < 128; v++) assertEquals(positionRemap[v], v >> 1);
  const near = meshOf([0, 1, 0, 0, 1 + 2 ** -23, 0], []);
  using scope = new BufferScope();
  assertEquals([...buildTopology(near, scope, scope, { weldTolerance: 0 }).positionRemap], [0, 1]);
});

for (const scale of [1e-6, 1, 1e6]) {
  Deno.test(`buildTopology() welds what is within 1e-5 of the diagonal and nothing farther, scale ${scale}`, () => {
    const faces = [0, 1, 2, 3, 1, 4];
    const mesh = meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0, 1e-5, 0, 0, 0, 1 + 2e-5, 0].map((x) => scale * x), faces);
    assertEquals([...topologyOf(mesh).positionRemap], [0, 1, 2, 0, 3]);
  });
}

Deno.test("buildTopology() keeps two cubes that touch in a corner one island without boundary", () => {
  const topology = topologyOf(cubesAtCorner(unitCube()));
  assertEquals(topology.weldedCount, 15);
  assertEquals(topology.edgeCount, 36);
  assertEquals(topology.islandCount, 1);
  assertEquals(topology.isBoundary.includes(1), false);
});

Deno.test("buildTopology() flags the rim of an open sheet, and nothing inside", () => {
  const { isBoundary } = topologyOf(wavyGrid(5));
  for (let v = 0; v < 25; v++) {
    const row = Math.floor(v / 5), column = v % 5;
    const isRim = row % 4 === 0 || column % 4 === 0;
    assertEquals(isBoundary[v], isRim ? 1 : 0);
  }
});

Deno.test("buildTopology() flags an edge of three faces", () => {
  assertEquals([...topologyOf(fin()).isBoundary], [1, 1, 1, 1, 1]);
  const cube = unitCube();
  const finned = meshOf(
    [...cube.positions, -1, -1, 0.5],
    [...cube.indices, 0, 4, 8],
  );
  assertEquals(
    [...topologyOf(finned).isBoundary],
    [1, 0, 0, 0, 1, 0, 0, 0, 1],
  );
});

Deno.test("buildTopology() takes a face that names a place twice for an edge, not for a face", () => {
  const cube = unitCube();
  const collapsed = meshOf(cube.positions, [...cube.indices, 0, 0, 1, 2, 3, 2]);
  const topology = topologyOf(collapsed), plain = topologyOf(cube);
  assertEquals(topology.isBoundary, plain.isBoundary);
  assertEquals(topology.ringVertices, plain.ringVertices);
  assertEquals(rowsOf(topology.cornerOffsets, topology.corners)[0].slice(-2), [
    36,
    37,
  ]);
  const spike = topologyOf(
    meshOf([...cube.positions, 9, 9, 9], [...cube.indices, 0, 8, 8]),
  );
  assertEquals(spike.edgeCount, 19);
  assertEquals(spike.islandCount, 1);
  assertEquals(spike.isBoundary.includes(1), false);
});

Deno.test("buildTopology() makes a face of one single place an island without an edge", () => {
  const topology = topologyOf(meshOf([1, 2, 3, 1, 2, 3], [0, 1, 0]));
  assertEquals(topology.islandCount, 1);
  assertEquals(topology.edgeCount, 0);
  assertEquals([...topology.isBoundary], [0]);
});

// the bottom of the tetrahedron is split at (0.5, 0, 0), its neighbour is not: a face without area fills the gap
const STITCHED = meshOf(
  [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5, 0, 0],
  [0, 2, 4, 4, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3, 0, 4, 1],
);
// a face without area lies along an edge, its third vertex belongs to nothing else
const FLAPPED = meshOf(STITCHED.positions, [
  ...tetrahedron().indices,
  0,
  4,
  1,
]);
for (const [name, mesh] of Object.entries({ STITCHED, FLAPPED })) {
  for (
    const [how, placed] of Object.entries({
      "as it is": mesh,
      turned: turned(mesh),
      "moved and turned": turned(
        moved(mesh, (x, y, z) => [x + 0.3, y - 2, z + 1]),
      ),
      "small and turned": scaled(turned(mesh), 1e-6),
    })
  ) {
    Deno.test(`buildTopology() sees no boundary in a face of zero area on a closed surface, ${name} ${how}`, () => {
      const topology = topologyOf(placed);
      assertEquals(topology.isBoundary.includes(1), false);
      assertEquals(topology.weldedCount, 5);
      assertEquals(topology.islandCount, 1);
    });
  }
}

Deno.test("buildTopology() counts a sliver the coordinates can tell from a line", () => {
  const sheet = meshOf([0, 0, 0, 1, 0, 0, 0.5, 1e-5, 0], [0, 1, 2]);
  assertEquals([...topologyOf(sheet).isBoundary], [1, 1, 1]);
});

Deno.test("buildTopology() leaves a vertex no face uses outside every island", () => {
  const { positions, indices } = tetrahedron();
  const mesh = meshOf([9, 9, 9, ...positions], indices.map((v) => v + 1));
  const topology = topologyOf(mesh);
  assertEquals([...topology.islandOf], [NO_INDEX, 0, 0, 0, 0]);
  assertEquals(topology.islandCount, 1);
  assertEquals(topology.isBoundary[0], 0);
  assertEquals(topology.ringOffsets[1], 0);
});

Deno.test("buildTopology() numbers islands by their lowest place", () => {
  const parts = [2, 0, 1].map((x) => moved(tetrahedron(), (a, b, c) => [a + 3 * x, b, c]));
  const { islandOf } = topologyOf(joined(...parts));
  assertEquals([...islandOf], [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
});

Deno.test("buildTopology() takes an empty mesh", () => {
  const topology = topologyOf(EMPTY);
  assertEquals(topology.weldedCount, 0);
  assertEquals([...topology.ringOffsets, ...topology.cornerOffsets], [0, 0]);
});

Deno.test("buildTopology() equals brute force on heaps of faces that share, fold and repeat", () => {
  const coordinate = fc.integer({ min: 0, max: 2 }); // collisions wanted
  const heap = fc.integer({ min: 1, max: 12 }).chain((vertexCount) =>
    fc.record({
      positions: fc.array(coordinate, {
        minLength: 3 * vertexCount,
        maxLength: 3 * vertexCount,
      }),
      faces: fc.array(
        fc.tuple(...[0, 1, 2].map(() => fc.nat({ max: vertexCount - 1 }))),
        { maxLength: 14 },
      ),
    })
  );
  fc.assert(
    fc.property(heap, ({ positions, faces }) => {
      const mesh = meshOf(positions, faces.flat());
      assertEquals(plain(topologyOf(mesh)), bruteForce(mesh));
    }),
    { seed: 7, numRuns: 400 },
  );
});

for (const factor of [2 ** -20, 1e-6, 1e6]) {
  Deno.test(`buildTopology() does not depend on the size of the mesh, factor ${factor}`, () => {
    const sheet = unwelded(wavyGrid(9));
    assertEquals(plain(topologyOf(scaled(sheet, factor))), {
      ...plain(topologyOf(sheet)),
    });
  });
}

for (const seed of [1, 2, 3]) {
  Deno.test(`buildTopology() finds the same structure in any order of vertices and faces, seed ${seed}`, () => {
    const original = topologyOf(wavyGrid(6));
    const { mesh, order } = shuffled(wavyGrid(6), seed);
    const topology = topologyOf(mesh);
    const rings = rowsOf(topology.ringOffsets, topology.ringVertices);
    const expected = rowsOf(original.ringOffsets, original.ringVertices);
    for (let v = 0; v < order.length; v++) {
      const ring = rings[v].map((u) => order[u]).sort((a, b) => a - b);
      assertEquals(ring, expected[order[v]]);
      assertEquals(topology.isBoundary[v], original.isBoundary[order[v]]);
    }
  });
}

Deno.test("buildTopology() welds once: the places of a welded mesh are its vertices", () => {
  const mesh = unwelded(icosphere(1)), once = topologyOf(mesh);
  const places = [...once.representative].flatMap((v) => placeOf(mesh, v));
  const twice = topologyOf(meshOf(places, once.weldedIndices));
  assertEquals([...twice.positionRemap], [...twice.representative]);
  assertEquals(twice.ringVertices, once.ringVertices);
});

for (
  const [name, mesh] of Object.entries({
    empty: EMPTY,
    cube: unitCube(),
    "unwelded cube": unwelded(unitCube()),
    fin: fin(),
    sphere: icosphere(2),
    "sheet of 52,900 places": wavyGrid(230),
    "52,900 strays": meshOf(wavyGrid(230).positions, []),
    "64 strays": meshOf(Array.from({ length: 192 }, (_, i) => i), []),
  })
) {
  Deno.test(`topologyBytes() and topologyScratchBytes() are what is leased, ${name}`, () => {
    using out = new BufferScope(), scratch = new BufferScope();
    const topology = buildTopology(mesh, out, scratch);
    const sizes = { ...sizesOf(mesh), ...topology };
    assertEquals(out.inUseBytes, topologyBytes(sizes));
    assertEquals(out.peakBytes, topologyBytes(sizes));
    assertEquals(scratch.peakBytes, topologyScratchBytes(sizes));
    using both = new BufferScope();
    buildTopology(mesh, both, both);
    assertEquals(both.peakBytes, topologyPeakBytes(sizes));
    assertEquals(scratch.inUseBytes, 0);
    assert(topologyBytesBound(sizes) >= out.inUseBytes);
  });
}

Deno.test("topologyBytesBound() is reached when nothing is shared", () => {
  using out = new BufferScope(), scratch = new BufferScope();
  const mesh = meshOf([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2]);
  buildTopology(mesh, out, scratch);
  assertEquals(out.inUseBytes, topologyBytesBound(sizesOf(mesh)));
});

Deno.test("buildTopology() allocates only on its first call", () => {
  using scope = new BufferScope();
  const mesh = unwelded(icosphere(2));
  const build = () => {
    using out = scope.frame();
    buildTopology(mesh, out, scope);
  };
  build();
  const before = scope.allocatedBytes;
  build();
  assertEquals(scope.allocatedBytes, before);
});

Deno.test("buildTopologyWork() leaves scratch as it was at whatever pause it is given up", () => {
  const mesh = wavyGrid(4);
  for (let pauses = 1; pauses <= 4; pauses++) {
    using out = new BufferScope(), scratch = new BufferScope();
    const work = buildTopologyWork(mesh, out, scratch);
    for (let i = 0; i < pauses; i++) assertEquals(work.next().done, false);
    work.return(undefined as never);
    assertNotEquals(scratch.peakBytes, 0);
    assertEquals(scratch.inUseBytes, 0);
  }
});

function sizesOf(mesh: TriangleMesh) {
  return {
    vertexCount: mesh.positions.length / 3,
    faceCount: mesh.indices.length / 3,
  };
}

function placeOf({ positions }: TriangleMesh, v: number): number[] {
  return [...positions.subarray(3 * v, 3 * v + 3)];
}

function plain(topology: Topology) {
  return {
    remap: [...topology.positionRemap],
    rings: rowsOf(topology.ringOffsets, topology.ringVertices),
    corners: rowsOf(topology.cornerOffsets, topology.corners),
    boundary: [...topology.isBoundary],
    islands: [...topology.islandOf],
    counts: [topology.weldedCount, topology.edgeCount, topology.islandCount],
  };
}

/** Whether the face of corner `f` has one; exact for small whole coordinates. */
function hasArea(mesh: TriangleMesh, f: number): boolean {
  const [a, b, c] = [0, 1, 2].map((k) => placeOf(mesh, mesh.indices[f + k]));
  const [u, v] = [b, c].map((p) => p.map((x, k) => x - a[k]));
  return [0, 1, 2].some((k) => {
    const l = (k + 1) % 3, m = (k + 2) % 3;
    return u[l] * v[m] !== u[m] * v[l];
  });
}

/** The same by maps and sets, in quadratic time. */
function bruteForce(mesh: TriangleMesh): ReturnType<typeof plain> {
  const ids = new Map<string, number>();
  const remap = Array.from({ length: mesh.positions.length / 3 }, (_, v) => {
    const key = placeOf(mesh, v).join();
    if (!ids.has(key)) ids.set(key, ids.size);
    return ids.get(key)!;
  });
  const rings = Array.from(ids, () => new Set<number>());
  const corners = Array.from(ids, () => [] as number[]);
  const facesOfEdge = new Map<string, { all: number; withArea: number }>();
  for (let c = 0; c < mesh.indices.length; c++) {
    const f = c - c % 3,
      [a, b] = [c, f + (c + 1) % 3]
        .map((corner) => remap[mesh.indices[corner]]);
    corners[a].push(c);
    if (a === b) continue;
    rings[a].add(b);
    rings[b].add(a);
    const places = new Set([0, 1, 2].map((k) => remap[mesh.indices[f + k]]));
    const key = `${Math.min(a, b)},${Math.max(a, b)}`;
    const tally = facesOfEdge.get(key) ?? { all: 0, withArea: 0 };
    if (places.size === 3) tally.all++;
    if (places.size === 3 && hasArea(mesh, f)) tally.withArea++;
    facesOfEdge.set(key, tally);
  }
  const boundary = Array(ids.size).fill(0);
  for (const [key, { all, withArea }] of facesOfEdge) {
    if (withArea === 0 || withArea === 2 || all === 2) continue;
    for (const w of key.split(",")) boundary[Number(w)] = 1;
  }
  const islands = Array(ids.size).fill(NO_INDEX);
  let islandCount = 0;
  for (let w = 0; w < ids.size; w++) {
    if (islands[w] !== NO_INDEX || corners[w].length === 0) continue;
    const flood = (at: number) => {
      if (islands[at] !== NO_INDEX) return;
      islands[at] = islandCount;
      rings[at].forEach(flood);
    };
    flood(w);
    islandCount++;
  }
  return {
    remap,
    rings: rings.map((ring) => [...ring].sort((a, b) => a - b)),
    corners,
    boundary,
    islands,
    counts: [ids.size, facesOfEdge.size, islandCount],
  };
}

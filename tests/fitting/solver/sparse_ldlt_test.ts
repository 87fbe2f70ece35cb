import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { amdOrder, amdOrderBytes } from "../../../fitting/solver/_amd_order.ts";
import { NO_INDEX } from "../../../fitting/mesh.ts";
import {
  analyzeLdlt,
  analyzeLdltBytes,
  analyzeLdltWork,
  factorLdlt,
  factorLdltBytes,
  factorLdltWork,
  type LdltFactor,
  ldltFactorBytes,
  type LdltSymbolic,
  ldltSymbolicBytes,
  leaseLdltFactor,
  solveLdlt,
  solveLdltWork,
  type SymmetricPattern,
} from "../../../fitting/solver/sparse_ldlt.ts";
import { finish } from "../../../fitting/work.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { readBody } from "../_body.ts";
import { icosphere, seeded, wavyGrid } from "../_meshes.ts";
import { flatGrid, joined, shuffled, topologyOf } from "../_more_meshes.ts";
import {
  denseOf,
  denseSolve,
  dominantSystem,
  eachEntry,
  fillOf,
  laplacianSystem,
  patternOf,
  relativeResidual,
  squaredSystem,
  type System,
  systemOf,
} from "../_sparse.ts";

const body = readBody();

/** Factors a system in a scope of its own. */
function factored(system: System): LdltFactor {
  const scope = new BufferScope();
  const factor = leaseLdltFactor(analyzeLdlt(system.pattern, scope, scope), scope);
  factorLdlt(system, factor, scope);
  return factor;
}

function waves(length: number): Float64Array {
  return Float64Array.from({ length }, (_, k) => Math.sin(k));
}

/** Solves for `columns` right-hand sides and measures what is left. */
function residualOf(system: System, columns = 3): number {
  const factor = factored(system);
  assert(factor.isFactored, `failed at ${factor.failedUnknown}`);
  const b = waves(columns * system.diagonal.length), x = b.slice();
  solveLdlt(factor, x);
  return relativeResidual(system, x, b);
}

function assertSolvesLikeDense(system: System, tolerance: number): void {
  const b = waves(system.diagonal.length), x = b.slice();
  const factor = factored(system);
  assert(factor.isFactored, `failed at ${factor.failedUnknown}`);
  solveLdlt(factor, x);
  const expected = denseSolve(denseOf(system), b);
  const scale = Math.max(1, ...expected.map(Math.abs));
  expected.forEach((value, i) => assertAlmostEquals(x[i], value, tolerance * scale));
}

/** Checks that the order names every unknown once and that the blocks hold the fill of this order. */
function assertIsSound({ pattern, panels, unknownCount, fillCount, entryCount, panelCount }: LdltSymbolic): void {
  const { order, panelOf, columnOffsets, rowStart, rowEnd, rows, entryOffsets } = panels;
  assertEquals([...order].sort((a, b) => a - b), Array.from(order, (_, i) => i));
  assertEquals([columnOffsets[0], columnOffsets[panelCount]], [0, unknownCount]);
  const rank = new Map(Array.from(order, (v, k) => [v, k]));
  let stored = 0;
  for (let p = 0; p < panelCount; p++) {
    const width = columnOffsets[p + 1] - columnOffsets[p], below = rowEnd[p] - rowStart[p];
    assert(width > 0);
    assertEquals(entryOffsets[p + 1] - entryOffsets[p], width * (width + below));
    stored += width * (width - 1) / 2 + width * below;
    for (let k = columnOffsets[p]; k < columnOffsets[p + 1]; k++) assertEquals(panelOf[order[k]], p);
    let before = columnOffsets[p + 1] - 1;
    for (let r = rowStart[p]; r < rowEnd[p]; r++) {
      assert(rank.get(rows[r])! > before, "rows come later, and ascend in the order of elimination");
      before = rank.get(rows[r])!;
    }
  }
  const fill = fillOf(pattern, order);
  assert(fill <= stored && stored <= entryCount, `${fill} <= ${stored} <= ${entryCount}`);
  assert(fillCount <= stored, `${fillCount} <= ${stored}`);
}

const graphs = fc.integer({ min: 1, max: 40 }).chain((n) => {
  const place = fc.nat({ max: n - 1 });
  return fc.record({
    n: fc.constant(n),
    edges: fc.array(fc.tuple(place, place), { maxLength: 4 * n }),
    seed: fc.nat({ max: 1000 }),
  });
});

Deno.test("solveLdlt() answers like a dense solve on random matrices, seed 1", () => {
  fc.assert(
    fc.property(graphs, ({ n, edges, seed }) => {
      assertSolvesLikeDense(dominantSystem(n, edges, seeded(seed)), 1e-12);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("solveLdlt() answers like a dense solve where the diagonal does not dominate, seed 2", () => {
  fc.assert(
    fc.property(graphs, ({ n, edges, seed }) => {
      const system = dominantSystem(n, edges, seeded(seed));
      assertSolvesLikeDense(squaredSystem(system, (i) => i % 5 !== 1), 1e-9);
    }),
    { seed: 2, numRuns: 100 },
  );
});

Deno.test("analyzeLdlt() gives a permutation, and blocks that hold the fill, on random graphs, seed 3", () => {
  fc.assert(
    fc.property(graphs, ({ n, edges }) => {
      const scope = new BufferScope();
      assertIsSound(analyzeLdlt(patternOf(n, edges), scope, scope));
    }),
    { seed: 3, numRuns: 300 },
  );
});

Deno.test("analyzeLdlt() is sound on sheets, spheres, two-rings and a shuffled sheet", () => {
  const sheet = topologyOf(wavyGrid(17));
  const twoRings = squaredSystem(laplacianSystem(icosphere(2), { mass: 1, stiffness: 1 }), () => true);
  const shuffledSheet = topologyOf(shuffled(flatGrid(20), 1).mesh);
  for (const pattern of [sheet, topologyOf(icosphere(3)), twoRings.pattern, shuffledSheet]) {
    const scope = new BufferScope();
    assertIsSound(analyzeLdlt(pattern, scope, scope));
  }
});

Deno.test("fillCount is exactly the fill of the minimum degree order, seed 4", () => {
  fc.assert(
    fc.property(graphs, ({ n, edges }) => {
      const pattern = patternOf(n, edges), scope = new BufferScope();
      const forest = {
        absorbedBy: new Int32Array(n),
        pivotCount: new Int32Array(n),
        rowCount: new Int32Array(n),
        sequence: new Int32Array(n),
      };
      finish(amdOrder(pattern, forest, scope));
      assertEquals(scope.peakBytes, amdOrderBytes(n, pattern.ringVertices.length));
      const elementOf = (v: number): number => forest.pivotCount[v] > 0 ? v : elementOf(forest.absorbedBy[v]);
      const members = new Map<number, number[]>();
      for (let v = 0; v < n; v++) members.set(elementOf(v), [...members.get(elementOf(v)) ?? [], v]);
      const order = [...forest.sequence].filter((e) => e !== -1).flatMap((e) => members.get(e)!);
      assertEquals(analyzeLdlt(pattern, scope, scope).fillCount, fillOf(pattern, order));
    }),
    { seed: 4, numRuns: 300 },
  );
});

Deno.test("analyzeLdlt() causes no fill on a tree, and none is missing on a complete graph", () => {
  const scope = new BufferScope();
  const tree = patternOf(63, Array.from({ length: 62 }, (_, k) => [k + 1, k >> 1]));
  assertEquals(analyzeLdlt(tree, scope, scope).fillCount, 62);
  const all = Array.from({ length: 12 }, (_, i) => Array.from({ length: 12 }, (_, j) => [i, j] as const));
  assertEquals(analyzeLdlt(patternOf(12, all.flat()), scope, scope).fillCount, 66);
});

// What SimplicialLDLT of Eigen 3.4.0 (AMDOrdering) gave; see bench/speed/solver_rows.ts.
const EIGEN_FILLS: Record<string, { pattern: () => SymmetricPattern; fill: number }> = {
  "a sheet of 141 x 141": { pattern: () => topologyOf(wavyGrid(141)), fill: 703_278 },
  "a shuffled sheet of 141 x 141": { pattern: () => topologyOf(shuffled(wavyGrid(141), 1).mesh), fill: 701_358 },
  "a sphere of 10k": { pattern: () => topologyOf(icosphere(5)), fill: 458_378 },
};
for (const [name, { pattern, fill }] of Object.entries(EIGEN_FILLS)) {
  Deno.test(`analyzeLdlt() fills at most 1.1 times as much as Eigen on ${name}`, () => {
    const scope = new BufferScope();
    const { fillCount } = analyzeLdlt(pattern(), scope, scope);
    assert(fillCount <= 1.1 * fill, `${fillCount} / ${fill}`);
  });
}

Deno.test({
  name: "analyzeLdlt() fills at most 1.1 times as much as Eigen on a body",
  ignore: !body,
  fn() {
    const scope = new BufferScope();
    const { fillCount } = analyzeLdlt(topologyOf(body!), scope, scope);
    assert(fillCount <= 1.1 * 252_446, `${fillCount}`);
  },
});

Deno.test("solveLdlt() leaves 1e-10 at most on a sheet of 100k unknowns, and gives the same bits with pauses", () => {
  const system = laplacianSystem(wavyGrid(317), { mass: 1, stiffness: 1e-3 }), factor = factored(system);
  const b = waves(4 * system.diagonal.length), x = b.slice(), y = b.slice();
  solveLdlt(factor, x);
  assert(relativeResidual(system, x, b) <= 1e-10);
  const work = solveLdltWork(factor, y);
  let pauses = 0;
  while (!work.next().done) pauses++;
  assert(pauses >= 16, `${pauses} pauses`);
  assertEquals(y, x);
});

Deno.test({
  name: "solveLdlt() leaves 1e-10 at most on a body, smoothing a little and a lot",
  ignore: !body,
  fn() {
    for (const stiffness of [1e-6, 1, 1e4]) {
      assert(residualOf(laplacianSystem(body!, { mass: 1, stiffness })) <= 1e-10);
    }
  },
});

Deno.test("solveLdlt() leaves 1e-10 at most on the bi-Laplacian of a sphere with some places known", () => {
  const laplacian = laplacianSystem(icosphere(4), { mass: 0, stiffness: 1 });
  assert(residualOf(squaredSystem(laplacian, (i) => i % 100 !== 0), 5) <= 1e-10);
});

Deno.test("solveLdlt() gives each of several columns the bits it has alone within rounding", () => {
  const system = laplacianSystem(icosphere(2), { mass: 1, stiffness: 0.1 });
  const factor = factored(system), n = system.diagonal.length;
  for (const columns of [1, 2, 3, 4, 5, 7]) {
    const together = waves(columns * n), rhs = together.slice();
    solveLdlt(factor, together);
    for (let c = 0; c < columns; c++) {
      const alone = Float64Array.from({ length: n }, (_, i) => rhs[i * columns + c]);
      solveLdlt(factor, alone);
      alone.forEach((value, i) => assertAlmostEquals(together[i * columns + c], value, 1e-13));
    }
  }
});

Deno.test("factorLdlt() takes new values without a new analysis", () => {
  const first = laplacianSystem(flatGrid(30), { mass: 1, stiffness: 1 });
  const second = laplacianSystem(flatGrid(30), { mass: 2, stiffness: 0.3 });
  const scope = new BufferScope();
  const factor = leaseLdltFactor(analyzeLdlt(first.pattern, scope, scope), scope);
  for (const system of [first, second, first]) {
    assertEquals(factorLdlt(system, factor, scope), true);
    assertEquals(factor.values, factored(system).values);
    assertEquals(factor.pivots, factored(system).pivots);
  }
});

Deno.test("factorLdlt() gives the same bits every time, however it is driven", () => {
  const system = laplacianSystem(wavyGrid(90), { mass: 1, stiffness: 1 });
  const scope = new BufferScope();
  const analysis = analyzeLdltWork(system.pattern, scope, scope);
  let pauses = 0, step = analysis.next();
  for (; !step.done; step = analysis.next()) pauses++;
  assert(pauses > 5, `${pauses} pauses`);
  const factor = leaseLdltFactor(step.value, scope);
  const work = factorLdltWork(system, factor, scope);
  for (pauses = 0; !work.next().done;) pauses++;
  assert(pauses > 0);
  assertEquals(factor.values, factored(system).values);
});

Deno.test("solveLdlt() handles unconnected parts and unknowns without neighbours", () => {
  const mesh = joined(icosphere(1), flatGrid(5), icosphere(0));
  mesh.positions.subarray(3 * 42, 3 * 67).forEach((_, k, part) => part[k] += 9);
  const { pattern, diagonal, offDiagonal } = laplacianSystem(mesh, { mass: 1, stiffness: 0.2 });
  const n = diagonal.length, more = [...pattern.ringOffsets, ...new Array(4).fill(offDiagonal.length)];
  const system = {
    pattern: { ringOffsets: Uint32Array.from(more), ringVertices: pattern.ringVertices },
    diagonal: Float64Array.of(...diagonal, 1, 2, 4, 8),
    offDiagonal,
  };
  assertSolvesLikeDense(system, 1e-12);
  const x = new Float64Array(n + 4).fill(8);
  solveLdlt(factored(system), x);
  assertEquals([...x.slice(n)], [8, 4, 2, 1]);
});

Deno.test("solveLdlt() handles no unknown, one, and none that have neighbours", () => {
  const none = factored(systemOf(patternOf(0, []), () => 1));
  assertEquals(none.isFactored, true);
  solveLdlt(none, new Float64Array(0));
  const one = factored(systemOf(patternOf(1, []), () => 4)), x = Float64Array.of(2, 8);
  solveLdlt(one, x);
  assertEquals([...x], [0.5, 2]);
  assertSolvesLikeDense(systemOf(patternOf(50, []), (i) => i + 1), 1e-15);
});

Deno.test("solveLdlt() puts hubs last: unknowns that most others neighbour", () => {
  const n = 300, random = seeded(5);
  const spokes = Array.from({ length: n }, (_, k) => [[k, 7], [k, 150], [k, (k + 1) % n]] as const).flat();
  const system = dominantSystem(n, spokes, random);
  const scope = new BufferScope(), symbolic = analyzeLdlt(system.pattern, scope, scope);
  assertIsSound(symbolic);
  assertEquals([...symbolic.panels.order.slice(-2)], [7, 150]);
  assertSolvesLikeDense(system, 1e-12);
});

Deno.test("factorLdlt() does not mind the unit of the matrix", () => {
  for (const unit of [1e-200, 1e-9, 1e9, 1e200]) {
    const { pattern, diagonal, offDiagonal } = laplacianSystem(icosphere(2), { mass: 1, stiffness: 1 });
    const scaled = { diagonal: diagonal.map((v) => v * unit), offDiagonal: offDiagonal.map((v) => v * unit) };
    const x = new Float64Array(diagonal.length).fill(unit), expected = new Float64Array(diagonal.length).fill(1);
    solveLdlt(factored({ pattern, ...scaled }), x);
    solveLdlt(factored({ pattern, diagonal, offDiagonal }), expected);
    expected.forEach((value, i) => assertAlmostEquals(x[i], value, 1e-9 * Math.abs(value)));
  }
});

Deno.test("factorLdlt() names the unknown where a matrix is not positive definite, and works again after that", () => {
  const scope = new BufferScope();
  const system = systemOf(patternOf(3, [[0, 1], [1, 2]]), (i, j) => i === j ? 2 : -1);
  const factor = leaseLdltFactor(analyzeLdlt(system.pattern, scope, scope), scope);
  for (const bad of [0, -1, NaN, -Infinity]) {
    system.diagonal[2] = bad;
    assertEquals(factorLdlt(system, factor, scope), false);
    assertEquals([factor.isFactored, factor.failedUnknown], [false, 2]);
    assertThrows(
      () => solveLdlt(factor, new Float64Array(3)),
      RangeError,
      "Cannot solve as the matrix must be positive definite: the pivot of unknown 2 is not positive",
    );
  }
  system.diagonal[2] = 2;
  assertEquals(factorLdlt(system, factor, scope), true);
  assertEquals(factor.failedUnknown, NO_INDEX);
});

Deno.test("factorLdlt() notices that a Laplacian alone is singular, at any size", () => {
  for (const mesh of [icosphere(0), flatGrid(2), flatGrid(31), wavyGrid(60), icosphere(4)]) {
    assertEquals(factored(laplacianSystem(mesh, { mass: 0, stiffness: 1 })).isFactored, false);
    assertEquals(factored(laplacianSystem(mesh, { mass: 1e-6, stiffness: 1 })).isFactored, true);
  }
});

Deno.test("analyzeLdlt() refuses patterns that are not symmetric, ascending and in range", () => {
  const scope = new BufferScope();
  const analyze = (offsets: number[], vertices: number[]) =>
    analyzeLdlt({ ringOffsets: Uint32Array.from(offsets), ringVertices: Uint32Array.from(vertices) }, scope, scope);
  assertThrows(() => analyze([], []), RangeError, "ringOffsets must run from 0 to 0");
  assertThrows(
    () => analyze([0, 1], [1, 0]),
    RangeError,
    "ringOffsets must run from 0 to 2: it has 2 entries from 0 to 1",
  );
  assertThrows(() => analyze([0, 2, 1, 2], [1, 0]), RangeError, "ringOffsets must not fall: it does after row 1");
  assertThrows(() => analyze([0, 0, 1], [1]), RangeError, "row 1 names 1");
  assertThrows(() => analyze([0, 1, 2], [2, 0]), RangeError, "row 0 names 2");
  assertThrows(() => analyze([0, 2, 3, 4], [2, 1, 0, 0]), RangeError, "ascending: row 0 names 1");
  assertThrows(() => analyze([0, 1, 1], [1]), RangeError, "one of the rows 0 and 1 names more than the other");
  assertThrows(() => analyze([0, 0, 1], [0]), RangeError, "one of the rows 1 and 0 names more than the other");
  assertEquals(scope.inUseBytes, 0);
});

Deno.test("factorLdlt() and solveLdlt() refuse wrong lengths and empty factors", () => {
  const scope = new BufferScope();
  const system = systemOf(patternOf(3, [[0, 1], [1, 2]]), (i, j) => i === j ? 2 : -1);
  const factor = leaseLdltFactor(analyzeLdlt(system.pattern, scope, scope), scope);
  const none = new Float64Array(0);
  assertThrows(() => solveLdlt(factor, new Float64Array(3)), TypeError, "Cannot solve as no matrix was factored");
  assertThrows(
    () => factorLdlt({ diagonal: none, offDiagonal: none }, factor, scope),
    RangeError,
    "must have 3 values on and 4 off the diagonal: it has 0 and 0",
  );
  factorLdlt(system, factor, scope);
  assertThrows(
    () => solveLdlt(factor, new Float64Array(4)),
    RangeError,
    "x must hold a multiple of 3 numbers: it holds 4",
  );
  assertThrows(
    () => factorLdlt(system, { ...factor, values: none }, scope),
    RangeError,
    "must be leased for this pattern and still be open",
  );
});

Deno.test("the solver leases exactly what it says, and nothing when solving", () => {
  const systems = [
    laplacianSystem(flatGrid(40), { mass: 1, stiffness: 1 }),
    dominantSystem(300, Array.from({ length: 300 }, (_, k) => [k, 9]), seeded(1)),
    systemOf(patternOf(20, []), () => 1),
    systemOf(patternOf(0, []), () => 1),
  ];
  for (const system of systems) {
    const out = new BufferScope(), scratch = new BufferScope();
    const symbolic = analyzeLdlt(system.pattern, out, scratch);
    assertEquals(out.takePeakBytes(), ldltSymbolicBytes(symbolic));
    const sizes = { unknownCount: system.diagonal.length, entryCount: system.offDiagonal.length };
    assertEquals(scratch.takePeakBytes(), analyzeLdltBytes(sizes));
    const before = out.inUseBytes, factor = leaseLdltFactor(symbolic, out);
    assertEquals(out.inUseBytes - before, ldltFactorBytes(symbolic));
    factorLdlt(system, factor, scratch);
    assertEquals(scratch.takePeakBytes(), factorLdltBytes(symbolic));
    solveLdlt(factor, waves(3 * symbolic.unknownCount));
    assertEquals([scratch.peakBytes, scratch.inUseBytes], [0, 0]);
  }
});

Deno.test("the solver allocates only on its first call", () => {
  const system = laplacianSystem(icosphere(3), { mass: 1, stiffness: 1 });
  const scope = new BufferScope(), x = waves(system.diagonal.length);
  const solve = () => {
    using out = scope.frame();
    const factor = leaseLdltFactor(analyzeLdlt(system.pattern, out, scope), out);
    factorLdlt(system, factor, scope);
    solveLdlt(factor, x);
  };
  solve();
  const before = scope.allocatedBytes;
  solve();
  assertEquals(scope.allocatedBytes, before);
});

Deno.test("eachEntry() of a system is symmetric, or the tests above test nothing", () => {
  const { pattern, offDiagonal } = laplacianSystem(wavyGrid(9), { mass: 1, stiffness: 1 });
  const values = new Map<string, number>();
  eachEntry(pattern, (i, j, r) => values.set(`${i},${j}`, offDiagonal[r]));
  eachEntry(pattern, (i, j, r) => assertEquals(values.get(`${j},${i}`), offDiagonal[r]));
});

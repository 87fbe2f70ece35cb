/**
 * Small symmetric matrices, and what the solver's answers are compared with.
 *
 * @module
 */
import { cotanLaplacian } from "../../fitting/solver/cotan_laplacian.ts";
import type { TriangleMesh } from "../../fitting/mesh.ts";
import type { SymmetricMatrix, SymmetricPattern } from "../../fitting/solver/sparse_ldlt.ts";
import { BufferScope } from "../../pool/mod.ts";
import { topologyOf } from "./_more_meshes.ts";

/** A symmetric matrix and its pattern. */
export interface System extends SymmetricMatrix {
  readonly pattern: SymmetricPattern;
}

/** The pattern of an undirected graph; edges may repeat and point both ways. */
export function patternOf(
  unknownCount: number,
  edges: Iterable<readonly [number, number]>,
): SymmetricPattern {
  const rings = Array.from({ length: unknownCount }, () => new Set<number>());
  for (const [i, j] of edges) {
    if (i === j) continue;
    rings[i].add(j);
    rings[j].add(i);
  }
  return patternOfRings(rings);
}

function patternOfRings(rings: ReadonlyArray<Set<number>>): SymmetricPattern {
  const ringOffsets = new Uint32Array(rings.length + 1);
  rings.forEach((ring, i) => ringOffsets[i + 1] = ringOffsets[i] + ring.size);
  const sorted = rings.map((ring) => [...ring].sort((a, b) => a - b));
  return { ringOffsets, ringVertices: Uint32Array.from(sorted.flat()) };
}

/** Fills a pattern: `value(i, j)` is called once, with `i <= j`. */
export function systemOf(
  pattern: SymmetricPattern,
  value: (i: number, j: number) => number,
): System {
  const n = pattern.ringOffsets.length - 1;
  const diagonal = Float64Array.from({ length: n }, (_, i) => value(i, i));
  const offDiagonal = new Float64Array(pattern.ringVertices.length);
  const values = new Map<number, number>();
  eachEntry(pattern, (i, j, r) => {
    if (i < j) values.set(i * n + j, offDiagonal[r] = value(i, j));
    else offDiagonal[r] = values.get(j * n + i)!;
  });
  return { pattern, diagonal, offDiagonal };
}

/** Calls back for every entry off the diagonal. */
export function eachEntry(
  { ringOffsets, ringVertices }: SymmetricPattern,
  call: (i: number, j: number, r: number) => void,
): void {
  for (let i = 0; i + 1 < ringOffsets.length; i++) {
    for (let r = ringOffsets[i]; r < ringOffsets[i + 1]; r++) {
      call(i, ringVertices[r], r);
    }
  }
}

/** A random graph whose matrix is positive definite by its diagonal. */
export function dominantSystem(
  n: number,
  edges: Iterable<readonly [number, number]>,
  random: () => number,
): System {
  const system = systemOf(patternOf(n, edges), () => 2 * random() - 1);
  for (let i = 0; i < n; i++) system.diagonal[i] = 0.1 + random();
  eachEntry(system.pattern, (i, j, r) => {
    if (i > j) return;
    system.diagonal[i] += Math.abs(system.offDiagonal[r]);
    system.diagonal[j] += Math.abs(system.offDiagonal[r]);
  });
  return system;
}

/** `mass * M + stiffness * L` of a mesh. */
export function laplacianSystem(
  mesh: TriangleMesh,
  { mass, stiffness }: { mass: number; stiffness: number },
): System {
  const topology = topologyOf(mesh), n = topology.weldedCount;
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(topology.ringVertices.length);
  const out = { edgeWeights: offDiagonal, lumpedMass: diagonal };
  cotanLaplacian(mesh, topology, out, new BufferScope());
  for (let i = 0; i < n; i++) diagonal[i] *= mass;
  eachEntry(topology, (i, _, r) => {
    const weight = stiffness * offDiagonal[r];
    diagonal[i] += weight;
    offDiagonal[r] = -weight;
  });
  return { pattern: topology, diagonal, offDiagonal };
}

/** The square of a matrix restricted to the unknowns for which `isFree`: its pattern is the two-ring. */
export function squaredSystem(
  system: System,
  isFree: (i: number) => boolean,
): System {
  const n = system.diagonal.length;
  const rows = Array.from({ length: n }, () => new Map<number, number>());
  eachEntry(system.pattern, (i, j, r) => rows[i].set(j, system.offDiagonal[r]));
  rows.forEach((row, i) => row.set(i, system.diagonal[i]));
  const free = rows.map((_, i) => i).filter(isFree);
  const newIndexOf = new Map(free.map((i, k) => [i, k]));
  const products = free.map((i) => {
    const product = new Map<number, number>();
    for (const [k, a] of rows[i]) {
      for (const [j, b] of rows[k]) {
        const column = newIndexOf.get(j);
        if (column === undefined) continue;
        product.set(column, (product.get(column) ?? 0) + a * b);
      }
    }
    return product;
  });
  const pattern = patternOf(
    free.length,
    products.flatMap((row, i) => [...row.keys()].map((j) => [i, j] as const)),
  );
  return systemOf(pattern, (i, j) => products[i].get(j) ?? 0);
}

/** The matrix in full, row by row. */
export function denseOf({ pattern, diagonal, offDiagonal }: System): number[][] {
  const rows = [...diagonal].map((value, i) => {
    const row = new Array<number>(diagonal.length).fill(0);
    row[i] = value;
    return row;
  });
  eachEntry(pattern, (i, j, r) => rows[i][j] = offDiagonal[r]);
  return rows;
}

/** Solves a dense system by elimination with pivoting: the oracle. */
export function denseSolve(matrix: number[][], rhs: ArrayLike<number>): number[] {
  const n = matrix.length, rows = matrix.map((row, i) => [...row, rhs[i]]);
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(rows[i][k]) > Math.abs(rows[best][k])) best = i;
    }
    [rows[k], rows[best]] = [rows[best], rows[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i][n];
    for (let j = i + 1; j < n; j++) sum -= rows[i][j] * x[j];
    x[i] = sum / rows[i][i];
  }
  return x;
}

/** The largest `|A x - b|` of any column over the largest `|A| |x| + |b|`. */
export function relativeResidual(
  { pattern, diagonal, offDiagonal }: System,
  x: Float64Array,
  b: Float64Array,
): number {
  const columns = x.length / diagonal.length;
  const image = x.map((value, k) => value * diagonal[Math.floor(k / columns)]);
  const size = image.map(Math.abs);
  eachEntry(pattern, (i, j, r) => {
    for (let c = 0; c < columns; c++) {
      const product = offDiagonal[r] * x[j * columns + c];
      image[i * columns + c] += product;
      size[i * columns + c] += Math.abs(product);
    }
  });
  let worst = 0, largest = 0;
  for (let k = 0; k < x.length; k++) {
    worst = Math.max(worst, Math.abs(image[k] - b[k]));
    largest = Math.max(largest, size[k] + Math.abs(b[k]));
  }
  return largest === 0 ? 0 : worst / largest;
}

/** Non-zeros of L below the diagonal when unknowns are eliminated in `order`, by brute force. */
export function fillOf(pattern: SymmetricPattern, order: ArrayLike<number>): number {
  const graph = Array.from(order, () => new Set<number>());
  eachEntry(pattern, (i, j) => graph[i].add(j));
  let fill = 0;
  for (const v of Array.from(order)) {
    const later = [...graph[v]];
    fill += later.length;
    for (const i of later) {
      graph[i].delete(v);
      for (const j of later) if (i !== j) graph[i].add(j);
    }
  }
  return fill;
}

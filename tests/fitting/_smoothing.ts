import { assert, assertEquals, assertThrows } from "@std/assert";
import type { TriangleMesh } from "../../fitting/mesh.ts";
import type { SmoothLimits, SmoothReport, SmoothSizes } from "../../fitting/smooth/laplacian_smooth.ts";
import type { Topology } from "../../fitting/topology/topology.ts";
import { BufferPool, BufferScope } from "../../pool/mod.ts";
import { icosphere, seeded } from "./_meshes.ts";
import { topologyOf } from "./_more_meshes.ts";
import { tube } from "./_tube.ts";

/** A smoothing operation over a mesh, for what all of them promise. */
export type Smoothing = (
  mesh: TriangleMesh,
  topology: Topology,
  out: Float32Array,
  scratch: BufferScope,
  options: SmoothLimits & { iterations?: number },
) => SmoothReport;

/** Smooths into a new array. */
export function smoothedBy(
  smoothing: Smoothing,
  mesh: TriangleMesh,
  options: SmoothLimits & { iterations?: number } = {},
): Float32Array {
  using scratch = new BufferScope();
  const out = new Float32Array(mesh.positions.length).fill(NaN);
  smoothing(mesh, topologyOf(mesh), out, scratch, options);
  return out;
}

/** A ball whose places lie up to 2 % off, the same every time. */
export function noisyBall(level: number): TriangleMesh {
  const { positions, indices } = icosphere(level), random = seeded(5);
  for (let i = 0; i < positions.length; i += 3) {
    const radius = 1 + 0.04 * (random() - 0.5);
    for (let k = i; k < i + 3; k++) positions[k] *= radius;
  }
  return { positions, indices };
}

/** Mean and standard deviation of the distances from the origin. */
export function radiusOf(positions: Float32Array): { mean: number; deviation: number } {
  const radii = Array.from(
    { length: positions.length / 3 },
    (_, v) => Math.hypot(...positions.subarray(3 * v, 3 * v + 3)),
  );
  const mean = radii.reduce((sum, r) => sum + r) / radii.length;
  return { mean, deviation: Math.sqrt(radii.reduce((sum, r) => sum + (r - mean) ** 2, 0) / radii.length) };
}

/** What every smoothing operation promises of its limits, its memory and its messages. */
export function testSmoothing(
  name: string,
  smoothing: Smoothing,
  bytes: (sizes: SmoothSizes & { faceCount: number }, limits: SmoothLimits) => number,
): void {
  Deno.test(`${name} moves nothing outside of only, in pin and on a pinned boundary, to the last bit`, () => {
    const mesh = tube(9, 6), random = seeded(1);
    for (let i = 0; i < mesh.positions.length; i++) mesh.positions[i] += 0.05 * random();
    const only = new Uint8Array(54).fill(1, 0, 27), pin = new Uint8Array(54).fill(1, 18, 22);
    const out = smoothedBy(smoothing, mesh, { only, pin, iterations: 3 });
    for (let v = 0; v < 54; v++) {
      const isFree = v >= 9 && v < 27 && !(v >= 18 && v < 22);
      const same = [0, 1, 2].every((k) => out[3 * v + k] === mesh.positions[3 * v + k]);
      assertEquals([v, same], [v, !isFree]);
    }
  });

  Deno.test(`${name} with boundary along keeps the ends of a tube in their planes, and free does not`, () => {
    const mesh = tube(16, 5), along = smoothedBy(smoothing, mesh, { boundary: "along", iterations: 4 });
    const free = smoothedBy(smoothing, mesh, { boundary: "free", iterations: 4 });
    for (let v = 0; v < 16; v++) {
      assert(Math.abs(along[3 * v + 1]) < 1e-7, "at the bottom");
      assert(Math.abs(along[3 * (64 + v) + 1] - 1) < 1e-6, "at the top");
    }
    assert(free[1] > 1e-3);
  });

  Deno.test(`${name} with boundary along evens out a jagged hem as a curve`, () => {
    const mesh = tube(32, 5);
    for (let v = 0; v < 32; v++) mesh.positions[3 * v + 1] += v % 2 === 0 ? 0.03 : -0.03;
    const out = smoothedBy(smoothing, mesh, { boundary: "along", iterations: 10 });
    for (let v = 0; v < 32; v++) assert(Math.abs(out[3 * v + 1]) < 0.003, `${out[3 * v + 1]}`);
  });

  Deno.test(`${name} leases what its bytes say, and nothing new the second time`, () => {
    const mesh = tube(7, 4), topology = topologyOf(mesh), { weldedCount, edgeCount } = topology;
    for (const boundary of ["pinned", "free", "along"] as const) {
      using pool = new BufferPool();
      using scope = new BufferScope(pool);
      const out = new Float32Array(mesh.positions.length);
      smoothing(mesh, topology, out, scope, { boundary, iterations: 2 });
      const expected = bytes({ weldedCount, edgeCount, faceCount: mesh.indices.length / 3 }, { boundary });
      assertEquals([boundary, scope.takePeakBytes()], [boundary, expected]);
      const { reuses, acquisitions } = pool.getStats();
      smoothing(mesh, topology, out, scope, { boundary, iterations: 2 });
      const after = pool.getStats();
      assertEquals(after.reuses - reuses, after.acquisitions - acquisitions);
    }
  });

  Deno.test(`${name} refuses masks of another mesh and unknown boundaries`, () => {
    const mesh = tube(7, 4);
    assertThrows(
      () => smoothedBy(smoothing, mesh, { only: new Uint8Array(3) }),
      RangeError,
      "only and pin must hold a flag for each of the 28 places: one holds 3",
    );
    assertThrows(
      () => smoothedBy(smoothing, mesh, { boundary: "open" as "free" }),
      RangeError,
      'boundary must be pinned, free, along: current value is "open"',
    );
  });
}

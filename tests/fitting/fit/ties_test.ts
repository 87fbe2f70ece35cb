import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { addTies, applyTies, findTiesWork, leaseTies } from "../../../fitting/fit/_ties.ts";
import { Effort } from "../../../fitting/_effort.ts";
import { finish, fitGarment, type TriangleMesh } from "../../../fitting/mod.ts";
import { BufferScope } from "../../../pool/mod.ts";
import { indexed } from "../_bodies.ts";
import { icosphere } from "../_meshes.ts";
import { flatGrid, joined, moved } from "../_more_meshes.ts";

/** A card of 40 by 8 mm that lies on a ball of 200 mm, `height` above it, turned and shifted along it, of so many places a side; metres. */
function card(height: number, x = 0, angleRad = 0, side = 6): TriangleMesh {
  return moved(flatGrid(side), (u, v) => {
    const along = 0.04 * (u - 0.5), across = 0.008 * (v - 0.5);
    const px = x + along * Math.cos(angleRad) - across * Math.sin(angleRad);
    const py = along * Math.sin(angleRad) + across * Math.cos(angleRad);
    const scale = (0.2 + height) / Math.hypot(px, py, 0.2);
    return [scale * px, scale * py, scale * 0.2];
  });
}

/** The ties of a mesh that went nowhere, but for what `bound` says. */
function tiesOf(mesh: TriangleMesh, bound?: (rest: Float64Array) => Float64Array) {
  const scope = new BufferScope(), { topology, index } = indexed(mesh, scope), n = topology.weldedCount;
  const rest = new Float64Array(3 * n), frames = new Float64Array(9 * n);
  for (let i = 0; i < 3 * n; i++) rest[i] = mesh.positions[3 * topology.representative[(i - i % 3) / 3] + i % 3];
  for (let i = 0; i < 3 * n; i++) frames[3 * i + i % 3] = 1;
  const ties = leaseTies(topology, scope), goal = { bound: bound?.(rest) ?? rest, frames };
  finish(findTiesWork(ties, index, topology, rest, goal, () => false, new Effort(), scope));
  return { ties, rest, [Symbol.dispose]: () => scope[Symbol.dispose]() };
}

Deno.test("findTiesWork() ties places to the nearest point of other islands, the more the nearer", () => {
  using one = tiesOf(card(0.003));
  assertEquals(one.ties.count, 0);
  const sums = [0.001, 0.004, 0.009, 0.013].map((gap) => {
    using both = tiesOf(joined(card(0.003), card(0.003 + gap)));
    const { count, weights } = both.ties;
    return weights.subarray(0, count).reduce((sum, weight) => sum + weight, 0);
  });
  assertGreater(sums[0], 2 * sums[1]);
  assertGreater(sums[1], 2 * sums[2]);
  assertEquals(sums[3], 0);
});

Deno.test("findTiesWork() does not tie what the bodies bring apart", () => {
  const both = joined(card(0.003), card(0.006)), half = both.positions.length / 2;
  using near = tiesOf(both);
  using apart = tiesOf(both, (rest) => rest.map((x, i) => i >= half && i % 3 === 2 ? x + 0.02 : x));
  assertEquals([near.ties.count, apart.ties.count], [both.positions.length / 3, 0]);
});

Deno.test("ties pull towards the vector they keep: nothing where it is kept, evenly where it is not", () => {
  using found = tiesOf(joined(card(0.003), card(0.006)));
  const { ties, rest } = found, n = rest.length / 3;
  const residual = (p: Float64Array) => {
    const rhs = new Float64Array(3 * n), image = new Float64Array(3 * n), diagonal = new Float64Array(n);
    addTies(ties, rhs, diagonal);
    applyTies(ties, p, image);
    assertLess(0, Math.min(...diagonal));
    return rhs.map((x, i) => x - image[i]);
  };
  assertLess(Math.max(...residual(rest).map(Math.abs)), 1e-12);
  assertLess(Math.max(...residual(rest.map((x, i) => x + 0.1 * (i % 3))).map(Math.abs)), 1e-12);
  const pulled = residual(rest.map((x, i) => i % 3 === 2 && i < rest.length / 2 ? x + 0.01 : x));
  assertAlmostEquals(pulled.reduce((sum, x) => sum + x, 0), 0, 1e-9);
  assertLess(0.01, Math.max(...pulled.map(Math.abs)));
});

/** Heights over the ball of cards that a fit brought out of it. */
function heightsOf(mesh: TriangleMesh): Float64Array {
  using scope = new BufferScope();
  const out = new Float32Array(mesh.positions.length), { topology } = indexed(mesh, scope);
  const body = indexed(icosphere(5, 0.2), scope).index;
  const { insideAfter } = fitGarment(mesh, topology, body, undefined, out, scope, { rigid: "none", clearance: 0.002 });
  assertEquals(insideAfter, 0);
  return Float64Array.from({ length: out.length / 3 }, (_, v) => Math.hypot(...out.subarray(3 * v, 3 * v + 3)) - 0.2);
}

const meanOf = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;

Deno.test("fitGarment() moves a card with one that has to give way beneath it, or beside it", () => {
  const low = card(-0.004), count = low.positions.length / 3;
  for (const other of [card(0.004), card(0, 0.003, Math.PI / 2)]) {
    const heights = heightsOf(joined(low, other)), alone = meanOf(heightsOf(other)), own = heights.subarray(count);
    assertGreater(meanOf(heights.subarray(0, count)), 0.0018);
    assertGreater(meanOf(own) - alone, 0.002);
  }
});

Deno.test("fitGarment() bends small cards where the garment is made of them, and keeps the shape of a few", () => {
  const body = icosphere(4, 0.2), target = moved(body, (x, y, z) => [1.4 * x, y, z]);
  const big = moved(flatGrid(30), (u, v) => {
    const a = 2 * Math.PI * u * 0.999, y = 0.3 * (v - 0.5);
    return [Math.sin(a) * 0.21, y, -Math.cos(a) * 0.21];
  });
  const spread = (cards: number) => {
    const garment = joined(
      big,
      ...Array.from({ length: cards }, (_, i) => card(0.01, 0.004 * (i - cards / 2), 0.4, 2)),
    );
    using scope = new BufferScope();
    const out = new Float32Array(garment.positions.length), { topology } = indexed(garment, scope);
    const source = indexed(body, scope);
    fitGarment(garment, topology, indexed(target, scope).index, source, out, scope);
    const first = big.positions.length, own = 4;
    return Math.max(...Array.from({ length: cards }, (_, c) => {
      const ratios = Array.from({ length: own - 1 }, (_, v) => {
        const i = first + 3 * (c * own + v);
        const length = (p: Float32Array) => Math.hypot(p[i] - p[i + 3], p[i + 1] - p[i + 4], p[i + 2] - p[i + 5]);
        return length(out) / length(garment.positions);
      });
      return Math.max(...ratios) / Math.min(...ratios);
    }));
  };
  assertLess(spread(2), 1.001);
  assertGreater(spread(60), 1.02);
});

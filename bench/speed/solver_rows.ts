import { analyzeLdlt, factorLdlt, leaseLdltFactor, solveLdlt } from "../../fitting/solver/sparse_ldlt.ts";
import { BufferScope } from "../../pool/mod.ts";
import { readBody } from "../../tests/fitting/_body.ts";
import { wavyGrid } from "../../tests/fitting/_meshes.ts";
import { shuffled } from "../../tests/fitting/_more_meshes.ts";
import { laplacianSystem, squaredSystem, type System } from "../../tests/fitting/_sparse.ts";
import { coldMs } from "./cold.ts";
import { answerOf, compilePeer, startPeer } from "./peer.ts";
import { race } from "./race.ts";
import { type Goal, type Row, row } from "./row.ts";

const GOAL: Goal = { kind: "at most", must: 2.5, moonshot: 1.5 };

/** Ordering, factorization and three solves of cotangent Laplacians with mass, against Eigen's SimplicialLDLT (AMD). */
export async function solverRows(folder: string, say: (line: string) => void): Promise<Row[]> {
  const program = await compilePeer("eigen_ldlt", folder), smoothing = { mass: 1, stiffness: 1e-3 }, rows: Row[] = [];
  if (program.startsWith("skipped")) say(program);
  const [cold] = await coldMs([["ldlt"]]), body = readBody();
  const systems: [string, System, number][] = [
    ["sheet, 20k unknowns", laplacianSystem(wavyGrid(141), smoothing), 9],
    ["sheet in random order, 20k", laplacianSystem(shuffled(wavyGrid(141), 1).mesh, smoothing), 9],
    ["sheet, 100k unknowns", laplacianSystem(wavyGrid(317), smoothing), 4],
    ...(body === undefined ? [] : [
      ["body, 13k", laplacianSystem(body, smoothing), 9],
      ["body, bi-Laplacian of a part", squaredSystem(laplacianSystem(body, smoothing), (i) => i % 5 !== 0), 5],
    ] as [string, System, number][]),
  ];
  for (const [size, system, rounds] of systems) {
    const { pattern, diagonal, offDiagonal } = system, n = diagonal.length;
    const rhs = Float64Array.from({ length: 3 * n }, (_, k) => (k * 7919 % 1000) / 500 - 1),
      x = new Float64Array(3 * n);
    const eigen = program.startsWith("skipped") ? undefined : await startPeer(program, [
      Int32Array.of(n, offDiagonal.length),
      Int32Array.from(pattern.ringOffsets),
      Int32Array.from(pattern.ringVertices),
      offDiagonal,
      diagonal,
      rhs,
    ]);
    using scope = new BufferScope();
    const result = await race([
      () => {
        using frame = scope.frame();
        x.set(rhs);
        const factor = leaseLdltFactor(analyzeLdlt(pattern, frame, frame), frame);
        factorLdlt(system, factor, frame);
        solveLdlt(factor, x);
        return x.reduce((sum, value) => sum + value, 0);
      },
      ...(eigen === undefined ? [] : [async () => answerOf(await eigen.round())]),
    ], rounds);
    await eigen?.end();
    const [ours, theirs] = result.medians, [sum, otherSum] = result.checksums;
    const scale = x.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) * Math.sqrt(3 * n);
    if (eigen !== undefined && !(Math.abs(sum - otherSum) <= 1e-9 * scale)) {
      throw new RangeError(
        `Cannot compare solvers on "${size}" as the sums must agree: they are ${sum} and ${otherSum}`,
      );
    }
    rows.push(row({
      kernel: "LDLT: order, factor, 3 solves",
      size,
      against: eigen?.hello.split(",")[0] ?? "",
      ours: `${ours.toFixed(1)} ms`,
      theirs: eigen === undefined ? "" : `${theirs.toFixed(1)} ms`,
      figure: eigen === undefined ? NaN : ours / theirs,
      goal: eigen === undefined ? undefined : GOAL,
      cold: rows.length === 0 ? `${cold.toFixed(1)} ms` : undefined,
    }));
  }
  return rows;
}

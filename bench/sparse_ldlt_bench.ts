/**
 * Ordering, factorization and solves for three right-hand sides of cotangent
 * Laplacians with mass, against Eigen's SimplicialLDLT (AMD ordering), in turns,
 * answers compared; and the first call of the process.
 *
 * `deno run -R -W --allow-run bench/sparse_ldlt_bench.ts`: needs a C++ compiler
 * (`c++`) and Eigen 3 (Debian: libeigen3-dev), else only our own times are
 * printed. Without the shared body its line is left out. Prints the shortest
 * times in milliseconds; ratios are ours over Eigen's: below 1 we are faster.
 */
import { analyzeLdlt, factorLdlt, leaseLdltFactor, solveLdlt } from "../fitting/sparse_ldlt.ts";
import { BufferScope } from "../pool/mod.ts";
import { readBody } from "../tests/fitting/_body.ts";
import { wavyGrid } from "../tests/fitting/_meshes.ts";
import { shuffled } from "../tests/fitting/_more_meshes.ts";
import { laplacianSystem, squaredSystem, type System } from "../tests/fitting/_sparse.ts";

const PHASES = ["order", "factor", "solve"] as const;

function print(line: string): void {
  // deno-lint-ignore no-console -- the result
  console.log(line);
}

/** Eigen in a process of its own, which holds one matrix. */
interface Eigen {
  readonly fill: number;
  /** Milliseconds of each phase, then the sum of the solutions. */
  round(): Promise<number[]>;
  end(): Promise<void>;
}

/** Compiles the peer; `undefined` where there is no compiler or no Eigen. */
async function compilePeer(folder: string): Promise<string | undefined> {
  const source = new URL("./peers/eigen_ldlt.cpp", import.meta.url).pathname, program = `${folder}/eigen_ldlt`;
  try {
    const { success, stderr } = await new Deno.Command("c++", {
      args: ["-O3", "-march=native", "-DNDEBUG", source, "-o", program],
    }).output();
    if (success) return program;
    print(`Skipped Eigen: ${new TextDecoder().decode(stderr).split("\n")[0]}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable)) throw error;
    print("Skipped Eigen: no c++ that may be run");
  }
  return undefined;
}

async function startEigen(program: string, folder: string, system: System, rhs: Float64Array): Promise<Eigen> {
  const { pattern, diagonal, offDiagonal } = system, path = `${folder}/matrix.bin`;
  const parts = [
    Int32Array.of(diagonal.length, offDiagonal.length),
    Int32Array.from(pattern.ringOffsets),
    Int32Array.from(pattern.ringVertices),
    offDiagonal,
    diagonal,
    rhs,
  ].map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  await Deno.writeFile(path, new Blob(parts).stream());
  const child = new Deno.Command(program, { args: [path], stdin: "piped", stdout: "piped" }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader(), input = child.stdin.getWriter();
  const numbers = async () => ((await lines.read()).value ?? "").trim().split(" ").map(Number);
  const [, fill] = await numbers();
  return {
    fill,
    async round() {
      await input.write(new TextEncoder().encode("\n"));
      return await numbers();
    },
    async end() {
      await input.close();
      await child.status;
      await lines.cancel();
    },
  };
}

const scope = new BufferScope();
let isFirst = true;

/** One round of ours, as {@linkcode Eigen.round} reports it, then fill and stored entries. */
function round(system: System, x: Float64Array): number[] {
  using out = scope.frame();
  const times = [performance.now()];
  const symbolic = analyzeLdlt(system.pattern, out, scope);
  times.push(performance.now());
  const factor = leaseLdltFactor(symbolic, out);
  factorLdlt(system, factor, scope);
  times.push(performance.now());
  solveLdlt(factor, x);
  times.push(performance.now());
  const phases = PHASES.map((_, k) => times[k + 1] - times[k]);
  return [...phases, x.reduce((sum, value) => sum + value, 0), symbolic.fillCount, symbolic.entryCount];
}

async function race(name: string, system: System, rounds: number, program: string | undefined, folder: string) {
  const n = system.diagonal.length, rhs = Float64Array.from({ length: 3 * n }, (_, k) => Math.sin(k));
  const eigen = program === undefined ? undefined : await startEigen(program, folder, system, rhs);
  const ours = [Infinity, Infinity, Infinity], theirs = [...ours], x = new Float64Array(3 * n);
  const totals: number[] = [], theirTotals: number[] = [];
  let last: number[] = [], theirLast: number[] = [];
  for (let k = 0; k < rounds; k++) {
    theirLast = await eigen?.round() ?? [];
    x.set(rhs);
    last = round(system, x);
    if (isFirst) print(`first call of this process, ${n} unknowns: ${inMs(last.slice(0, 3))} ms`);
    isFirst = false;
    PHASES.forEach((_, p) => {
      ours[p] = Math.min(ours[p], last[p]);
      theirs[p] = Math.min(theirs[p], theirLast[p]);
    });
    totals.push(last[0] + last[1] + last[2]);
    theirTotals.push(theirLast[0] + theirLast[1] + theirLast[2]);
  }
  await eigen?.end();
  const [, , , sum, fill, entries] = last;
  print(`${name}: ${n} unknowns, fill ${fill}, stored ${entries}; ${PHASES.join(" / ")} ${inMs(ours)}`);
  if (eigen === undefined) return;
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  const scale = x.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) * Math.sqrt(3 * n);
  if (!(Math.abs(sum - theirLast[3]) <= 1e-9 * scale)) {
    throw new RangeError(
      `Cannot compare "${name}" as the sums of the solutions must agree: ${sum} and ${theirLast[3]}`,
    );
  }
  print(
    `  Eigen: fill ${eigen.fill} (ours ${ratio(fill, eigen.fill)}); ${inMs(theirs)}; ratios ${
      PHASES.map((_, p) => ratio(ours[p], theirs[p])).join(" / ")
    }, whole job ${ratio(Math.min(...totals), Math.min(...theirTotals))} shortest, ${
      ratio(median(totals), median(theirTotals))
    } median`,
  );
}

function inMs(phases: number[]): string {
  return phases.map((ms) => ms.toFixed(1)).join(" / ");
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

const folder = await Deno.makeTempDir();
try {
  const program = await compilePeer(folder), smoothing = { mass: 1, stiffness: 1e-3 };
  await race("sheet", laplacianSystem(wavyGrid(141), smoothing), 20, program, folder);
  await race("sheet, shuffled", laplacianSystem(shuffled(wavyGrid(141), 1).mesh, smoothing), 20, program, folder);
  await race("sheet", laplacianSystem(wavyGrid(317), smoothing), 8, program, folder);
  await race("sheet, shuffled", laplacianSystem(shuffled(wavyGrid(317), 1).mesh, smoothing), 6, program, folder);
  const body = readBody();
  if (body !== undefined) {
    const system = laplacianSystem(body, smoothing);
    await race("body", system, 20, program, folder);
    await race("body, bi-Laplacian of a part", squaredSystem(system, (i) => i % 5 !== 0), 12, program, folder);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

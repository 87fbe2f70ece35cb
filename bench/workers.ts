// deno-lint-ignore-file no-console -- a report for a person
/**
 * `deno task workers`: what a worker would bring: closest points of many places
 * split in two over shared memory or by copies, and whole fits side by side, each
 * against one thread alone. Prints Markdown. Answers are held to the same bytes.
 *
 * Times are those of threads, which Linux tells to who may read everything, so
 * that a busy machine makes nothing longer; with a worker it is the longer of the
 * two threads that counts, as if each had a core.
 *
 * @module
 */
import { closestPoints, type ClosestPointsOut, SurfaceIndex, type TriangleMesh } from "../fitting/mod.ts";
import { BufferPool, BufferScope } from "../pool/mod.ts";
import { threadMs } from "../tests/_thread_clock.ts";
import { pointsNear } from "../tests/fitting/_body.ts";
import { seeded } from "../tests/fitting/_meshes.ts";
import { body, facesOf } from "./speed/meshes.ts";
import { median } from "./speed/race.ts";
import type { Answer, Order } from "./workers/order.ts";

const ROUNDS = 5, SIZES = [10_000, 30_000, 100_000, 300_000, 1_000_000], CELLS = [2, 4, 8];

function start(): Worker {
  return new Worker(new URL("./workers/job.ts", import.meta.url), { type: "module" });
}

/** The next thing a worker says, and the time this thread took to hear it. */
function answerOf(worker: Worker): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new TypeError(`Cannot time a worker as it failed: ${message}`));
  });
}

async function ask(worker: Worker, order: Order): Promise<Answer> {
  worker.postMessage(order);
  return await answerOf(worker);
}

/** Arrays for answers over memory both threads see. */
function shared(count: number): ClosestPointsOut {
  const of = (bytes: number) => new SharedArrayBuffer(bytes) as unknown as ArrayBuffer;
  return {
    faces: new Int32Array(of(4 * count)),
    barycentric: new Float32Array(of(12 * count)),
    distances: new Float32Array(of(4 * count)),
  };
}

function partOf({ faces, barycentric, distances }: ClosestPointsOut, from: number, end: number): ClosestPointsOut {
  return {
    faces: faces.subarray(from, end),
    barycentric: barycentric.subarray(3 * from, 3 * end),
    distances: distances.subarray(from, end),
  };
}

function assertSame(a: ClosestPointsOut, b: ClosestPointsOut): void {
  for (const key of ["faces", "barycentric", "distances"] as const) {
    const x = new Uint32Array(a[key].buffer), y = new Uint32Array(b[key].buffer);
    for (let i = 0; i < x.length; i++) {
      if (x[i] !== y[i]) throw new RangeError(`Cannot compare as ${key} differ at ${i}: they are ${x[i]} and ${y[i]}`);
    }
  }
}

/** Half the points here, half by a worker: the time of the longer thread, and that of this one. */
async function halves(
  worker: Worker,
  index: SurfaceIndex,
  points: Float32Array,
  out: ClosestPointsOut,
  isCopied: boolean,
  scope: BufferScope,
): Promise<number> {
  const { mesh } = index, count = points.length / 3, half = count >> 1, begun = threadMs();
  const theirs = partOf(out, half, count), theirPoints = points.subarray(3 * half);
  const order = isCopied
    ? { kind: "closest", mesh, points: theirPoints.slice(), out: copyOf(theirs), isCopied } as const
    : { kind: "closest", mesh, points: theirPoints, out: theirs, isCopied } as const;
  worker.postMessage(order);
  closestPoints(index, points.subarray(0, 3 * half), partOf(out, 0, half), scope);
  const answer = await answerOf(worker);
  if (answer.out !== undefined) {
    theirs.faces.set(answer.out.faces);
    theirs.barycentric.set(answer.out.barycentric);
    theirs.distances.set(answer.out.distances);
  }
  return Math.max(threadMs() - begun, answer.ms);
}

function copyOf({ faces, barycentric, distances }: ClosestPointsOut): ClosestPointsOut {
  return { faces: faces.slice(), barycentric: barycentric.slice(), distances: distances.slice() };
}

function sharedCopy(values: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength) as unknown as ArrayBuffer);
  copy.set(values);
  return copy;
}

async function closestRows(mesh: TriangleMesh): Promise<void> {
  using scope = new BufferScope(new BufferPool({ idleMs: Infinity }));
  const index = SurfaceIndex.build(mesh, scope), worker = start();
  await answerOf(worker);
  console.log(
    `| closest points on ${
      facesOf(mesh)
    } | one thread, ms | two, shared memory | two, copies | first call of a worker |\n|--:|--:|--:|--:|--:|`,
  );
  for (const count of SIZES) {
    const points = sharedCopy(pointsNear(mesh, count, 0.02, seeded(count))), alone = shared(count), out = shared(count);
    const times: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let round = -2; round < ROUNDS; round++) {
      const begun = threadMs();
      closestPoints(index, points, alone, scope);
      const one = threadMs() - begun;
      const two = await halves(worker, index, points, out, false, scope);
      assertSame(out, alone);
      const copied = await halves(worker, index, points, out, true, scope);
      assertSame(out, alone);
      const fresh = start(), { ms } = await answerOf(fresh);
      const cold = ms + await halves(fresh, index, points, out, false, scope);
      assertSame(out, alone);
      fresh.terminate();
      if (round >= 0) { for (const [i, time] of [one, two, copied, cold].entries()) times[i].push(time); }
    }
    const [one, ...others] = times.map(median);
    const cells = others.map((ms) => `${ms.toFixed(1)} (${(one / ms).toFixed(2)} ×)`);
    console.log(`| ${count} | ${one.toFixed(1)} | ${cells.join(" | ")} |`);
  }
  worker.terminate();
}

async function fitRows(): Promise<void> {
  console.log("\n| whole fits | one thread after the other, ms | two workers, each half of them |\n|--:|--:|--:|");
  for (const count of CELLS) {
    const lone = start(), { ms } = await answerOf(lone);
    const one = ms + (await ask(lone, { kind: "fit", count })).ms; // in a worker too, as this thread is warm
    lone.terminate();
    const workers = [start(), start()];
    const started = await Promise.all(workers.map(answerOf));
    const answers = await Promise.all(workers.map((worker) => ask(worker, { kind: "fit", count: count / 2 })));
    for (const worker of workers) worker.terminate();
    const two = Math.max(...answers.map(({ ms }, i) => ms + started[i].ms));
    console.log(`| ${count} | ${one.toFixed(0)} | ${two.toFixed(0)} (${(one / two).toFixed(2)} ×) |`);
  }
}

async function startRow(): Promise<void> {
  const times: number[] = [], rss: number[] = [], workers: Worker[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = Deno.memoryUsage().rss, worker = start();
    times.push((await answerOf(worker)).ms);
    rss.push((Deno.memoryUsage().rss - before) / 1e6);
    workers.push(worker);
  }
  for (const worker of workers) worker.terminate();
  console.log(
    `\nA worker starts in ${median(times).toFixed(0)} ms of its thread and takes ${median(rss).toFixed(0)} MB.`,
  );
}

await closestRows(body().mesh);
await fitRows();
await startRow();
